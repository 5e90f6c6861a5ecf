"""What the members of cohorts say against the affiliations that stand. Pure.

Nothing here begins or ends an affiliation: a reading ends in proposals, and a coordinator decides.
A reading judges only what it read: a cohort that Moodle lost, or that stands on another site, says
nothing of anybody. What a coordinator wrote by hand is not a cohort's to end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from enum import StrEnum


class ProposalKind(StrEnum):
    """What a cohort proposes for one person and one association."""

    BEGIN = "begin"
    END = "end"
    MOVE = "move"
    """Left the cohorts of one association for a cohort of another: the first ends, the second begins."""


@dataclass(frozen=True, slots=True)
class Tie:
    """A cohort of the site that was read, tied to an association."""

    link_id: int
    partner_id: int


@dataclass(frozen=True, slots=True)
class Held:
    """An affiliation that lasts."""

    affiliation_id: int
    person_id: int
    partner_id: int
    link_id: int | None
    """The cohort it comes from; None when a coordinator wrote it."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One proposal; two that are equal but for the cohort rest on the same facts."""

    person_id: int
    partner_id: int
    kind: ProposalKind
    from_partner_id: int | None
    """For a move, the association that would be left."""
    link_id: int
    """The cohort that says so: the one joined, or the one left."""

    def same_facts(self, other: Fact) -> bool:
        """Whether both propose the same for the same person."""
        return (self.person_id, self.partner_id, self.kind, self.from_partner_id) == (
            other.person_id,
            other.partner_id,
            other.kind,
            other.from_partner_id,
        )


@dataclass(slots=True)
class Outcome:
    """What one reading changes."""

    new: list[Fact] = field(default_factory=list)
    overtaken: list[int] = field(default_factory=list)
    """Keys of standing proposals, dismissed ones too, whose facts are no longer so."""
    vouched: dict[int, int] = field(default_factory=dict)
    """Affiliation → the other cohort of its association that has the person now."""


Pair = tuple[int, int]
"""Person and association."""


def judge(
    ties: Sequence[Tie],
    present: Mapping[int, Set[int]],
    held: Sequence[Held],
    standing: Mapping[int, Fact],
) -> Outcome:
    """Return what one reading of the cohorts of a site proposes, and what it overtakes.

    Args:
        ties: every cohort tied on the site, read or not, in the order of their number.
        present: link → people in it now; a cohort that could not be read is left out.
        held: the affiliations that last, of anybody, with any association of ``ties``, and every other
            one of the people in ``present``.
        standing: key → proposal that waits or was dismissed, of the same associations.
    """
    outcome = Outcome()
    where = _places(ties, present)
    holding = {(one.person_id, one.partner_id): one for one in held}
    complete = _complete(ties, present)
    here = {tie.link_id for tie in ties}
    ended = {
        (fact.person_id, fact.partner_id)
        for fact in standing.values()
        if fact.kind is ProposalKind.END
    }
    leaving: list[Fact] = []
    for one in held:
        pair = (one.person_id, one.partner_id)
        if one.link_id is None or one.link_id in where.get(pair, ()):
            continue
        if pair in where:
            if one.link_id in present or pair in ended:
                outcome.vouched[one.affiliation_id] = where[pair][0]
        elif one.link_id in here and one.partner_id in complete:
            leaving.append(Fact(*pair, ProposalKind.END, None, one.link_id))
    wanted = _wanted(where, holding, leaving)
    for key, fact in standing.items():
        pair = (fact.person_id, fact.partner_id)
        wish = wanted.get(pair)
        if wish is not None and (wish.same_facts(fact) or _of_another_site(fact, holding, here)):
            del wanted[pair]
        elif wish is not None or not _still_so(fact, pair, where, holding, complete, here):
            outcome.overtaken.append(key)
    outcome.new = list(wanted.values())
    return outcome


def _places(ties: Sequence[Tie], present: Mapping[int, Set[int]]) -> dict[Pair, list[int]]:
    """Return, for each person and association, the cohorts of it that have the person."""
    places: dict[Pair, list[int]] = {}
    for tie in ties:
        for person_id in sorted(present.get(tie.link_id, ())):
            places.setdefault((person_id, tie.partner_id), []).append(tie.link_id)
    return places


def _complete(ties: Sequence[Tie], present: Mapping[int, Set[int]]) -> set[int]:
    """Return the associations of which every cohort of the site was read."""
    unread = {tie.partner_id for tie in ties if tie.link_id not in present}
    return {tie.partner_id for tie in ties} - unread


def _wanted(
    where: Mapping[Pair, Sequence[int]], holding: Mapping[Pair, Held], leaving: Sequence[Fact]
) -> dict[Pair, Fact]:
    wanted = {
        pair: Fact(*pair, ProposalKind.BEGIN, None, links[0])
        for pair, links in where.items()
        if pair not in holding
    }
    joining: dict[int, list[Pair]] = {}
    for pair in wanted:
        joining.setdefault(pair[0], []).append(pair)
    for end in leaving:
        if joined := joining.get(end.person_id):
            pair = joined.pop(0)
            wanted[pair] = Fact(*pair, ProposalKind.MOVE, end.partner_id, wanted[pair].link_id)
        else:
            wanted[end.person_id, end.partner_id] = end
    return wanted


def _of_another_site(fact: Fact, holding: Mapping[Pair, Held], here: Set[int]) -> bool:
    """Whether a move rests on a cohort that this reading cannot judge."""
    left = holding.get((fact.person_id, fact.from_partner_id or 0))
    return fact.kind is ProposalKind.MOVE and left is not None and left.link_id not in here


def _still_so(
    fact: Fact,
    pair: Pair,
    where: Mapping[Pair, Sequence[int]],
    holding: Mapping[Pair, Held],
    complete: Set[int],
    here: Set[int],
) -> bool:
    """Whether a proposal that this reading does not make again may still rest on its facts."""
    one = holding.get(pair)
    if fact.kind is not ProposalKind.END:
        return one is None and (fact.link_id not in here or fact.partner_id not in complete)
    if one is None or one.link_id is None or pair in where:
        return False
    return one.link_id not in here or fact.partner_id not in complete

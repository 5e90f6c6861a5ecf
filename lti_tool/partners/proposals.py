"""Proposals of cohorts: written by a reading, dropped when facts overtake them, listed for a decision.

Works in the caller's transaction. A reading and a decision about the same association wait for each
other (``lock_partners``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from lti_tool import clock, journal
from lti_tool.partners.leads import account_notes
from lti_tool.partners.models import (
    Affiliation,
    AffiliationProposal,
    AffiliationSource,
    CohortLink,
    Partner,
)
from lti_tool.partners.proposing import Fact, Held, ProposalKind, Tie, judge


@dataclass(frozen=True, slots=True)
class Waiting:
    """A proposal as a coordinator reads it."""

    proposal: AffiliationProposal
    note: str
    """What tells the person apart from a namesake."""
    elsewhere: tuple[str, ...]
    """Names of the other associations that the person belongs to now."""


@dataclass(frozen=True, slots=True)
class WaitingList:
    """What one cohort proposes in one direction, by name."""

    link: CohortLink
    kind: ProposalKind
    waiting: list[Waiting]
    seen: int
    """The newest of them: what is made later was not seen, and is not accepted with the list."""


def store_proposals(
    session: Session,
    actor_id: int | None,
    links: Sequence[CohortLink],
    present: Mapping[int, Set[int]],
) -> tuple[int, int]:
    """Write what a reading proposes and drop what it overtakes; return how many of each.

    Works in the caller's transaction; no affiliation begins or ends.

    Args:
        links: every cohort tied on the site now.
        present: CohortLink.id → Person.id of its members; a cohort that was not read is left out.
    """
    partners = lock_partners(session, {link.partner_id for link in links})
    standing = _by_id(session, AffiliationProposal.partner_id.in_(partners))
    affiliations = {one.id: one for one in lasting(session, partners)}
    outcome = judge(
        [Tie(link.id, link.partner_id) for link in sorted(links, key=lambda one: one.id)],
        present,
        [_held(one) for one in affiliations.values()],
        {key: _fact(one) for key, one in standing.items()},
    )
    for affiliation_id, link_id in outcome.vouched.items():
        affiliations[affiliation_id].cohort_link_id = link_id
    overtake(session, actor_id, [standing[key] for key in outcome.overtaken])
    _propose(session, actor_id, outcome.new)
    return len(outcome.new), len(outcome.overtaken)


def overtake(session: Session, actor_id: int | None, rows: Iterable[AffiliationProposal]) -> None:
    """Drop proposals whose facts are no longer so; the journal keeps them. The caller commits."""
    for row in rows:
        record(session, actor_id, "affiliation.overtaken", row)
        session.delete(row)
    session.flush()


def lock_partners(session: Session, ids: Iterable[int]) -> list[int]:
    """Make whoever else decides or reads about these associations wait; return their numbers."""
    query = select(Partner.id).where(Partner.id.in_(set(ids))).order_by(Partner.id)
    return list(session.scalars(query.with_for_update()))


def count_waiting(session: Session) -> dict[int, int]:
    """Return association → how many proposals wait for a decision, where there are any."""
    query = (
        select(AffiliationProposal.partner_id, func.count())
        .where(AffiliationProposal.dismissed_at.is_(None))
        .group_by(AffiliationProposal.partner_id)
    )
    return dict(session.execute(query).all())


def overtake_of_link(session: Session, actor_id: int | None, link: CohortLink) -> None:
    """Drop what a cohort proposed, dismissed or not; the caller commits."""
    overtake(
        session, actor_id, _by_id(session, AffiliationProposal.cohort_link_id == link.id).values()
    )


def waiting_lists(
    session: Session, partner_id: int, *, dismissed: bool = False
) -> list[WaitingList]:
    """Return the proposals of an association by cohort and direction, each list by name."""
    rows = session.scalars(
        select(AffiliationProposal)
        .where(AffiliationProposal.partner_id == partner_id, _is(dismissed))
        .options(
            joinedload(AffiliationProposal.person),
            joinedload(AffiliationProposal.from_partner),
            joinedload(AffiliationProposal.cohort_link),
        )
    ).all()
    people = [row.person_id for row in rows]
    notes, elsewhere = account_notes(session, people), _elsewhere(session, people, partner_id)
    lists: dict[tuple[int, str], WaitingList] = {}
    for row in sorted(rows, key=lambda one: (one.person.full_name.casefold(), one.id)):
        key = (row.cohort_link_id, row.kind)
        found = lists.setdefault(
            key, WaitingList(row.cohort_link, ProposalKind(row.kind), [], row.id)
        )
        found.waiting.append(
            Waiting(row, notes.get(row.person_id, ""), elsewhere.get(row.person_id, ()))
        )
    return [
        replace(found, seen=max(one.proposal.id for one in found.waiting))
        for _key, found in sorted(lists.items(), key=lambda item: item[0])
    ]


def lasting(session: Session, partner_ids: Iterable[int]) -> list[Affiliation]:
    """Return the affiliations that last with these associations."""
    query = select(Affiliation).where(
        Affiliation.partner_id.in_(set(partner_ids)), Affiliation.until.is_(None)
    )
    return list(session.scalars(query))


def record(
    session: Session, actor_id: int | None, action: str, row: AffiliationProposal, **basis: Any
) -> None:
    """Write to the journal what becomes of a proposal."""
    journal.record(
        session,
        actor_id=actor_id,
        action=action,
        subject="affiliation_proposal",
        subject_id=row.id,
        kind=str(row.kind),
        person_id=row.person_id,
        partner_id=row.partner_id,
        from_partner_id=row.from_partner_id,
        cohort_link_id=row.cohort_link_id,
        **basis,
    )


def _propose(session: Session, actor_id: int | None, facts: Sequence[Fact]) -> None:
    made = [
        AffiliationProposal(
            person_id=fact.person_id,
            partner_id=fact.partner_id,
            kind=fact.kind,
            from_partner_id=fact.from_partner_id,
            cohort_link_id=fact.link_id,
            proposed_at=clock.now(),
        )
        for fact in facts
    ]
    session.add_all(made)
    session.flush()
    for row in made:
        record(session, actor_id, "affiliation.proposed", row)


def _by_id(session: Session, which: ColumnElement[bool]) -> dict[int, AffiliationProposal]:
    return {row.id: row for row in session.scalars(select(AffiliationProposal).where(which))}


def _is(dismissed: bool) -> ColumnElement[bool]:
    column = AffiliationProposal.dismissed_at
    return column.is_not(None) if dismissed else column.is_(None)


def _held(one: Affiliation) -> Held:
    by_cohort = one.source == AffiliationSource.COHORT
    return Held(one.id, one.person_id, one.partner_id, one.cohort_link_id if by_cohort else None)


def _fact(row: AffiliationProposal) -> Fact:
    return Fact(
        row.person_id,
        row.partner_id,
        ProposalKind(row.kind),
        row.from_partner_id,
        row.cohort_link_id,
    )


def _elsewhere(
    session: Session, people: Collection[int], partner_id: int
) -> dict[int, tuple[str, ...]]:
    rows = session.execute(
        select(Affiliation.person_id, Partner.name)
        .join(Partner, Partner.id == Affiliation.partner_id)
        .where(
            Affiliation.person_id.in_(people),
            Affiliation.partner_id != partner_id,
            Affiliation.until.is_(None),
        )
        .order_by(Partner.name)
    )
    found: dict[int, tuple[str, ...]] = {}
    for person_id, name in rows:
        found[person_id] = (*found.get(person_id, ()), name)
    return found

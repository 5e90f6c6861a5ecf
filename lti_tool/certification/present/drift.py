"""An « écart » as the people who examine it read it, and as the learner does.

The learner reads no value here: a grade that was shown when it was read may be hidden since (N6).
Their criteria, on the same page, say what is theirs to read today.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from lti_tool.certification.models import (
    AwardState,
    DriftEntry,
    DriftKind,
    DriftReview,
    RevocationGround,
)
from lti_tool.certification.present.criteria import (
    CourseNames,
    Sees,
    asked,
    grade_label,
    is_visible,
    quantity_words,
)
from lti_tool.certification.present.targets import award_label
from lti_tool.certification.present.wording import (
    DRIFT_DECISIONS,
    DRIFT_HINTS,
    DRIFT_KINDS,
    DRIFT_KINDS_TOLD,
    GROUNDS,
    REVIEWER_ROLES,
)
from lti_tool.certification.rules.criteria import Kind
from lti_tool.certification.rules.decision import Decision
from lti_tool.certification.rules.measures import Quantity
from lti_tool.certification.service.drift_reviews import choices_of, days_left, last_reading


@dataclass(frozen=True, slots=True)
class ValueView:
    """One grade on which the award rests, at issue and as last read; empty values: not for the reader."""

    label: str
    threshold: str
    issued: str
    now: str
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class EntryView:
    """One line of the history."""

    at: datetime
    sentence: str
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class DriftView:
    """One review for whoever examines it."""

    public_id: str
    name: str
    code: str
    label: str
    issued_on: date | None
    opened_at: datetime
    due_on: date
    days_left: int
    suspended_until: date | None
    back: bool
    """The rule is satisfied again."""
    told_at: datetime | None
    independent: bool
    values: tuple[ValueView, ...]
    history: tuple[EntryView, ...]
    answered: bool
    """Whether the history holds words of the learner that the reader may read."""
    choices: tuple[tuple[str, str, str], ...]
    """What may be decided: value, label, note."""
    version: int
    """Last fact shown: it goes with the decision."""


@dataclass(frozen=True, slots=True)
class ToldView:
    """One review for the learner whose award it is."""

    public_id: str
    code: str
    label: str
    due_on: date
    late: bool
    back: bool
    suspended_until: date | None
    is_open: bool
    history: tuple[EntryView, ...]


@dataclass(frozen=True, slots=True)
class QuietChange:
    """A change without effect."""

    name: str
    code: str
    label: str
    at: datetime
    values: tuple[ValueView, ...]


def drift_view(
    review: DriftReview, names: CourseNames, sees: Sees, *, independent: bool, at: datetime
) -> DriftView:
    """Return a review for somebody who may see the values of the courses that ``sees`` says."""
    award, last = review.award, last_reading(review)
    suspended = award.state == AwardState.SUSPENDED
    return DriftView(
        public_id=review.public_id,
        name=award.person.full_name,
        code=award.domain.name,
        label=award_label(award),
        issued_on=award.issued_on,
        opened_at=review.opened_at,
        due_on=review.due_on,
        days_left=days_left(review, at),
        suspended_until=review.suspended_until if suspended else None,
        back=last.kind != DriftKind.GAP,
        told_at=review.told_at,
        independent=independent,
        values=_values(last, names, sees),
        history=tuple(
            EntryView(
                at=entry.at,
                sentence=_sentence(entry, DRIFT_KINDS),
                who=entry.actor.full_name if entry.actor else "",
                # What the learner wrote is for those who may decide.
                text=entry.text if independent or entry.kind != DriftKind.ANSWERED else "",
            )
            for entry in review.entries
        ),
        answered=independent and any(entry.kind == DriftKind.ANSWERED for entry in review.entries),
        choices=tuple(
            (kind.value, str(_lift(kind, suspended)), str(DRIFT_HINTS[kind]))
            for kind in choices_of(review)
        ),
        version=review.entries[-1].id,
    )


def told_view(review: DriftReview, at: datetime) -> ToldView:
    """Return a review for the learner; who acted is said by their quality."""
    award = review.award
    suspended = award.state == AwardState.SUSPENDED
    return ToldView(
        public_id=review.public_id,
        code=award.domain.name,
        label=award_label(award),
        due_on=review.due_on,
        late=days_left(review, at) < 0,
        back=last_reading(review).kind != DriftKind.GAP,
        suspended_until=review.suspended_until if suspended else None,
        is_open=review.closed_at is None,
        history=tuple(
            EntryView(
                at=entry.at,
                sentence=_sentence(entry, DRIFT_KINDS_TOLD),
                who=str(REVIEWER_ROLES.get(entry.actor_role, "")),
                text=entry.text,
            )
            for entry in review.entries
        ),
    )


def quiet_changes(
    entries: Sequence[DriftEntry], names: CourseNames, sees: Sees
) -> list[QuietChange]:
    """Return the changes without effect, in their order."""
    return [
        QuietChange(
            name=entry.award.person.full_name,
            code=entry.award.domain.name,
            label=award_label(entry.award),
            at=entry.at,
            values=_values(entry, names, sees),
        )
        for entry in entries
    ]


def ground_options() -> list[tuple[str, str]]:
    """Return the grounds of a revocation with their words."""
    return [(ground.value, str(words)) for ground, words in GROUNDS.items()]


def _lift(kind: DriftKind, suspended: bool) -> object:
    if suspended and kind is DriftKind.MAINTAINED:
        return _("Lever la suspension et maintenir")
    return DRIFT_DECISIONS[kind]


def _sentence(entry: DriftEntry, words: dict[DriftKind, object]) -> str:
    sentence = str(words[DriftKind(entry.kind)])
    if entry.ground is None:
        return sentence
    return str(
        _(
            "%(what)s Pourquoi : %(ground)s.",
            what=sentence,
            ground=GROUNDS[RevocationGround(entry.ground)],
        )
    )


def _values(entry: DriftEntry, names: CourseNames, sees: Sees) -> tuple[ValueView, ...]:
    """Return the grades of which the value at issue is no longer that which was read."""
    issued = {leaf.path: leaf for leaf in Decision.from_dict(entry.award.decision).leaves()}
    found = []
    for leaf in Decision.from_dict(entry.decision or {}).leaves():
        before = issued.get(leaf.path)
        if leaf.kind is not Kind.GRADE or before is None or before.measured == leaf.measured:
            continue
        shown = is_visible(leaf, sees)
        found.append(
            ValueView(
                label=grade_label(leaf.item or "", names.get(leaf.course or "", leaf.course or "")),
                threshold=asked(leaf.threshold) if leaf.threshold else "",
                issued=_words(before.measured) if shown else "",
                now=_words(leaf.measured) if shown else "",
                read_at=leaf.source.fetched_at if leaf.source and shown else None,
            )
        )
    return tuple(found)


def _words(measured: Quantity | None) -> str:
    return "" if measured is None else quantity_words(measured)

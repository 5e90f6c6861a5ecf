"""Grade leaf: one grade item compared with a percentage or a level of a declared scale.

Specification §3.1 (normalisation) and §3.3 M1–M11. Hidden is tested before missing, and whatever
keeps a grade from being relied upon leaves the leaf pending: it never fails the learner.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import StrEnum

from lti_tool.certification.rules.criteria import Criterion, Kind
from lti_tool.certification.rules.facts import GradeFact
from lti_tool.certification.rules.leaves.readings import UNREADABLE, AfterDeadline, closed
from lti_tool.certification.rules.logic import Status
from lti_tool.certification.rules.measures import Quantity, Reading, Source, Unit
from lti_tool.certification.rules.reasons import Flag, Reason

# A context of our own: the result must not depend on the calling thread's one.
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
_FIVE_PLACES = Decimal("0.00001")

Verdict = tuple[Status, Reason]


class MissingPolicy(StrEnum):
    """What an absent grade means while the course is open."""

    PENDING = "pending"
    FAIL = "fail"


class HiddenPolicy(StrEnum):
    """What a grade hidden in Moodle means; accepted or not, the learner never sees it."""

    PENDING = "pending"
    ACCEPT = "accept"


class OverriddenPolicy(StrEnum):
    """What a grade forced by a teacher means."""

    ACCEPT = "accept"
    FLAG = "flag"
    REJECT = "reject"


class ExcludedPolicy(StrEnum):
    """What a grade left out of the totals means."""

    PENDING = "pending"
    EXEMPT = "exempt"


@dataclass(frozen=True, slots=True)
class Percent:
    """At least `minimum` percent of the item's range, 0 to 100."""

    minimum: Decimal


@dataclass(frozen=True, slots=True)
class Scale:
    """At least the level `minimum` (from 1) of the scale with these words, lowest first."""

    labels: tuple[str, ...]
    minimum: int

    def __post_init__(self) -> None:
        """Refuse a level that the scale does not have."""
        if not 1 <= self.minimum <= len(self.labels):
            raise ValueError("the level asked is one of the scale's")


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeLeaf:
    """A grade item and what is asked of it; no course means the mapped course in scope."""

    course: str | None
    item: str
    threshold: Percent | Scale
    missing: MissingPolicy = MissingPolicy.PENDING
    after_deadline: AfterDeadline = AfterDeadline.FAIL
    hidden: HiddenPolicy = HiddenPolicy.PENDING
    overridden: OverriddenPolicy = OverriddenPolicy.FLAG
    excluded: ExcludedPolicy = ExcludedPolicy.PENDING


def percent(final: Decimal, grademin: Decimal, grademax: Decimal) -> Decimal:
    """Return the grade as a percentage of its range, rounded half-up to five decimals.

    Raises:
        ValueError: if the range is empty.
    """
    if grademax <= grademin:
        raise ValueError("the range of a grade is not empty")
    part = _EXACT.multiply(_EXACT.subtract(final, grademin), Decimal(100))
    share = _EXACT.divide(part, _EXACT.subtract(grademax, grademin))
    return share.quantize(_FIVE_PLACES, context=_EXACT)


def judge(
    leaf: GradeLeaf, fact: GradeFact | None, *, course: str, path: str, at: datetime
) -> Criterion:
    """Return the criterion of one grade; no fact means that nothing was read yet."""
    unread = Criterion(
        path=path,
        kind=Kind.GRADE,
        status=Status.PENDING,
        reason=Reason.NOT_READ,
        threshold=_threshold(leaf.threshold),
        course=course,
        item=leaf.item,
    )
    if fact is None:
        return unread
    measured = _measure(leaf.threshold, fact)
    status, reason = (
        _unreliable(leaf, fact)
        or _absent(leaf, fact, at)
        or _forced(leaf, fact)
        or _compared(leaf.threshold, fact, measured)
    )
    return replace(
        unread,
        status=status,
        reason=reason,
        measured=measured,
        source=Source(fact.site, fact.snapshot_id, fact.fetched_at),
        reading=_reading(fact),
        flags=_flags(leaf, fact),
        masked=fact.hidden is not False or fact.contains_hidden,
    )


def _unreliable(leaf: GradeLeaf, fact: GradeFact) -> Verdict | None:
    if fact.unreadable is not None:
        return Status.PENDING, UNREADABLE[fact.unreadable]
    if fact.needs_update:
        return Status.PENDING, Reason.RECALCULATING
    if fact.contains_own:
        return Status.PENDING, Reason.OWN_SCORE_COUNTED
    if fact.hidden is None:
        return Status.PENDING, Reason.VISIBILITY_UNKNOWN
    if fact.hidden and (leaf.hidden is HiddenPolicy.PENDING or fact.final is None):
        return Status.PENDING, Reason.HIDDEN
    if fact.excluded and leaf.excluded is ExcludedPolicy.EXEMPT:
        return Status.SATISFIED, Reason.EXEMPT
    if fact.excluded:
        return Status.PENDING, Reason.EXCLUDED_TO_CONFIRM
    return None


def _absent(leaf: GradeLeaf, fact: GradeFact, at: datetime) -> Verdict | None:
    if fact.final is not None:
        return None
    if closed(fact.deadline, at) and leaf.after_deadline is AfterDeadline.FAIL:
        return Status.NOT_SATISFIED, Reason.MISSING_AFTER_DEADLINE
    if leaf.missing is MissingPolicy.FAIL:
        return Status.NOT_SATISFIED, Reason.MISSING
    return Status.PENDING, Reason.MISSING


def _forced(leaf: GradeLeaf, fact: GradeFact) -> Verdict | None:
    if leaf.overridden is not OverriddenPolicy.REJECT or fact.override_confirmed:
        return None
    if fact.overridden is None:
        return Status.PENDING, Reason.OVERRIDE_UNKNOWN
    return (Status.PENDING, Reason.OVERRIDDEN_TO_CONFIRM) if fact.overridden else None


def _compared(threshold: Percent | Scale, fact: GradeFact, measured: Quantity | None) -> Verdict:
    if isinstance(threshold, Scale) and not _is_declared_scale(threshold, fact):
        return Status.PENDING, Reason.SCALE_CHANGED
    if measured is None:
        return Status.PENDING, Reason.BOUNDS_UNKNOWN
    if measured.amount >= threshold.minimum:
        return Status.SATISFIED, Reason.SATISFIED
    return Status.NOT_SATISFIED, Reason.BELOW_THRESHOLD


def _is_declared_scale(scale: Scale, fact: GradeFact) -> bool:
    """Return whether bounds, value and word are those of the declared scale (M4).

    The word is required: a scale put in another order has the same bounds.
    """
    value = fact.final
    if fact.grademin != 1 or fact.grademax != len(scale.labels):
        return False
    if value is None or value != value.to_integral_value() or not 1 <= value <= len(scale.labels):
        return False
    return fact.label is not None and fact.label.strip() == scale.labels[int(value) - 1]


def _measure(threshold: Percent | Scale, fact: GradeFact) -> Quantity | None:
    if fact.final is None or fact.contains_own:
        return None
    if isinstance(threshold, Scale):
        return Quantity(fact.final, Unit.LEVEL, (fact.label or "").strip())
    if fact.grademin is None or fact.grademax is None or fact.grademax <= fact.grademin:
        return None
    return Quantity(percent(fact.final, fact.grademin, fact.grademax), Unit.PERCENT)


def _threshold(threshold: Percent | Scale) -> Quantity:
    if isinstance(threshold, Percent):
        return Quantity(threshold.minimum, Unit.PERCENT)
    level = Decimal(threshold.minimum)
    return Quantity(level, Unit.LEVEL, threshold.labels[threshold.minimum - 1])


def _reading(fact: GradeFact) -> Reading:
    return Reading(
        final=fact.final,
        grademin=fact.grademin,
        grademax=fact.grademax,
        hidden=fact.hidden,
        overridden=fact.overridden,
        locked=fact.locked,
        excluded=fact.excluded,
    )


def _flags(leaf: GradeLeaf, fact: GradeFact) -> tuple[Flag, ...]:
    flags = []
    if leaf.overridden is not OverriddenPolicy.ACCEPT:
        if fact.overridden:
            flags.append(Flag.OVERRIDDEN)
        elif fact.overridden is None:
            flags.append(Flag.OVERRIDE_UNKNOWN)
    if fact.hidden and leaf.hidden is HiddenPolicy.ACCEPT:
        flags.append(Flag.HIDDEN_ACCEPTED)
    return tuple(flags)

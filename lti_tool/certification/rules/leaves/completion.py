"""Completion leaf: the course is completed, as Moodle says; what cannot be read is pending."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from lti_tool.certification.rules.criteria import Criterion, Kind
from lti_tool.certification.rules.facts import CompletionFact
from lti_tool.certification.rules.leaves.readings import UNREADABLE, AfterDeadline, closed
from lti_tool.certification.rules.logic import Status
from lti_tool.certification.rules.measures import Quantity, Source, Unit
from lti_tool.certification.rules.reasons import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionLeaf:
    """A course to complete; no course means the mapped course in scope."""

    course: str | None
    after_deadline: AfterDeadline = AfterDeadline.FAIL


def judge(
    leaf: CompletionLeaf, fact: CompletionFact | None, *, course: str, path: str, at: datetime
) -> Criterion:
    """Return the criterion of one completion; no fact means that nothing was read yet."""
    unread = Criterion(
        path=path,
        kind=Kind.COMPLETION,
        status=Status.PENDING,
        reason=Reason.NOT_READ,
        threshold=Quantity(Decimal(1), Unit.COMPLETED),
        course=course,
    )
    if fact is None:
        return unread
    status, reason = _verdict(leaf, fact, at)
    known = fact.completed is not None
    return replace(
        unread,
        status=status,
        reason=reason,
        measured=Quantity(Decimal(bool(fact.completed)), Unit.COMPLETED) if known else None,
        source=Source(fact.site, fact.snapshot_id, fact.fetched_at),
    )


def _verdict(leaf: CompletionLeaf, fact: CompletionFact, at: datetime) -> tuple[Status, Reason]:
    if fact.unreadable is not None:
        return Status.PENDING, UNREADABLE[fact.unreadable]
    if fact.completed:
        return Status.SATISFIED, Reason.SATISFIED
    if fact.completed is None:
        return Status.PENDING, Reason.NOT_READ
    if closed(fact.deadline, at) and leaf.after_deadline is AfterDeadline.FAIL:
        return Status.NOT_SATISFIED, Reason.NOT_COMPLETED_AFTER_DEADLINE
    return Status.PENDING, Reason.NOT_COMPLETED

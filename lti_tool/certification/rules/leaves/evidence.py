"""Evidence leaf: enough pieces of one kind, recent enough, validated by an independent person.

Specification §3.1 (collective evidence, independence) and V13. A piece that may still be accepted
leaves the leaf pending; pieces that were all turned down fail it. A withdrawn piece is as if it
had never been given: its author withdrew it, nobody turned it down.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lti_tool.certification.rules.criteria import Criterion, Kind
from lti_tool.certification.rules.durations import add_months
from lti_tool.certification.rules.facts import (
    EvidenceFact,
    EvidenceKind,
    EvidenceState,
    Facts,
    ValidatorRole,
)
from lti_tool.certification.rules.logic import Status
from lti_tool.certification.rules.measures import EvidenceItem, Quantity, Unit
from lti_tool.certification.rules.reasons import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceLeaf:
    """How many pieces of evidence of one kind, and who may validate them.

    The validator is always independent of the author; a rule cannot waive it.
    """

    kind: EvidenceKind
    count: int
    validated_by: frozenset[ValidatorRole]
    since_months: int | None = None
    """Only what happened in that many months before the evaluation counts."""


_PENDING_ORDER = (
    Reason.EVIDENCE_SUBMITTED,
    Reason.EVIDENCE_MORE_ASKED,
    Reason.EVIDENCE_CONTRIBUTION_MISSING,
    Reason.EVIDENCE_IN_FUTURE,
    Reason.EVIDENCE_DRAFT,
)
_REFUSED_ORDER = (
    Reason.EVIDENCE_NOT_INDEPENDENT,
    Reason.EVIDENCE_WRONG_VALIDATOR,
    Reason.EVIDENCE_REFUSED,
    Reason.EVIDENCE_TOO_OLD,
)
_OPEN_STATES = {
    EvidenceState.DRAFT: Reason.EVIDENCE_DRAFT,
    EvidenceState.SUBMITTED: Reason.EVIDENCE_SUBMITTED,
    EvidenceState.MORE_ASKED: Reason.EVIDENCE_MORE_ASKED,
}


def judge(leaf: EvidenceLeaf, facts: Facts, *, path: str, today: date) -> Criterion:
    """Return the criterion of one kind of evidence; `today` is the day of the evaluation, UTC."""
    items = tuple(
        _item(leaf, fact, facts.person, today)
        for fact in facts.evidence
        if fact.kind is leaf.kind and fact.state is not EvidenceState.WITHDRAWN
    )
    counted = sum(item.status is Status.SATISFIED for item in items)
    status, reason = _verdict(leaf.count, counted, {item.reason for item in items})
    return Criterion(
        path=path,
        kind=Kind.EVIDENCE,
        status=status,
        reason=reason,
        measured=Quantity(Decimal(counted), Unit.COUNT),
        threshold=Quantity(Decimal(leaf.count), Unit.COUNT),
        item=leaf.kind.value,
        evidence=items,
    )


def _verdict(needed: int, counted: int, reasons: set[Reason]) -> tuple[Status, Reason]:
    if counted >= needed:
        return Status.SATISFIED, Reason.SATISFIED
    for reason in _PENDING_ORDER:
        if reason in reasons:
            return Status.PENDING, reason
    for reason in _REFUSED_ORDER:
        if reason in reasons:
            return Status.NOT_SATISFIED, reason
    return Status.PENDING, Reason.EVIDENCE_MISSING


def _item(leaf: EvidenceLeaf, fact: EvidenceFact, person: str, today: date) -> EvidenceItem:
    status, reason = _judged(leaf, fact, person, today)
    return EvidenceItem(fact.id, fact.happened_on, status, reason)


def _judged(
    leaf: EvidenceLeaf, fact: EvidenceFact, person: str, today: date
) -> tuple[Status, Reason]:
    oldest = None if leaf.since_months is None else add_months(today, -leaf.since_months)
    if oldest is not None and fact.happened_on < oldest:
        return Status.NOT_SATISFIED, Reason.EVIDENCE_TOO_OLD
    if fact.state is EvidenceState.REFUSED:
        return Status.NOT_SATISFIED, Reason.EVIDENCE_REFUSED
    if fact.state in _OPEN_STATES:
        return Status.PENDING, _OPEN_STATES[fact.state]
    if not fact.validator_is_independent or fact.validated_by in (None, person):
        return Status.NOT_SATISFIED, Reason.EVIDENCE_NOT_INDEPENDENT
    if not fact.validator_roles & leaf.validated_by:
        return Status.NOT_SATISFIED, Reason.EVIDENCE_WRONG_VALIDATOR
    if fact.collective and not fact.contribution.strip():
        return Status.PENDING, Reason.EVIDENCE_CONTRIBUTION_MISSING
    if fact.happened_on > today:
        return Status.PENDING, Reason.EVIDENCE_IN_FUTURE
    return Status.SATISFIED, Reason.SATISFIED

"""What a change after the issue means for a frozen decision (specification V8, V9, V9b).

Nothing here touches an award: a gap opens a case that people decide (N9).
"""

from dataclasses import replace
from enum import StrEnum

from lti_tool.certification.rules.criteria import LEAF_KINDS, Criterion, Kind, combine
from lti_tool.certification.rules.decision import Decision
from lti_tool.certification.rules.logic import Status
from lti_tool.certification.rules.measures import Quantity


class Drift(StrEnum):
    """How today's decision compares with the one frozen at issue."""

    NONE = "none"
    """The same values."""
    NO_EFFECT = "no_effect"
    """Values changed and the rule is still satisfied: logged, nothing else."""
    UNKNOWN = "unknown"
    """Something cannot be read or is pending today: nothing follows from it."""
    GAP = "gap"
    """The rule is no longer satisfied: people are told and decide."""
    BACK = "back"
    """It is satisfied again after a gap: people are told, and still decide."""


def compare(issued: Decision, today: Decision) -> Drift:
    """Return how `today` departs from `issued`; both are full decisions, on the same rule."""
    if today.status is Status.NOT_SATISFIED:
        return Drift.GAP
    if today.status is Status.PENDING:
        return Drift.UNKNOWN
    return Drift.NONE if _values(issued) == _values(today) else Drift.NO_EFFECT


def _values(decision: Decision) -> list[tuple[object, ...]]:
    return [
        (leaf.path, leaf.status, leaf.measured, leaf.reading, leaf.evidence)
        for leaf in decision.leaves()
    ]


def drift_of(issued: Decision, last: Decision | None, today: Decision) -> Drift:
    """Return what today's readings say that was not known yet.

    Evidence is left out: what was validated before the issue is not judged again, and what is given
    later changes nothing in it. A value that cannot be read today says nothing about itself.

    Args:
        issued: the decision frozen at issue.
        last: the last one that was logged since, if any.
        today: on the rule and the courses of the issue.

    Returns:
        NONE for what is known already; never twice GAP or NO_EFFECT for one change.
    """
    today = with_evidence_of(issued, today)
    if today.status is Status.PENDING:
        return Drift.UNKNOWN
    known = _readings(issued) | ({} if last is None else _readings(last))
    now = _readings(today)
    moved = any(now[path] != known[path] for path in now.keys() & known.keys())
    gap_known = last is not None and last.status is Status.NOT_SATISFIED
    if today.status is Status.NOT_SATISFIED:
        return Drift.GAP if moved or not gap_known else Drift.NONE
    if gap_known:
        return Drift.BACK
    return Drift.NO_EFFECT if moved else Drift.NONE


def with_evidence_of(issued: Decision, today: Decision) -> Decision:
    """Return today's decision with the evidence as it stood at issue, and its status made again."""
    frozen = {leaf.path: leaf for leaf in issued.leaves() if leaf.kind is Kind.EVIDENCE}
    return replace(today, root=_grafted(today.root, frozen))


def _grafted(criterion: Criterion, frozen: dict[str, Criterion]) -> Criterion:
    if criterion.kind in LEAF_KINDS:
        return frozen.get(criterion.path, criterion)
    children = tuple(_grafted(child, frozen) for child in criterion.children)
    needed = int(criterion.threshold.amount) if criterion.threshold else 0
    return combine(criterion.path, criterion.kind, children, needed, course=criterion.course)


def _readings(decision: Decision) -> dict[str, tuple[Status, Quantity | None]]:
    return {
        leaf.path: (leaf.status, leaf.measured)
        for leaf in decision.leaves()
        if leaf.kind is not Kind.EVIDENCE and leaf.status is not Status.PENDING
    }

"""What a change after the issue means for a frozen decision (specification V8, V9, V9b).

Nothing here touches an award: a gap opens a case that people decide (N9).
"""

from enum import StrEnum

from lti_tool.certification.rules.decision import Decision
from lti_tool.certification.rules.logic import Status


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

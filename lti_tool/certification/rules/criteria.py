"""The parts of a decision: criteria with their measured value, threshold, source, status and reason.

One object explains a result on every screen, on the PDF and in the audit, so it is frozen whole in
JSON when an award is proposed. What the learner may see of it is decided here (N6): the learner's
view is built from the visible criteria alone, so it cannot vary with a hidden grade.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from lti_tool.certification.rules.logic import Status, all_of, any_of, at_least
from lti_tool.certification.rules.measures import EvidenceItem, Quantity, Reading, Source, Unit
from lti_tool.certification.rules.reasons import Flag, Reason


class Kind(StrEnum):
    """What a criterion is: a combination of others, or a leaf."""

    ALL = "all"
    ANY = "any"
    AT_LEAST = "at_least"
    MAPPED = "mapped"
    """One part for each course mapped to the domain; all are needed."""
    CHOICE = "choice"
    """Alternatives among mapped courses, or one course taken on several sites; one is enough."""
    GRADE = "grade"
    COMPLETION = "completion"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """A node of the decision: a leaf with what was measured, or a combination of parts."""

    path: str
    """Stable address in the rule, such as `0/RMP-ADL-04/1`; empty for the whole route."""
    kind: Kind
    status: Status
    reason: Reason
    measured: Quantity | None = None
    threshold: Quantity | None = None
    course: str | None = None
    item: str | None = None
    """Item key of a grade; kind of an evidence."""
    source: Source | None = None
    reading: Reading | None = None
    evidence: tuple[EvidenceItem, ...] = ()
    flags: tuple[Flag, ...] = ()
    masked: bool = False
    """The learner may not see the value, nor anything that follows from it."""
    children: tuple["Criterion", ...] = ()

    def leaves(self) -> Iterator["Criterion"]:
        """Yield the leaves, in the rule's order."""
        if self.kind in LEAF_KINDS:
            yield self
        for child in self.children:
            yield from child.leaves()

    def for_learner(self) -> "Criterion":
        """Return what the learner may see: no masked value, nor a status that depends on one."""
        if self.masked:
            return Criterion(
                path=self.path,
                kind=self.kind,
                status=Status.PENDING,
                reason=Reason.HIDDEN,
                threshold=self.threshold,
                course=self.course,
                item=self.item,
                masked=True,
            )
        if self.kind in LEAF_KINDS:
            return replace(self, flags=())
        children = tuple(child.for_learner() for child in self.children)
        needed = int(self.threshold.amount) if self.threshold else 0
        return combine(self.path, self.kind, children, needed, course=self.course)

    def to_dict(self) -> dict[str, Any]:
        """Return JSON values for freezing."""
        return {
            "path": self.path,
            "kind": self.kind.value,
            "status": self.status.value,
            "reason": self.reason.value,
            "measured": self.measured and self.measured.to_dict(),
            "threshold": self.threshold and self.threshold.to_dict(),
            "course": self.course,
            "item": self.item,
            "source": self.source and self.source.to_dict(),
            "reading": self.reading and self.reading.to_dict(),
            "evidence": [item.to_dict() for item in self.evidence],
            "flags": [flag.value for flag in self.flags],
            "masked": self.masked,
            "children": [child.to_dict() for child in self.children],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Criterion":
        """Read what `to_dict` wrote."""
        return cls(
            path=data["path"],
            kind=Kind(data["kind"]),
            status=Status(data["status"]),
            reason=Reason(data["reason"]),
            measured=data["measured"] and Quantity.from_dict(data["measured"]),
            threshold=data["threshold"] and Quantity.from_dict(data["threshold"]),
            course=data["course"],
            item=data["item"],
            source=data["source"] and Source.from_dict(data["source"]),
            reading=data["reading"] and Reading.from_dict(data["reading"]),
            evidence=tuple(EvidenceItem.from_dict(item) for item in data["evidence"]),
            flags=tuple(Flag(flag) for flag in data["flags"]),
            masked=data["masked"],
            children=tuple(cls.from_dict(child) for child in data["children"]),
        )


LEAF_KINDS = frozenset({Kind.GRADE, Kind.COMPLETION, Kind.EVIDENCE})


def combine(
    path: str, kind: Kind, children: tuple[Criterion, ...], needed: int, course: str | None = None
) -> Criterion:
    """Return the criterion that combines `children`; `needed` is how many must be satisfied.

    Mapped courses with no child are pending: nothing was mapped to the domain yet.
    """
    statuses = [child.status for child in children]
    if kind is Kind.MAPPED and not children:
        status, reason = Status.PENDING, Reason.NO_MAPPED_COURSE
    else:
        status = _combined(kind, statuses, needed)
        reason = _COMBINED_REASONS[status]
    return Criterion(
        path=path,
        kind=kind,
        status=status,
        reason=reason,
        measured=Quantity(Decimal(statuses.count(Status.SATISFIED)), Unit.COUNT),
        threshold=Quantity(Decimal(needed), Unit.COUNT),
        course=course,
        children=children,
    )


def _combined(kind: Kind, statuses: list[Status], needed: int) -> Status:
    if kind in (Kind.ALL, Kind.MAPPED):
        return all_of(statuses)
    if kind is Kind.AT_LEAST:
        return at_least(needed, statuses)
    return any_of(statuses)


_COMBINED_REASONS = {
    Status.SATISFIED: Reason.SATISFIED,
    Status.PENDING: Reason.PARTS_PENDING,
    Status.NOT_SATISFIED: Reason.PARTS_NOT_SATISFIED,
}

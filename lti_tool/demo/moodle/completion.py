"""Completion: activities done, criteria of a course and when each was met."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that completes a course."""

    kind: Literal["activity", "grade", "self"]
    cmid: int = 0
    required: Decimal = Decimal(0)
    """Course total to reach, for a grade criterion."""


@dataclass(slots=True)
class CompletionBook:
    """What is completed, by whom and when (seconds)."""

    criteria: dict[int, list[Criterion]] = field(default_factory=dict)
    """By course; a course that is absent has no criteria."""
    activities: dict[tuple[int, int], int] = field(default_factory=dict)
    """By activity (cmid) and person."""
    criteria_met: dict[tuple[int, int, int], int] = field(default_factory=dict)
    """Grade and self criteria, by course, rank of the criterion and person."""
    courses: dict[tuple[int, int], int] = field(default_factory=dict)
    """By course and person."""

    def met_at(self, course: int, rank: int, person: int) -> int | None:
        """Return when someone met a criterion of a course, if they did."""
        criterion = self.criteria[course][rank]
        if criterion.kind == "activity":
            return self.activities.get((criterion.cmid, person))
        return self.criteria_met.get((course, rank, person))

    def review(self, course: int, person: int, total: Decimal | None, moment: int) -> None:
        """Mark what a new course total completes: its grade criteria, then the course itself."""
        criteria = self.criteria.get(course, [])
        for rank, criterion in enumerate(criteria):
            reached = (
                criterion.kind == "grade" and total is not None and total >= criterion.required
            )
            if reached:
                self.criteria_met.setdefault((course, rank, person), moment)
        met = [self.met_at(course, rank, person) for rank in range(len(criteria))]
        if met and None not in met:
            self.courses.setdefault((course, person), moment)

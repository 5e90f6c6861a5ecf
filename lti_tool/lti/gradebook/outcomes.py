"""What should stand in a column, told by a room further on the street.

The certification knows what an outcome is worth; the wiring of the application says who answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy.orm import Session

from lti_tool.lti.models import Outcome

MAXIMUM = Decimal(100)
"""Every score is out of 100; Moodle rescales it to the column's own maximum."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The score of one learner."""

    given: Decimal
    """Between 0 and ``MAXIMUM``."""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What should stand in one column of a course."""

    learners: frozenset[int]
    """Account.id of the active learners of the course: nothing is sent about anybody else."""
    wanted: Mapping[int, Wanted] | None = field(default_factory=dict)
    """Account.id → score; a learner who is not in it should have none. None: nothing can be said now,
    and what stands in the column stays."""


OutcomeSource = Callable[[Session, int, Outcome], Outcomes]
_sources: list[OutcomeSource] = []


def take_outcomes_from(source: OutcomeSource) -> OutcomeSource:
    """Have ``source(session, course_id, outcome)`` say what should stand in a column."""
    _sources[:] = [source]
    return source


def outcomes_of(session: Session, course_id: int, outcome: Outcome) -> Outcomes:
    """Return what should stand in the column of an outcome; nothing where nobody says."""
    for source in _sources:
        return source(session, course_id, outcome)
    return Outcomes(frozenset(), None)

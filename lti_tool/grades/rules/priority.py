"""Whom to read first on a site without the report: signs that something moved, then age."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum


class Signal(IntEnum):
    """A sign that a grade may have moved, the strongest first."""

    GRADED = 0
    """Moodle says that a grade was given in an assignment."""
    SCORED = 1
    """The tool sent a score for them."""
    LAUNCHED = 2
    """They opened the tool from the course."""
    ACCESSED = 3
    """Moodle saw them in the course."""
    TRAINER = 4
    """A trainer opened the tool from the course, for a submission or its page: they may have graded."""
    AGE = 5
    """Nothing but time."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What may be read.

    Args:
        course_id: Course.id.
        subject: Moodle's user id; None: the whole course.
        signal: why.
        seconds: what that costs Moodle.
        read_at: when the course was last read whole, None when it never was.
    """

    course_id: int
    subject: int | None
    signal: Signal
    seconds: float
    read_at: datetime | None = None


def choose(candidates: Iterable[Candidate], seconds: float) -> list[Candidate]:
    """Return what to read, as long as the budget lasts: the strongest sign first, then the oldest.

    Of several signs for the same learner the strongest counts; a course that is read whole takes
    its learners with it only when it is chosen, and is dearer: it comes after them.

    Args:
        candidates: what may be read.
        seconds: of Moodle that may be spent.
    """
    ordered = sorted(
        candidates,
        key=lambda one: (
            one.signal,
            one.read_at is not None,
            one.read_at.timestamp() if one.read_at else 0.0,
            one.course_id,
            one.subject or 0,
        ),
    )
    chosen: dict[tuple[int, int | None], Candidate] = {}
    spent = 0.0
    for one in ordered:
        key = one.course_id, one.subject
        if key not in chosen and spent + one.seconds <= seconds:
            chosen[key] = one
            spent += one.seconds
    return list(chosen.values())

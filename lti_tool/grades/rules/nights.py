"""Which courses are read whole tonight: the oldest first, spread over the night and over the nights.

The safety net under the watch: a report does not tell of a grade that counts in no total. Each night
takes its share of the site, so that every course comes back once in so many nights, and Moodle is
not kept busier than its budget.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

START, END = 0, 5
"""Hours of the night, in the site's zone."""
LAST_TURN = timedelta(minutes=20)
"""Before the end, everything of the night is asked for."""
EARLY = timedelta(hours=12)
HURRY = 3.0
"""After a reset a night reads so many times its usual share: not the whole site at once."""


@dataclass(frozen=True, slots=True)
class Course:
    """A course that is read by night.

    Args:
        id: Course.id.
        read_at: its last whole reading, None before the first.
        seconds: what one costs Moodle.
    """

    id: int
    read_at: datetime | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Night:
    """How far the night is, and what it may cost.

    Args:
        now: the present moment.
        passed: share of the night that has passed, from 0 to 1.
        spent: seconds of Moodle already asked for tonight.
        budget: seconds of Moodle that a night may cost.
        nights: in how many nights every course is read once.
        since: courses last read before this moment are due sooner, None: no such moment.
    """

    now: datetime
    passed: float
    spent: float
    budget: float
    nights: int
    since: datetime | None = None


def share_passed(local: datetime) -> float | None:
    """Return how much of the night has passed at a local time, None by day."""
    if not START <= local.hour < END:
        return None
    begun = local.replace(hour=START, minute=0, second=0, microsecond=0)
    length = timedelta(hours=END - START) - LAST_TURN
    return min((local - begun) / length, 1.0)


def courses_of_tonight(courses: Iterable[Course], night: Night) -> list[Course]:
    """Return the courses to ask for now, the oldest first."""
    known = sorted(
        courses, key=lambda one: (one.read_at is not None, one.read_at or night.now, one.id)
    )
    late = [one for one in known if _is_late(one, night)]
    share = sum(one.seconds for one in known) / max(night.nights, 1)
    overdue = sum(one.seconds for one in late if not _is_only_reset(one, night))
    reset = sum(one.seconds for one in late if _is_only_reset(one, night))
    wanted = max(share, night.spent + overdue, min(night.spent + overdue + reset, HURRY * share))
    allowed = night.passed * min(wanted, night.budget)
    chosen, spent = [], night.spent
    for one in known:
        # A course dearer than the whole night is read alone, when its turn has passed.
        alone = not spent and one in late and one.seconds > night.budget
        if spent + one.seconds / 2 > allowed and not alone:
            break
        chosen.append(one)
        spent += one.seconds
    return chosen


def _is_only_reset(course: Course, night: Night) -> bool:
    """Whether a course would not be late, had nothing been reset."""
    return course.read_at is not None and night.now - course.read_at < _cycle(night)


def _cycle(night: Night) -> timedelta:
    return timedelta(days=night.nights) - EARLY


def _is_late(course: Course, night: Night) -> bool:
    if course.read_at is None:
        return True
    if night.since is not None and course.read_at < night.since:
        return True
    return night.now - course.read_at >= _cycle(night)

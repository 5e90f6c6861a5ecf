"""Who stands where in which course: the one table from which grades, completions and awards come.

Learners 1 to 30 have finished courses, at ages that give every anchoring wave something to show;
31 to 48 are on their way, with the cases a gradebook really holds in ``RMP-ADL-01``; 49 to 60 begin.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from lti_tool.demo.moodle.seed.catalogue import COURSES, NUMBERS

LEARNER_COUNT = 60
FIRST_LEARNER = 3
"""Moodle's number of ``apprenant01``."""

AGES = (395, 275, 200, 100, 12)
"""Days since courses were finished: past the waves of 12, 6 and 3 months, before the first."""

_PATHS = (
    ("RMP-ADL-02", "RMP-ADL-05"),
    ("RMP-ADL-04", "RMP-ADL-12"),
    ("RMP-ADL-03A", "RMP-ADL-08"),
    ("RMP-ADL-06", "RMP-ADL-14"),
    ("RMP-ADL-07", "RMP-ADL-11"),
    ("RMP-ADL-04", "RMP-ADL-09"),
    ("RMP-ADL-08", "RMP-ADL-05"),
)

Case = Literal[
    "",
    "zero",
    "missing",
    "hidden",
    "overridden",
    "excluded",
    "total overridden",
    "enrolment suspended",
    "enrolment over",
    "enrolment to come",
]

CASES: dict[int, tuple[Case, Decimal | None]] = {
    31: ("zero", Decimal(0)),
    32: ("missing", None),
    33: ("hidden", Decimal(80)),
    34: ("overridden", Decimal(65)),
    35: ("excluded", Decimal(70)),
    36: ("", Decimal("59.995")),
    37: ("", Decimal(60)),
    38: ("enrolment suspended", Decimal(70)),
    39: ("enrolment over", Decimal(72)),
    40: ("enrolment to come", None),
    41: ("total overridden", Decimal(62)),
    42: ("", Decimal(75)),
}
"""What ``RMP-ADL-01`` holds for learners 31 to 42; the account of number 42 is suspended."""

SUSPENDED_ACCOUNT = 42


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one learner stands in one course."""

    learner: int
    """1 for ``apprenant01``."""
    course: str
    """Idnumber of the course; empty for the welcome course."""
    percent: Decimal | None
    """Course total in percent; ``None``: nothing graded yet."""
    finished_days_ago: int | None = None
    """When the course was completed; ``None``: it is not."""
    case: Case = ""

    @property
    def passed(self) -> bool:
        """Whether total and completion satisfy the base rule (60 %)."""
        graded = self.percent is not None and self.percent >= 60
        return graded and self.finished_days_ago is not None and not self.case

    @property
    def course_number(self) -> int:
        """Moodle's number of the course."""
        return next(
            NUMBERS[course.shortname] for course in COURSES if course.idnumber == self.course
        )


@dataclass(frozen=True, slots=True)
class PassedCourse:
    """A course that someone passed: what an award of the past may rest on."""

    username: str
    person: int
    """Moodle's number of the account (``sub`` of launches)."""
    course: int
    """Moodle's number of the course (``context.id``)."""
    course_idnumber: str
    percent: Decimal
    finished_on: date


def learner_id(number: int) -> int:
    """Return Moodle's number of ``apprenant<number>``."""
    return FIRST_LEARNER + number - 1


def association_of(number: int) -> int:
    """Return the association (1 to 4) of a learner."""
    return (number - 1) % 4 + 1


def passed_courses(day: date) -> list[PassedCourse]:
    """Return every course passed before ``day``, oldest first."""
    passed = [
        PassedCourse(
            f"apprenant{one.learner:02}",
            learner_id(one.learner),
            one.course_number,
            one.course,
            one.percent,
            day - timedelta(days=one.finished_days_ago),
        )
        for one in standings()
        if one.passed and one.course and one.percent is not None and one.finished_days_ago
    ]
    return sorted(passed, key=lambda one: (one.finished_on, one.person, one.course))


def standings() -> Iterator[Standing]:
    """Yield where everyone stands, course by course."""
    for number in range(1, LEARNER_COUNT + 1):
        yield Standing(number, "", Decimal(75) if number <= 45 else None)
        if number <= 30:
            yield from _finished(number)
        elif number <= 48:
            yield from _on_the_way(number)
        else:
            yield Standing(number, _path(number)[0], None)
            yield Standing(number, "RMP-ADL-01", None)


def _finished(number: int) -> Iterator[Standing]:
    age = AGES[number % len(AGES)]
    failed = number % 10 == 7
    percent = Decimal(draw(number, "RMP-ADL-01", 35, 55) if failed else draw(number, "", 61, 96))
    yield Standing(number, "RMP-ADL-01", percent, age)
    first, second = _path(number)
    if number % 4:
        yield Standing(number, first, Decimal(draw(number, first, 62, 95)), max(age - 60, 9))
    if number % 2:
        yield Standing(number, second, Decimal(draw(number, second, 61, 90)), max(age - 150, 6))
    else:
        yield Standing(number, second, Decimal(draw(number, second, 40, 75)))
    if number % 5 == 0:
        yield Standing(number, "RMP-ADL-03B", Decimal(draw(number, "3B", 50, 90)))
    if number % 4 == 1:
        yield Standing(number, "RMP-ADL-10", None)


def _on_the_way(number: int) -> Iterator[Standing]:
    case, percent = CASES.get(number, ("", Decimal(draw(number, "RMP-ADL-01", 45, 92))))
    finished = 20 if percent is not None and percent >= 50 else None
    yield Standing(number, "RMP-ADL-01", percent, finished, case)
    first, second = _path(number)
    yield Standing(number, first, Decimal(draw(number, first, 30, 90)))
    if number % 2:
        yield Standing(number, second, None)
    if number % 3 == 0:
        yield Standing(number, "RMP-ADL-13", Decimal(draw(number, "13", 50, 90)))


def _path(number: int) -> tuple[str, str]:
    return _PATHS[draw(number, "path", 0, len(_PATHS) - 1)]


def draw(number: int, salt: str, least: int, most: int) -> int:
    """Return a number that looks drawn and is always the same."""
    digest = hashlib.sha256(f"{number} {salt}".encode()).digest()
    return least + int.from_bytes(digest[:4], "big") % (most - least + 1)

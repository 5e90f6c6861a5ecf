"""Competencies of the demo's Moodle: one framework, what courses work on, how learners were rated."""

from __future__ import annotations

from dataclasses import dataclass, field

LEVELS = ("Non atteint", "Partiellement atteint", "Atteint")
"""Words of the framework's scale, from 1."""
PROFICIENT = 3
"""Rank from which a level is mastered."""


@dataclass(frozen=True, slots=True)
class Competency:
    """A competency of the framework."""

    id: int
    name: str
    idnumber: str


@dataclass(frozen=True, slots=True)
class Rated:
    """A rating in a course: rank of the level, who gave it and when (seconds)."""

    grade: int
    by: int
    at: int


@dataclass(slots=True)
class CompetencyBook:
    """What the site knows of competencies."""

    framework: str = "RMP-ADL"
    competencies: dict[int, Competency] = field(default_factory=dict)
    of_course: dict[int, list[int]] = field(default_factory=dict)
    """Course → competencies, in order."""
    ratings: dict[tuple[int, int, int], Rated] = field(default_factory=dict)
    """By course, person and competency."""

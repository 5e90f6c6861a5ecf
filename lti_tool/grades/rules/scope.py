"""What marks ask for, taken together: the whole course or some learners, part by part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """What can be read of a course apart from the rest."""

    GRADES = "grades"
    COMPLETION = "completion"
    MEMBERSHIP = "membership"
    """Who is in the course, and in which groups."""
    COMPETENCIES = "competencies"


EVERY_PART = frozenset(Part)


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark.

    Args:
        subject: Moodle's user id; None: the whole course.
        parts: what has to be read of them.
    """

    subject: int | None
    parts: frozenset[Part] = EVERY_PART


@dataclass(frozen=True, slots=True)
class Scope:
    """What one reading of a course has to read.

    Args:
        everyone: parts due for the whole course.
        grades, completion, competencies: learners due beside, by Moodle's user id; empty when everybody is.
        membership: whether who is in the course is due. Moodle tells that of a whole course only:
            of one learner it costs as much.
    """

    everyone: frozenset[Part]
    grades: frozenset[int] = frozenset()
    completion: frozenset[int] = frozenset()
    competencies: frozenset[int] = frozenset()
    membership: bool = False

    @classmethod
    def of(cls, marks: Iterable[Mark]) -> Scope:
        """Merge marks; their order is irrelevant, and a mark twice is a mark once."""
        marks = list(marks)
        everyone = frozenset(part for mark in marks if mark.subject is None for part in mark.parts)

        def learners(part: Part) -> frozenset[int]:
            if part in everyone:
                return frozenset()
            return frozenset(
                mark.subject for mark in marks if mark.subject is not None and part in mark.parts
            )

        return cls(
            everyone=everyone,
            grades=learners(Part.GRADES),
            completion=learners(Part.COMPLETION),
            competencies=learners(Part.COMPETENCIES),
            membership=Part.MEMBERSHIP in everyone or bool(learners(Part.MEMBERSHIP)),
        )

    @property
    def learners(self) -> frozenset[int]:
        """Learners due by themselves, for whatever part."""
        return self.grades | self.completion | self.competencies

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to read."""
        return not (self.everyone or self.learners or self.membership)


WHOLE = Scope(everyone=EVERY_PART, membership=True)
"""Everything of a course."""

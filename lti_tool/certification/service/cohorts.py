"""« Cohortes d'apprenants »: the groups of a course, and which of them a trainer looks at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from lti_tool.grades.groups import (
    SEPARATE,
    CourseGroup,
    groups_of_course,
    groups_of_learner,
    people_in_groups,
)
from lti_tool.platforms.models import Course

EVERY, OWN = "toutes", "miennes"
"""Words of the address: every learner; those of the viewer's own groups."""


@dataclass(frozen=True, slots=True)
class CohortChoice:
    """Which learners a trainer looks at."""

    cohorts: tuple[CourseGroup, ...]
    """Groups that have learners."""
    chosen: str
    """``EVERY``, ``OWN``, or the number of a group."""
    separate: bool
    """Moodle keeps the groups of this course apart, and the viewer is in one of them."""
    people: frozenset[int] | None
    """Person.id of the learners asked for; None: everybody."""


def cohort_choice(session: Session, course: Course, person_id: int, asked: str) -> CohortChoice:
    """Return the groups of a course and the learners that a trainer asked to see.

    In a course of separate groups, whoever is in a group begins with their own. Moodle's rule would show
    them nothing else unless they may see all groups, and no web service says whether they may: the choice
    is not closed.

    Args:
        person_id: the trainer.
        asked: ``EVERY``, ``OWN`` or the number of a group; anything else is nothing asked.
    """
    cohorts = groups_of_course(session, course.id)
    own = [group.id for group in groups_of_learner(session, course.id, person_id)]
    separate = course.group_mode == SEPARATE and bool(own)
    known = {str(one.group.id): one.group.id for one in cohorts}
    if asked in known:
        return _choice(session, cohorts, asked, separate, [known[asked]])
    if separate and asked != EVERY:
        return _choice(session, cohorts, OWN, separate, own)
    return CohortChoice(tuple(cohorts), EVERY, separate, None)


def _choice(
    session: Session,
    cohorts: Sequence[CourseGroup],
    chosen: str,
    separate: bool,
    group_ids: Sequence[int],
) -> CohortChoice:
    people = people_in_groups(session, group_ids)
    return CohortChoice(tuple(cohorts), chosen, separate, people)

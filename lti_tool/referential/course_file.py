"""What a coordinator reads of one course: what it counts for, what it counted for, who decided."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from lti_tool.errors import NotFound
from lti_tool.people.models import Person
from lti_tool.platforms.models import Course
from lti_tool.referential.models import CourseMapping


@dataclass(frozen=True, slots=True)
class CourseFile:
    """A course with every line of its mapping."""

    course: Course
    current: tuple[CourseMapping, ...]
    ended: tuple[CourseMapping, ...]
    """Lines of before, the newest first."""
    names: dict[int, str]
    """Person.id → name, of those who decided."""


def course_file(session: Session, course_id: int) -> CourseFile:
    """Return the file of a course.

    Raises:
        NotFound: there is no such course.
    """
    course = session.get(Course, course_id, options=[joinedload(Course.site)])
    if course is None:
        raise NotFound("course")
    lines = mapping_history(session, course_id)
    deciders = {line.decided_by for line in lines} | {line.ended_by for line in lines}
    people = select(Person.id, Person.full_name).where(Person.id.in_(deciders - {None}))
    return CourseFile(
        course=course,
        current=tuple(line for line in lines if line.valid_to is None),
        ended=tuple(line for line in lines if line.valid_to is not None),
        names=dict(session.execute(people).all()),
    )


def mapping_history(session: Session, course_id: int) -> list[CourseMapping]:
    """Return every line of a course: those that count by domain, then the ended, newest first."""
    query = (
        select(CourseMapping)
        .where(CourseMapping.course_id == course_id)
        .options(joinedload(CourseMapping.domain), joinedload(CourseMapping.subtheme))
        .order_by(
            CourseMapping.valid_to.is_not(None),
            func.coalesce(CourseMapping.valid_to, CourseMapping.valid_from).desc(),
            CourseMapping.id.desc(),
        )
    )
    return list(session.scalars(query))

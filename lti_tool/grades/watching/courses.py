"""Which courses of a site are worth knowing about: those that count for a domain now."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lti_tool.grades.models import Pull
from lti_tool.platforms.models import Course
from lti_tool.referential.models import CourseMapping


def mapped_courses(session: Session, site_id: int, at: datetime) -> dict[int, int]:
    """Return the courses of a site that count for a domain: Moodle's number → Course.id."""
    counted = select(CourseMapping.course_id).where(
        CourseMapping.valid_from <= at,
        or_(CourseMapping.valid_to.is_(None), CourseMapping.valid_to > at),
    )
    rows = session.execute(
        select(Course.moodle_id, Course.id).where(
            Course.site_id == site_id, Course.gone_at.is_(None), Course.id.in_(counted)
        )
    )
    return {row.moodle_id: row.id for row in rows}


def never_read(session: Session, course_ids: Iterable[int]) -> set[int]:
    """Return the courses of which no whole reading went to its end."""
    wanted = set(course_ids)
    read = select(Pull.course_id).where(
        Pull.course_id.in_(wanted), Pull.finished_at.is_not(None), Pull.everyone.is_(True)
    )
    return wanted - set(session.scalars(read.distinct()))


def digest_of_courses(courses: Iterable[int], per_page: int) -> str:
    """Return what pages depend on beside the report: the courses that count and the size of a page."""
    text = f"{per_page}:" + ",".join(map(str, sorted(courses)))
    return hashlib.sha256(text.encode()).hexdigest()

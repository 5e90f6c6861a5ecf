"""The rows of the readings: how each begins and ends, and the warnings that it leaves."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.grades.models import Pull, Unreadable
from lti_tool.grades.rules.scope import Part, Scope
from lti_tool.platforms.models import Course

OWN_COLUMN_COUNTS = "own_column_counts"
"""Warning of a pull: a column that the tool publishes counts in somebody's total."""
ITEMS_LEFT_OUT = "items_left_out"
"""Warning of a pull: a column exists that no answer held; totals may be wrong (M3)."""


def begin_pull(session: Session, course_id: int, scope: Scope, job_id: int | None) -> Pull:
    """Add the row of a reading: what snapshots point to. The caller commits."""
    course = session.get_one(Course, course_id)
    pull = Pull(
        course_id=course_id,
        job_id=job_id,
        everyone=Part.GRADES in scope.everyone,
        site_url=course.site.base_url,
        probe=course.site.check_findings,
        probed_at=course.site.checked_at,
        started_at=clock.now(),
        warnings=[],
    )
    session.add(pull)
    return pull


def end_pull(session: Session, pull_id: int, at: datetime) -> Pull:
    """Write that a reading went to its end. The caller commits."""
    pull = session.get_one(Pull, pull_id)
    pull.finished_at = at
    pull.unreadable = (
        session.scalar(
            select(func.count())
            .select_from(Unreadable)
            .where(Unreadable.course_id == pull.course_id)
        )
        or 0
    )
    return pull


def warnings_of(*, graded: bool, learners: bool, totals: bool) -> list[str]:
    """Return the codes of what the page must warn about."""
    if not graded:
        return ["gradebook_empty"] if learners else []
    return [] if totals else ["no_course_total"]


def courses_left_out(session: Session, course_ids: Collection[int]) -> set[int]:
    """Return the courses of which Moodle keeps columns from the tool: totals may be wrong (M3).

    A reading that met one says so, be it of one learner or interrupted; only a reading of everybody that met none
    takes it back, since the totals of all were read again.
    """
    whole = (
        select(Pull.course_id, func.max(Pull.id).label("newest"))
        .where(
            Pull.course_id.in_(course_ids), Pull.everyone.is_(True), Pull.finished_at.is_not(None)
        )
        .group_by(Pull.course_id)
        .subquery()
    )
    return set(
        session.scalars(
            select(Pull.course_id)
            .outerjoin(whole, whole.c.course_id == Pull.course_id)
            .where(
                Pull.course_id.in_(course_ids),
                Pull.id >= func.coalesce(whole.c.newest, 0),
                cast(Pull.warnings, String).contains(f'"{ITEMS_LEFT_OUT}"'),
            )
        )
    )

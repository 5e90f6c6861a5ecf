"""Use cases of the grades: ask for a pull, pull a course, say how fresh the values are."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.grades.due import ASKED, mark_due
from lti_tool.grades.models import Pull
from lti_tool.grades.pulling import CourseReading, Means, Progress
from lti_tool.grades.pulls import OWN_COLUMN_COUNTS, begin_pull, end_pull
from lti_tool.grades.rules.scope import WHOLE, Scope
from lti_tool.jobs import Job, Priority
from lti_tool.platforms.models import Course
from lti_tool.platforms.service.identity import forget_identity, identify
from moodle_client import MoodleClient, MoodleError

__all__ = ["OWN_COLUMN_COUNTS", "ask_for_pull", "last_pull", "latest_failure", "pull_course"]


def ask_for_pull(session: Session, course: Course, asked_by: int | None) -> Job:
    """Queue a pull of the course and commit; a pull already waiting or running is returned."""
    job = mark_due(
        session, course.id, None, priority=Priority.ASKED, reason=ASKED, asked_by=asked_by
    )
    session.commit()
    return job


def pull_course(
    sessions: sessionmaker[Session],
    client: MoodleClient,
    course_id: int,
    *,
    scope: Scope = WHOLE,
    means: Means | None = None,
    job_id: int | None = None,
    progress: Progress = lambda _done, _total: None,
) -> Pull:
    """Read a course from Moodle, or what ``scope`` says of it, and store what changed.

    When Moodle fails, the last known values stay as they are and the pull keeps the error's code.

    Raises:
        MoodleError: what Moodle answered, once recorded.
    """
    with sessions.begin() as session:
        pull = begin_pull(session, course_id, scope, job_id)
        site_id = session.get_one(Course, course_id).site_id
    try:
        identify(sessions, client, site_id)
        CourseReading(sessions, client, pull, scope, means or Means(), progress).run()
    except MoodleError as error:
        with sessions.begin() as session:
            failed = session.get_one(Pull, pull.id)
            failed.error_code, failed.error_reason = error.code, error.reason and error.reason[:40]
        forget_identity(sessions, site_id)
        raise
    with sessions.begin() as session:
        return end_pull(session, pull.id, clock.now())


def last_pull(session: Session, course_id: int) -> Pull | None:
    """Return the newest pull of everybody in the course that went to its end."""
    return session.scalar(
        select(Pull)
        .where(Pull.course_id == course_id, Pull.finished_at.is_not(None), Pull.everyone.is_(True))
        .order_by(Pull.id.desc())
        .limit(1)
    )


def latest_failure(session: Session, course_id: int) -> Pull | None:
    """Return the newest pull when Moodle refused or failed it, None when the newest went well."""
    newest = session.scalar(
        select(Pull).where(Pull.course_id == course_id).order_by(Pull.id.desc()).limit(1)
    )
    return newest if newest is not None and newest.error_code else None

"""Background work of the grades."""

from __future__ import annotations

from lti_tool.errors import LtiToolError
from lti_tool.grades.due import (
    PULL_COURSE,
    TakenMarks,
    ask_for_left,
    forget_gone,
    give_back,
    settle_due,
    take_due,
)
from lti_tool.grades.pulling import Means
from lti_tool.grades.service import pull_course
from lti_tool.jobs import Cancelled, JobContext, JobError, enqueue, task
from lti_tool.jobs.schedule import every
from lti_tool.platforms.models import Course
from lti_tool.platforms.service import client_for, note_token_use
from moodle_client import MoodleError

AFTER_PULL = "certification.evaluate_course"
"""Task of a room further on, asked for by its name: new grades may make new proposals."""
READ_LEFT = "grades.read_left"

every(READ_LEFT, 15)


@task(PULL_COURSE)
def pull(context: JobContext, course_id: int) -> dict[str, object]:
    """Read what is marked of one course, then ask for the evaluation of its learners."""
    with context.sessions.begin() as session:
        taken = take_due(session, course_id)
    try:
        result = _read(context, course_id, taken) if taken.ids else {}
    except Cancelled:
        # What was stopped is still due: the next reading of the course takes it, asked for or not.
        with context.sessions.begin() as session:
            give_back(session, taken)
        raise
    # Whoever lost the lease stops here: what it stored stays, the marks are another's.
    context.progress(1, 1)
    with context.sessions.begin() as session:
        settle_due(session, course_id, taken, context.job_id)
    return result


@task(READ_LEFT)
def read_left(context: JobContext) -> dict[str, object]:
    """Ask again for what readings that failed, or were stopped, left unread; no longer of deleted courses."""
    with context.sessions.begin() as session:
        forget_gone(session)
        return {"courses": ask_for_left(session)}


def _read(context: JobContext, course_id: int, taken: TakenMarks) -> dict[str, object]:
    try:
        with context.sessions() as session:
            course = session.get_one(Course, course_id)
            client = client_for(course.site, context.settings)
            site_id = course.site_id
        with client:
            done = pull_course(
                context.sessions,
                client,
                course_id,
                scope=taken.scope,
                means=Means(
                    context.settings.moodle_connections,
                    context.settings.moodle_timeout,
                    context.token,
                ),
                job_id=context.job_id,
                progress=context.progress,
            )
    except (MoodleError, LtiToolError) as error:
        with context.sessions.begin() as session:
            give_back(session, taken)
        if isinstance(error, LtiToolError):
            raise
        raise JobError(error.code, str(error), retryable=error.retryable) from error
    with context.sessions.begin() as session:
        enqueue(session, AFTER_PULL, {"course_id": course_id}, key=f"{AFTER_PULL}:{course_id}")
    with context.sessions() as session:
        note_token_use(session, site_id)
    return {
        "read": done.read,
        "changed": done.changed,
        "unreadable": done.unreadable,
        "warnings": done.warnings,
    }

"""Background work of the grades."""

from __future__ import annotations

from lti_tool.grades.service import PULL_COURSE, pull_course
from lti_tool.jobs import JobContext, JobError, enqueue, task
from lti_tool.platforms.models import Course
from lti_tool.platforms.service import client_for, note_token_use
from moodle_client import MoodleError

AFTER_PULL = "certification.evaluate_course"
"""Task of a room further on, asked for by its name: new grades may make new proposals."""


@task(PULL_COURSE)
def pull(context: JobContext, course_id: int) -> dict[str, object]:
    """Pull one course, then ask for the evaluation of its learners."""
    with context.sessions() as session:
        course = session.get_one(Course, course_id)
        client = client_for(course.site, context.settings)
        site_id = course.site_id
    try:
        done = pull_course(
            context.sessions, client, course_id, job_id=context.job_id, progress=context.progress
        )
    except MoodleError as error:
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

"""Background work of the roster."""

from __future__ import annotations

from lti_tool.jobs import JobContext, JobError, task
from lti_tool.lti.roster.service import SYNC_ROSTER, sync_roster
from lti_tool.lti.services.errors import ServiceFailed


@task(SYNC_ROSTER)
def sync(context: JobContext, course_id: int) -> dict[str, object]:
    """Read the members of a course from its platform and note who left."""
    try:
        done = sync_roster(context.sessions, course_id, progress=context.progress)
    except ServiceFailed as error:
        raise JobError(error.code, error.detail, retryable=error.retryable) from error
    return {"members": done.members, "arrived": done.arrived, "left": done.gone}

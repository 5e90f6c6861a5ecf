"""Background work of the platforms."""

from __future__ import annotations

from dataclasses import asdict

from lti_tool.jobs import JobContext, JobError, task
from lti_tool.platforms.errors import TokenMissing
from lti_tool.platforms.models import Site
from lti_tool.platforms.service import SYNC_COURSES, client_for, sync_courses
from moodle_client import MoodleError


@task(SYNC_COURSES)
def sync(context: JobContext, site_id: int) -> dict[str, object]:
    """Read the course list of one site."""
    with context.sessions() as session:
        site = session.get_one(Site, site_id)
        try:
            with client_for(site, context.settings) as client:
                return asdict(sync_courses(session, client, site, context.progress))
        except MoodleError as error:
            raise JobError(error.code, str(error), retryable=error.retryable) from error
        except TokenMissing as error:
            raise JobError(error.code) from error

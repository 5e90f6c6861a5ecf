"""Background work of the partners."""

from __future__ import annotations

from dataclasses import asdict

from lti_tool.errors import LtiToolError
from lti_tool.jobs import Job, JobContext, JobError, Priority, task
from lti_tool.jobs.schedule import every
from lti_tool.partners.cohorts import SYNC_COHORTS, ask_for_every_reading
from lti_tool.partners.reading import sync_cohort_members
from lti_tool.platforms.models import Site
from lti_tool.platforms.service import client_for, note_token_use
from lti_tool.platforms.service.identity import forget_identity, identify
from moodle_client import MoodleError

SYNC_EVERY_SITE = "partners.sync_every_site"
EVERY_SIX_HOURS = 360
"""Minutes between two readings of the cohorts."""

every(SYNC_EVERY_SITE, EVERY_SIX_HOURS, Priority.BACKGROUND)


@task(SYNC_EVERY_SITE)
def sync_every_site(context: JobContext) -> dict[str, object]:
    """Ask for the reading of the cohorts of every site that has tied ones."""
    with context.sessions() as session:
        return {"sites": ask_for_every_reading(session)}


@task(SYNC_COHORTS)
def sync_cohorts(context: JobContext, site_id: int) -> dict[str, object]:
    """Read the members of every tied cohort of a site, and propose what follows."""
    with context.sessions() as session:
        site = session.get_one(Site, site_id)
        asked_by = session.get_one(Job, context.job_id).asked_by
        session.commit()
        try:
            with client_for(site, context.settings) as client:
                identify(context.sessions, client, site_id)
                reading = sync_cohort_members(
                    session, client, site, actor_id=asked_by, progress=context.progress
                )
        except MoodleError as error:
            session.rollback()
            forget_identity(context.sessions, site_id)
            raise JobError(error.code, str(error), retryable=error.retryable) from error
        except LtiToolError as error:
            raise JobError(error.code, error.detail) from error
        note_token_use(session, site_id)
    return asdict(reading)

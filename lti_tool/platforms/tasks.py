"""Background work of the platforms."""

from __future__ import annotations

from dataclasses import asdict
from datetime import time

from lti_tool.jobs import JobContext, JobError, task
from lti_tool.jobs.schedule import daily
from lti_tool.platforms.errors import TokenMissing
from lti_tool.platforms.key_turns import tend_keys
from lti_tool.platforms.models import Site
from lti_tool.platforms.service import (
    SYNC_COURSES,
    ask_for_every_list,
    client_for,
    note_token_use,
    sync_courses,
)
from lti_tool.platforms.service.identity import forget_identity, identify
from moodle_client import MoodleError

TEND_KEYS = "platforms.tend_keys"

SYNC_EVERY_LIST = "platforms.sync_every_list"

daily(TEND_KEYS, time(1, 30))
daily(SYNC_EVERY_LIST, time(0, 30))


@task(TEND_KEYS)
def tend(context: JobContext) -> dict[str, object]:
    """Make the next tool key, have it sign, forget a retired one: each on its day."""
    with context.sessions() as session:
        return asdict(tend_keys(session))


@task(SYNC_EVERY_LIST)
def sync_every_list(context: JobContext) -> dict[str, object]:
    """Ask for the course list of every site: new courses come in, deleted ones are noted."""
    with context.sessions() as session:
        return {"sites": ask_for_every_list(session)}


@task(SYNC_COURSES)
def sync(context: JobContext, site_id: int) -> dict[str, object]:
    """Read the course list of one site."""
    with context.sessions() as session:
        site = session.get_one(Site, site_id)
        session.commit()
        try:
            with client_for(site, context.settings) as client:
                identify(context.sessions, client, site_id)
                done = asdict(sync_courses(session, client, site, context.progress))
        except MoodleError as error:
            session.rollback()
            forget_identity(context.sessions, site_id)
            raise JobError(error.code, str(error), retryable=error.retryable) from error
        except TokenMissing as error:
            raise JobError(error.code) from error
        note_token_use(session, site_id)
    return done

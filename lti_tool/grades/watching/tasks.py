"""Background work of the watch: each minute, ask for the sites whose turn has come."""

from __future__ import annotations

from datetime import timedelta

from lti_tool.errors import LtiToolError
from lti_tool.grades.watching.due import WATCH_SITE, ask_for_due_watches
from lti_tool.grades.watching.nights import mark_tonight
from lti_tool.grades.watching.service import watch_site
from lti_tool.grades.watching.signals import follow_signals
from lti_tool.grades.watching.state import has_no_report, note_failure
from lti_tool.jobs import JobContext, JobError, task
from lti_tool.jobs.schedule import every
from lti_tool.platforms.service import note_token_use
from moodle_client import MoodleError

WATCH_DUE = "grades.watch_due_sites"
READ_BY_NIGHT = "grades.read_by_night"

every(WATCH_DUE, 1)
every(READ_BY_NIGHT, 10)


@task(WATCH_DUE)
def watch_due(context: JobContext) -> dict[str, object]:
    """Ask for the watch of every site whose turn has come."""
    with context.sessions.begin() as session:
        return {"sites": ask_for_due_watches(session)}


@task(WATCH_SITE)
def watch(context: JobContext, site_id: int) -> dict[str, object]:
    """Watch one site; without a report, follow the signs that something moved.

    Not tried again by the ledger: the next turn is, later each time that the site fails.
    """
    try:
        found = watch_site(context.sessions, context.settings, site_id, context.progress)
    except (MoodleError, LtiToolError) as error:
        if has_no_report(error):
            return _follow(context, site_id)
        raise JobError(error.code, str(error)) from error
    with context.sessions() as session:
        note_token_use(session, site_id)
    return found.to_dict()


def _follow(context: JobContext, site_id: int) -> dict[str, object]:
    try:
        return follow_signals(context.sessions, context.settings, site_id).to_dict()
    except (MoodleError, LtiToolError) as error:
        # What refused the report was the site: a token that is over says so at its second use.
        note_failure(
            context.sessions, site_id, error, timedelta(minutes=context.settings.watch_minutes)
        )
        raise JobError(error.code, str(error)) from error


@task(READ_BY_NIGHT)
def read_by_night(context: JobContext) -> dict[str, object]:
    """Mark the whole readings of this part of the night, on every site."""
    return {"marked": mark_tonight(context.sessions, context.settings)}

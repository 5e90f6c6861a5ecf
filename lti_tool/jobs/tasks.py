"""Background work about background work."""

from __future__ import annotations

from datetime import time

from lti_tool import clock
from lti_tool.jobs.history import forget_old_jobs
from lti_tool.jobs.kinds import JobContext, task
from lti_tool.jobs.schedule import daily

FORGET = "jobs.forget"

daily(FORGET, time(2, 40))


@task(FORGET)
def forget(context: JobContext) -> dict[str, object]:
    """Erase the jobs that have been over for longer than the settings say."""
    days = context.settings.job_history_days
    return {"forgotten": forget_old_jobs(context.sessions, clock.now(), days)}

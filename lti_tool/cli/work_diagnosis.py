"""What `ancrage doctor` says of the background work: its bell, its workers, its leader, what waits."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select

from lti_tool import clock
from lti_tool.cli.finding import Finding
from lti_tool.jobs.engine import Bell
from lti_tool.jobs.history import workforce
from lti_tool.jobs.models import Job, JobState
from lti_tool.web.runtime import Runtime

START = "start `ancrage worker`, and look at its log"


def look_at_work(parts: Runtime) -> Iterator[Finding]:
    """Yield what is to be said of the background work."""
    bell = Bell(parts.settings.engine_url)
    yield _engine(bell)
    yield from _workers(parts, bell)
    yield _ledger(parts)


def _engine(bell: Bell) -> Finding:
    try:
        bell.check()
    except Exception as error:  # noqa: BLE001  # drivers have no root in common
        return Finding(
            "problem",
            "engine",
            f"{bell.kind} does not answer ({type(error).__name__}): work is done, but late",
            "check ANCRAGE_QUEUE_URL and that the server runs",
        )
    return Finding("ok", "engine", f"{bell.kind} answers")


def _workers(parts: Runtime, bell: Bell) -> Iterator[Finding]:
    moment = clock.now()
    with parts.sessions() as session:
        force = workforce(session, moment)
    if not force.workers:
        yield Finding("warning", "workers", "none was seen for a while", START)
        return
    seen = max(worker.seen_at for worker in force.workers)
    seconds = int((moment - seen).total_seconds())
    text = f"{len(force.workers)} at work, last seen {seconds} s ago; "
    yield Finding(
        "ok", "workers", text + (f"{force.leader} leads" if force.leader else "none leads")
    )
    hosts = {worker.name.partition(":")[0] for worker in force.workers}
    if len(hosts) > 1 and bell.kind == "sqlite":
        yield Finding(
            "warning",
            "engine",
            f"workers on {len(hosts)} machines do not hear a bell that is a file",
            "set ANCRAGE_QUEUE_URL to a redis:// or postgresql:// address",
        )


def _ledger(parts: Runtime) -> Finding:
    moment = clock.now()
    with parts.sessions() as session:
        late = session.scalar(
            select(func.count())
            .select_from(Job)
            .where(
                ((Job.state == JobState.QUEUED) | (Job.state == JobState.RUNNING))
                & (func.coalesce(Job.lease_until, Job.run_at) < moment)
            )
        )
        failed = session.scalar(
            select(func.count()).select_from(Job).where(Job.state == JobState.FAILED)
        )
    if late:
        return Finding("warning", "background work", f"{late} job(s) wait past their time", START)
    return Finding(
        "ok",
        "background work",
        f"nothing waits; {failed} job(s) failed in the past (`ancrage jobs list --state failed`)",
    )

"""Claiming and running one job, and sweeping what dead workers left.

The claim is one conditional UPDATE: of several workers rung for the same job, one gets it. The
end is written only by the holder of the claim, so that a worker that slept past its lease cannot
overwrite the work of the one that took over.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta

import structlog
from sqlalchemy import CursorResult, or_, select, update
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.errors import LtiToolError
from lti_tool.jobs.models import Job, JobState
from lti_tool.jobs.tasks import JobContext, JobError, Result, find_task
from lti_tool.settings import Settings

LEASE = timedelta(minutes=3)
"""Longer than the longest wait for one answer of a platform (``lti.services.wire``)."""
ATTEMPTS = 4
BACKOFF = (timedelta(seconds=20), timedelta(minutes=2), timedelta(minutes=10))

log = structlog.get_logger(__name__)


class TakenOver(Exception):
    """The lease ran out and another worker has the job: stop, write nothing."""


def run_job(sessions: sessionmaker[Session], settings: Settings, job_id: int) -> bool:
    """Claim and run one job; return False when another worker has it or nothing is due."""
    _give_up(sessions, job_id)
    token = secrets.token_hex(8)
    claimed = _claim(sessions, job_id, token)
    if claimed is None:
        return False
    kind, args, attempts = claimed

    def progress(done: int, total: int | None = None) -> None:
        lease = clock.now() + LEASE
        if not _write(
            sessions, job_id, token, progress_done=done, progress_total=total, lease_until=lease
        ):
            raise TakenOver

    context = JobContext(sessions=sessions, settings=settings, job_id=job_id, progress=progress)
    try:
        result = find_task(kind)(context, **args)
    except TakenOver:
        log.warning("job.taken_over", job=job_id, kind=kind)
    except LtiToolError as error:
        _fail(sessions, job_id, token, JobError(error.code, error.detail), attempts)
    except JobError as error:
        _fail(sessions, job_id, token, error, attempts)
    except Exception:
        # The one place that catches everything: a bug in a task must end in the ledger, not in
        # a job that stays "running" for ever. The trace goes to the log, the code to the person.
        log.exception("job.crashed", job=job_id, kind=kind)
        _fail(
            sessions,
            job_id,
            token,
            JobError("JOB-CRASHED", "see the log", retryable=True),
            attempts,
        )
    else:
        _finish(sessions, job_id, token, result)
        log.info("job.done", job=job_id, kind=kind)
    return True


def due_jobs(sessions: sessionmaker[Session], limit: int = 100) -> list[int]:
    """Return the jobs to ring: waiting and due, or running with their lease over."""
    moment = clock.now()
    query = (
        select(Job.id)
        .where(
            or_(
                (Job.state == JobState.QUEUED) & (Job.run_at <= moment),
                (Job.state == JobState.RUNNING) & (Job.lease_until < moment),
            )
        )
        .order_by(Job.run_at, Job.id)
        .limit(limit)
    )
    with sessions() as session:
        return list(session.scalars(query))


def sweep(sessions: sessionmaker[Session], ring: Callable[[int], None]) -> int:
    """Ring every due job; return how many."""
    due = due_jobs(sessions)
    for job_id in due:
        ring(job_id)
    return len(due)


def run_due_jobs(sessions: sessionmaker[Session], settings: Settings) -> int:
    """Run what is due, here and now, until nothing is; return how many jobs ran."""
    ran = 0
    while due := [job for job in due_jobs(sessions) if run_job(sessions, settings, job)]:
        ran += len(due)
    return ran


def _give_up(sessions: sessionmaker[Session], job_id: int) -> None:
    """End a job that outlived its lease at each attempt: it would pass from worker to worker for ever,
    and hold them all."""
    moment = clock.now()
    with sessions.begin() as session:
        ended = session.scalar(
            update(Job)
            .where(
                Job.id == job_id,
                Job.state == JobState.RUNNING,
                Job.lease_until < moment,
                Job.attempts >= ATTEMPTS,
            )
            .values(
                state=JobState.FAILED,
                error_code="JOB-LEASE",
                error_detail="",
                finished_at=moment,
                lease_until=None,
            )
            .returning(Job.kind)
        )
    if ended is not None:
        log.warning("job.failed", job=job_id, kind=ended, code="JOB-LEASE", again=False)


def _claim(
    sessions: sessionmaker[Session], job_id: int, token: str
) -> tuple[str, dict[str, object], int] | None:
    moment = clock.now()
    claim = (
        update(Job)
        .where(
            Job.id == job_id,
            or_(
                (Job.state == JobState.QUEUED) & (Job.run_at <= moment),
                (Job.state == JobState.RUNNING) & (Job.lease_until < moment),
            ),
        )
        .values(
            state=JobState.RUNNING,
            attempts=Job.attempts + 1,
            lease_until=moment + LEASE,
            worker=token,
        )
        .returning(Job.kind, Job.args, Job.attempts)
    )
    with sessions.begin() as session:
        row = session.execute(claim).one_or_none()
    return None if row is None else (row.kind, row.args, row.attempts)


def _finish(
    sessions: sessionmaker[Session], job_id: int, token: str, result: Result | None
) -> None:
    _write(
        sessions,
        job_id,
        token,
        state=JobState.DONE,
        result=result or {},
        finished_at=clock.now(),
        lease_until=None,
        error_code=None,
        error_detail=None,
    )


def _fail(
    sessions: sessionmaker[Session], job_id: int, token: str, error: JobError, attempts: int
) -> None:
    again = error.retryable and attempts < ATTEMPTS
    delay = BACKOFF[min(attempts, len(BACKOFF)) - 1]
    moment = clock.now()
    _write(
        sessions,
        job_id,
        token,
        state=JobState.QUEUED if again else JobState.FAILED,
        run_at=moment + delay if again else moment,
        finished_at=None if again else moment,
        lease_until=None,
        error_code=error.code,
        error_detail=error.detail[:500],
    )
    log.warning("job.failed", job=job_id, code=error.code, detail=error.detail, again=again)


def _write(sessions: sessionmaker[Session], job_id: int, token: str, **values: object) -> bool:
    with sessions.begin() as session:
        done = session.execute(
            update(Job)
            .where(Job.id == job_id, Job.worker == token, Job.state == JobState.RUNNING)
            .values(**values)
        )
    return isinstance(done, CursorResult) and done.rowcount > 0

"""The conditional statements by which a job passes from hand to hand: claim, keep, end, take back.

Each is one UPDATE whose condition is the state that it leaves. Of several workers, one gets a job;
and only the holder of the present claim writes its end, so that a worker that slept past its lease
cannot overwrite the work of the one that took over. On PostgreSQL a row that another worker is
claiming is skipped; on SQLite writers wait their turn (decision 0005).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, Update, case, func, select, update
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.jobs.leases import release_all
from lti_tool.jobs.models import AttemptEnd, Job, JobAttempt, JobState

LEASE = timedelta(seconds=75)
"""How long a claim lasts; the worker renews it while the task runs, whatever that waits for."""
ATTEMPTS = 4
"""How often a job is tried before its failure is the last one."""
LOSSES = 8
"""How many workers may die over a job. It is not their fault as a rule (a machine that stops), but
one that kills its worker would pass from hand to hand for ever, and stop all that runs beside it."""
LOST = "JOB-LEASE"
"""Code of a job over which that many workers died."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A job in the hands of one worker."""

    job_id: int
    kind: str
    args: dict[str, object]
    attempts: int
    token: str


def claim_next(
    sessions: sessionmaker[Session], worker: str, lease: timedelta = LEASE
) -> Claim | None:
    """Claim the most urgent job that is due, None when there is none.

    Args:
        sessions: factory of database sessions.
        worker: name of the process, for the history.
        lease: how long the claim lasts.
    """
    moment, token = clock.now(), secrets.token_hex(8)
    due = (
        select(Job.id)
        .where(Job.state == JobState.QUEUED, Job.run_at <= moment)
        .order_by(Job.priority, Job.run_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    claim = (
        update(Job)
        .where(Job.id == due.scalar_subquery(), Job.state == JobState.QUEUED)
        .values(
            state=JobState.RUNNING,
            attempts=Job.attempts + 1,
            lease_until=moment + lease,
            worker=token,
            progress_done=0,
            progress_total=None,
        )
        .returning(Job.id, Job.kind, Job.args, Job.attempts)
        .execution_options(synchronize_session=False)
    )
    with sessions.begin() as session:
        row = session.execute(claim).one_or_none()
        if row is None:
            return None
        session.add(JobAttempt(job_id=row.id, token=token, worker=worker, started_at=moment))
    return Claim(row.id, row.kind, row.args, row.attempts, token)


def keep(
    session: Session, claim: Claim, until: datetime, **values: object
) -> tuple[bool, datetime | None]:
    """Renew a claim, with what the task tells.

    Returns:
        Whether the claim still stands, and when a person asked the job to stop.
    """
    kept = session.execute(
        _held(claim).values(lease_until=until, **values).returning(Job.cancel_asked_at)
    ).one_or_none()
    return (False, None) if kept is None else (True, kept.cancel_asked_at)


def finish(session: Session, claim: Claim, end: AttemptEnd, **values: object) -> bool:
    """Write how an attempt ended; False when the claim had passed to somebody else."""
    ended = session.execute(_held(claim).values(lease_until=None, **values))
    if not (isinstance(ended, CursorResult) and ended.rowcount):
        return False
    close_attempt(session, claim.job_id, claim.token, end, values.get("error_code"))
    return True


def give_back(session: Session, claim: Claim) -> bool:
    """Put a job back in the queue, as if this attempt had not begun."""
    values = requeued(clock.now())
    return finish(session, claim, AttemptEnd.GIVEN_BACK, attempts=Job.attempts - 1, **values)


def requeued(run_at: datetime) -> dict[str, object]:
    """Return the values of a job that goes back to the queue, or ends there if somebody stopped it."""
    stopped = Job.cancel_asked_at.is_not(None)
    return {
        "state": case((stopped, JobState.CANCELLED), else_=JobState.QUEUED),
        "finished_at": case((stopped, clock.now()), else_=None),
        "run_at": run_at,
    }


def take_back(sessions: sessionmaker[Session]) -> int:
    """Put back in the queue what dead workers left; return how many jobs that made due.

    A job that a person asked to stop is cancelled; one that lost ``LOSSES`` workers fails.
    """
    moment = clock.now()
    left = select(Job.id, Job.worker).where(
        Job.state == JobState.RUNNING, Job.lease_until <= moment
    )
    with sessions() as session:
        found = session.execute(left).all()
    return sum(_take_back(sessions, row.id, row.worker, moment) for row in found)


def close_attempt(
    session: Session,
    job_id: int,
    token: str | None,
    end: AttemptEnd,
    error_code: object = None,
) -> None:
    """Write in the history how the attempt of a claim ended; free what it held."""
    if token:
        release_all(session, token)
    session.execute(
        update(JobAttempt)
        .where(
            JobAttempt.job_id == job_id,
            JobAttempt.token == token,
            JobAttempt.outcome.is_(None),
        )
        .values(ended_at=clock.now(), outcome=end, error_code=error_code)
        .execution_options(synchronize_session=False)
    )


def _take_back(
    sessions: sessionmaker[Session], job_id: int, token: str | None, moment: datetime
) -> bool:
    with sessions.begin() as session:
        job = session.scalar(
            select(Job)
            .where(
                Job.id == job_id,
                Job.worker == token,
                Job.state == JobState.RUNNING,
                Job.lease_until <= moment,
            )
            .with_for_update(skip_locked=True)
        )
        if job is None:
            return False
        job.lease_until = None
        job.attempts -= 1
        close_attempt(session, job_id, token, AttemptEnd.LOST)
        if job.cancel_asked_at is not None:
            job.state, job.finished_at = JobState.CANCELLED, moment
        elif _losses(session, job_id) >= LOSSES:
            job.state, job.finished_at = JobState.FAILED, moment
            job.error_code, job.error_detail = LOST, ""
        else:
            job.state, job.run_at = JobState.QUEUED, moment
        return job.state == JobState.QUEUED


def _losses(session: Session, job_id: int) -> int:
    lost = select(func.count()).where(
        JobAttempt.job_id == job_id, JobAttempt.outcome == AttemptEnd.LOST
    )
    return session.scalar(lost) or 0


def _held(claim: Claim) -> Update:
    return (
        update(Job)
        .where(Job.id == claim.job_id, Job.worker == claim.token, Job.state == JobState.RUNNING)
        .execution_options(synchronize_session=False)
    )

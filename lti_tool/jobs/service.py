"""Asking for background work and reading where it stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import event, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.errors import NotFound
from lti_tool.jobs.models import Job, JobState

PENDING = (JobState.QUEUED, JobState.RUNNING)
_RINGS = "jobs_to_ring"


def enqueue(
    session: Session,
    kind: str,
    args: dict[str, Any],
    *,
    key: str | None = None,
    asked_by: int | None = None,
    run_at: datetime | None = None,
) -> Job:
    """Add a job to the caller's transaction, or return the pending one with the same key.

    Args:
        kind: name of the task.
        args: identifiers that the task takes.
        key: two waiting or running jobs never share it (None: no such limit).
        asked_by: person who asks.
        run_at: not before this moment.
    """
    moment = clock.now()
    if key is not None and (pending := _pending(session, key)):
        return pending
    job = Job(
        kind=kind, args=args, key=key, asked_by=asked_by, created_at=moment, run_at=run_at or moment
    )
    try:
        with session.begin_nested():
            session.add(job)
    except IntegrityError:
        if key is not None and (pending := _pending(session, key)):
            return pending
        raise
    ring_later(session, job)
    return job


def ring_later(session: Session, job: Job) -> None:
    """Have the engine rung for ``job``, a flushed row, once its transaction commits."""
    session.info.setdefault(_RINGS, []).append(job.id)


def release_key(session: Session, job_id: int) -> None:
    """Have a running job give up its key: from now on the same key asks for another job.

    For a task that has nothing left to do but to end. The caller commits.
    """
    session.execute(
        update(Job)
        .where(Job.id == job_id)
        .values(key=None)
        .execution_options(synchronize_session=False)
    )


def find_job(session: Session, public_id: str) -> Job:
    """Return the job with this public identifier.

    Raises:
        NotFound: there is none.
    """
    job = session.scalar(select(Job).where(Job.public_id == public_id))
    if job is None:
        raise NotFound("job")
    return job


def ring_after_commit(sessions: sessionmaker[Session], ring: Callable[[int], None]) -> None:
    """Have ``ring(job_id)`` called for each job once the transaction that asked for it commits."""

    def after_commit(session: Session) -> None:
        for job_id in session.info.pop(_RINGS, []):
            ring(job_id)

    def after_rollback(session: Session) -> None:
        session.info.pop(_RINGS, None)

    event.listen(sessions, "after_commit", after_commit)
    event.listen(sessions, "after_rollback", after_rollback)


def _pending(session: Session, key: str) -> Job | None:
    return session.scalar(select(Job).where(Job.key == key, Job.state.in_(PENDING)))

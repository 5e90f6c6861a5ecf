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
from lti_tool.jobs.models import PENDING, Job, JobState, Priority

_RINGS = "bells_to_ring"
RINGS_AT_ONCE = 16
"""Bells of one transaction at most: each wakes a thread, which works until nothing is due."""


def enqueue(
    session: Session,
    kind: str,
    args: dict[str, Any],
    *,
    key: str | None = None,
    asked_by: int | None = None,
    run_at: datetime | None = None,
    priority: Priority = Priority.NORMAL,
) -> Job:
    """Add a job to the caller's transaction, or return the pending one with the same key.

    One that waits becomes as urgent and as early as it is asked for now.

    Args:
        session: the caller commits it.
        kind: name of the task.
        args: identifiers that the task takes.
        key: two waiting or running jobs never share it (None: no such limit).
        asked_by: person who asks.
        run_at: not before this moment.
        priority: of the jobs that are due the most urgent goes first.
    """
    moment = clock.now()
    run_at = run_at or moment
    if key is not None and (pending := _pending(session, key)):
        return _hasten(session, pending, priority, run_at)
    job = Job(
        kind=kind,
        args=args,
        key=key,
        asked_by=asked_by,
        created_at=moment,
        run_at=run_at,
        priority=priority,
    )
    try:
        with session.begin_nested():
            session.add(job)
    except IntegrityError:
        if key is not None and (pending := _pending(session, key)):
            return _hasten(session, pending, priority, run_at)
        raise
    ring_later(session, job)
    return job


def ring_later(session: Session, job: Job) -> None:
    """Have the bell rung once the transaction of ``job`` commits, if it is due by then."""
    if job.run_at <= clock.now():
        session.info[_RINGS] = session.info.get(_RINGS, 0) + 1


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


def is_held(session: Session, job_id: int, token: str) -> bool:
    """Whether a job is still in the hands of the claim with this token.

    For a task that writes what it fetched a while ago: a process that slept past its lease must not
    write over what its successor fetched since. Asked in the transaction that writes.
    """
    held = select(Job.id).where(
        Job.id == job_id, Job.worker == token, Job.state == JobState.RUNNING
    )
    return session.scalar(held) is not None


def find_job(session: Session, public_id: str) -> Job:
    """Return the job with this public identifier.

    Raises:
        NotFound: there is none.
    """
    job = session.scalar(select(Job).where(Job.public_id == public_id))
    if job is None:
        raise NotFound("job")
    return job


def ring_after_commit(sessions: sessionmaker[Session], ring: Callable[[], None]) -> None:
    """Have ``ring()`` called for each job once the transaction that asked for it commits."""

    def after_commit(session: Session) -> None:
        # A savepoint tells of its end by the same event: nobody else sees the job yet.
        if not session.in_nested_transaction():
            for _bell in range(min(session.info.pop(_RINGS, 0), RINGS_AT_ONCE)):
                ring()

    def after_rollback(session: Session) -> None:
        if not session.in_nested_transaction():
            session.info.pop(_RINGS, None)

    event.listen(sessions, "after_commit", after_commit)
    event.listen(sessions, "after_rollback", after_rollback)


def _hasten(session: Session, job: Job, priority: Priority, run_at: datetime) -> Job:
    """Bring a waiting job forward; one whose last attempt failed keeps the wait before the next."""
    sooner: dict[str, object] = {"priority": min(job.priority, priority)}
    if job.attempts == 0:
        sooner["run_at"] = min(job.run_at, run_at)
    if any(getattr(job, name) != value for name, value in sooner.items()):
        session.execute(
            update(Job).where(Job.id == job.id, Job.state == JobState.QUEUED).values(**sooner)
        )
        ring_later(session, job)
    return job


def _pending(session: Session, key: str) -> Job | None:
    return session.scalar(select(Job).where(Job.key == key, Job.state.in_(PENDING)))

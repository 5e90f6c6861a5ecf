"""Stopping a job and asking for it again, by a person or from the command line."""

from __future__ import annotations

import structlog
from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from lti_tool import clock, journal
from lti_tool.jobs.errors import JobIsOver, JobIsPending
from lti_tool.jobs.models import Job, JobState, Priority
from lti_tool.jobs.service import enqueue, find_job

log = structlog.get_logger(__name__)


def cancel(session: Session, public_id: str, person_id: int | None) -> Job:
    """Stop a job and commit: one that waits at once, one that runs at its next progress.

    Asking twice is harmless.

    Args:
        session: committed here.
        public_id: Job.public_id.
        person_id: who asks, None for the command line.

    Raises:
        NotFound: there is no such job.
        JobIsOver: it ended before.
    """
    job = find_job(session, public_id)
    moment = clock.now()
    stopped = _change(
        session, job, JobState.QUEUED, state=JobState.CANCELLED, finished_at=moment
    ) or _change(session, job, JobState.RUNNING, cancel_asked_at=moment)
    session.refresh(job)
    if not stopped and job.state != JobState.CANCELLED:
        raise JobIsOver
    if stopped:
        journal.record(
            session, actor_id=person_id, action="job.cancelled", subject="job", subject_id=job.id
        )
    session.commit()
    return job


def retry(session: Session, public_id: str, person_id: int | None) -> Job:
    """Ask again for a job that failed or was stopped, and commit; return the new one.

    Raises:
        NotFound: there is no such job.
        JobIsPending: it waits, runs, or went well.
    """
    old = find_job(session, public_id)
    if old.state not in (JobState.FAILED, JobState.CANCELLED):
        raise JobIsPending
    job = enqueue(
        session, old.kind, old.args, key=old.key, asked_by=person_id, priority=Priority.ASKED
    )
    journal.record(
        session, actor_id=person_id, action="job.retried", subject="job", subject_id=old.id
    )
    session.commit()
    return job


def _change(session: Session, job: Job, before: JobState, **values: object) -> bool:
    changed = session.execute(
        update(Job)
        .where(Job.id == job.id, Job.state == before)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return isinstance(changed, CursorResult) and changed.rowcount > 0

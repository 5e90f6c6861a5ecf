"""Stopping a job and asking for it again: by whom, when, and what it leaves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.jobs import Job, JobContext, JobError, JobState, Priority, enqueue, runner, task
from lti_tool.jobs.claims import LEASE, claim_next, take_back
from lti_tool.jobs.control import cancel, retry
from lti_tool.jobs.errors import JobIsOver, JobIsPending
from lti_tool.jobs.runner import Held, run_due_jobs, run_next
from lti_tool.journal.models import JournalEntry
from lti_tool.settings import Settings

went_on: list[int] = []


@task("tests.stopped_half_way")
def stopped_half_way(context: JobContext) -> None:
    """Is asked to stop while it runs."""
    context.progress(1, 3)
    with context.sessions() as session:
        cancel(session, session.get_one(Job, context.job_id).public_id, None)
    context.progress(2, 3)
    went_on.append(2)


@task("tests.stopped_and_down")
def stopped_and_down(context: JobContext) -> None:
    """Is asked to stop, then fails so that another try would follow."""
    with context.sessions() as session:
        cancel(session, session.get_one(Job, context.job_id).public_id, None)
    raise JobError("TEST-DOWN", retryable=True)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "WRITE_EVERY", 0)
    went_on.clear()


def ask(session: Session, kind: str = "tests.stopped_half_way", **more: object) -> Job:
    """Ask for a job."""
    job = enqueue(session, kind, {}, **more)  # type: ignore[arg-type]  # passed on
    session.commit()
    return job


def test_a_job_that_waits_is_stopped_at_once_and_its_key_is_free(
    session: Session, sessions: sessionmaker[Session], settings: Settings
) -> None:
    job = ask(session, key="c")
    assert cancel(session, job.public_id, None).state == JobState.CANCELLED
    assert job.finished_at is not None
    assert run_due_jobs(sessions, settings) == 0
    assert cancel(session, job.public_id, None).state == JobState.CANCELLED, "twice is harmless"
    assert ask(session, key="c").id != job.id
    session.commit()
    [entry] = session.scalars(select(JournalEntry).where(JournalEntry.action == "job.cancelled"))
    assert entry.subject_id == job.id


def test_a_job_that_runs_stops_at_its_next_progress(
    session: Session, sessions: sessionmaker[Session], settings: Settings
) -> None:
    job = ask(session)
    session.commit()
    run_next(sessions, settings)
    session.refresh(job)
    assert (job.state, job.progress_done, went_on) == (JobState.CANCELLED, 2, [])


def test_a_job_asked_to_stop_that_fails_is_not_tried_again(
    session: Session, sessions: sessionmaker[Session], settings: Settings
) -> None:
    job = ask(session, "tests.stopped_and_down")
    session.commit()
    run_next(sessions, settings)
    session.refresh(job)
    assert job.state == JobState.CANCELLED
    assert job.finished_at is not None


@pytest.mark.parametrize("how", ["lost", "given back"])
def test_a_job_asked_to_stop_whose_worker_goes_away_does_not_begin_again(
    session: Session, sessions: sessionmaker[Session], how: str
) -> None:
    job = ask(session)
    claim = claim_next(sessions, "going:1")
    assert claim is not None
    assert cancel(session, job.public_id, None).state == JobState.RUNNING
    session.commit()
    if how == "given back":
        Held(sessions, claim, LEASE).give_back()
    else:
        with clock.set_to(clock.now() + LEASE + timedelta(seconds=1)):
            take_back(sessions)
    session.refresh(job)
    assert job.state == JobState.CANCELLED


def test_a_job_that_is_over_cannot_be_stopped(session: Session) -> None:
    job = ask(session)
    job.state = JobState.DONE
    session.commit()
    with pytest.raises(JobIsOver):
        cancel(session, job.public_id, None)


def test_a_job_that_failed_is_asked_for_again_before_those_that_wait(session: Session) -> None:
    job = ask(session, "tests.other", key="c")
    job.state = JobState.FAILED
    session.commit()
    again = retry(session, job.public_id, None)
    assert (again.kind, again.key, again.priority) == ("tests.other", "c", Priority.ASKED)
    assert retry(session, job.public_id, None).id == again.id, "twice asks once"


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.RUNNING, JobState.DONE])
def test_a_job_that_did_not_stop_is_not_asked_for_again(session: Session, state: JobState) -> None:
    job = ask(session)
    job.state = state
    session.commit()
    with pytest.raises(JobIsPending):
        retry(session, job.public_id, None)

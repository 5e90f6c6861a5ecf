"""A whole worker on each engine of the background work: it hears, leads, stops cleanly, outlives its servers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from threading import Event, Thread
from threading import enumerate as enumerate_threads

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.jobs import Job, JobContext, JobState, enqueue, schedule, task
from lti_tool.jobs.engine import Bell
from lti_tool.jobs.models import AttemptEnd, JobAttempt, JobWorker, Lease
from lti_tool.jobs.runner import run_next
from lti_tool.jobs.service import ring_after_commit
from lti_tool.jobs.worker import Pace, Worker
from lti_tool.settings import Settings

NEVER = 3600.0
PACE = Pace(lease=timedelta(seconds=30), beat=0.05, look=NEVER, again=0.02, grace=5.0)
DEAF = "redis://127.0.0.1:1/0"
"""Nobody answers there."""
begun, released = Event(), Event()


@task("tests.wait_for_release")
def wait_for_release(context: JobContext) -> None:
    """Work in steps until released."""
    begun.set()
    while not released.wait(0.02):
        context.progress(1, 2)


@task("tests.wait_without_a_word")
def wait_without_a_word(context: JobContext) -> None:
    """Wait for an answer that does not come before it is released."""
    begun.set()
    released.wait(20)


@pytest.fixture(autouse=True)
def _fresh(sessions: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(schedule, "_daily", {})
    monkeypatch.setattr(schedule, "_frequent", {})
    begun.clear()
    released.clear()
    yield
    released.set()
    # A task that was given back goes on in its thread, with a connection of its own.
    until(lambda: not any(one.name.startswith("worker-") for one in enumerate_threads()))


@contextmanager
def working(
    sessions: sessionmaker[Session], settings: Settings, bell: Bell, pace: Pace = PACE
) -> Iterator[Worker]:
    """A worker at work in a thread of its own."""
    worker = Worker(sessions, settings, bell, threads=2, pace=pace)
    thread = Thread(target=worker.run)
    thread.start()
    try:
        yield worker
    finally:
        worker.stop()
        thread.join(20)
        assert not thread.is_alive()


def until(true: Callable[[], bool]) -> None:
    """Wait until something is so."""
    limit = time.monotonic() + 20
    while not true():
        assert time.monotonic() < limit
        time.sleep(0.01)


def ask(sessions: sessionmaker[Session], kind: str) -> int:
    """Ask for a job."""
    with sessions.begin() as session:
        return enqueue(session, kind, {}).id


def state(sessions: sessionmaker[Session], job_id: int) -> JobState:
    """Where a job stands."""
    with sessions() as session:
        return session.get_one(Job, job_id).state


def test_a_worker_hears_the_bell_of_any_engine(
    sessions: sessionmaker[Session], settings: Settings, queue_url: str
) -> None:
    bell = Bell(queue_url)
    ring_after_commit(sessions, bell.ring)
    with closing(bell), working(sessions, settings, Bell(queue_url)):
        # It looks once when it starts, then only when the bell rings.
        until(lambda: led(sessions))
        released.set()
        jobs = [ask(sessions, "tests.wait_for_release") for _number in range(5)]
        until(lambda: all(state(sessions, job) == JobState.DONE for job in jobs))


def test_with_a_bell_that_nobody_answers_work_is_done_all_the_same(
    sessions: sessionmaker[Session], settings: Settings
) -> None:
    bell = Bell(DEAF)
    ring_after_commit(sessions, bell.ring)
    released.set()
    with working(sessions, settings, Bell(DEAF)):
        job = ask(sessions, "tests.wait_for_release")
        until(lambda: state(sessions, job) == JobState.DONE)


def test_a_worker_told_to_stop_gives_back_a_long_task_at_its_next_progress(
    sessions: sessionmaker[Session], settings: Settings
) -> None:
    job = ask(sessions, "tests.wait_for_release")
    with working(sessions, settings, Bell(DEAF)):
        assert begun.wait(20)
    assert state(sessions, job) == JobState.QUEUED
    released.set()
    assert run_next(sessions, settings), "due at once"
    with sessions() as session:
        ends = session.scalars(select(JobAttempt.outcome).order_by(JobAttempt.id)).all()
        assert ends == [AttemptEnd.GIVEN_BACK, AttemptEnd.DONE]
        assert session.get_one(Job, job).attempts == 1
        assert not session.scalars(select(JobWorker)).all(), "and it says that it left"
        assert not session.scalars(select(Lease)).all(), "and leads no more"


def test_a_task_that_says_nothing_is_given_back_when_the_grace_is_over(
    sessions: sessionmaker[Session], settings: Settings
) -> None:
    job = ask(sessions, "tests.wait_without_a_word")
    pace = Pace(lease=timedelta(seconds=30), beat=0.05, look=NEVER, again=0.02, grace=0.1)
    with working(sessions, settings, Bell(DEAF), pace):
        assert begun.wait(20)
    assert state(sessions, job) == JobState.QUEUED
    released.set()


def test_a_short_task_ends_before_its_worker_does(
    sessions: sessionmaker[Session], settings: Settings
) -> None:
    job = ask(sessions, "tests.wait_without_a_word")
    with working(sessions, settings, Bell(DEAF)) as worker:
        assert begun.wait(20)
        release = Thread(target=lambda: (until(worker._stop.is_set), released.set()))
        release.start()
    release.join()
    assert state(sessions, job) == JobState.DONE


def test_the_beat_keeps_a_task_that_says_nothing(
    sessions: sessionmaker[Session], settings: Settings
) -> None:
    job = ask(sessions, "tests.wait_without_a_word")
    pace = Pace(lease=timedelta(seconds=0.4), beat=0.05, look=NEVER, again=0.02)
    with working(sessions, settings, Bell(DEAF), pace):
        assert begun.wait(20)
        first = lease(sessions, job)
        until(lambda: lease(sessions, job) > first + timedelta(seconds=0.5))
        released.set()
        until(lambda: state(sessions, job) == JobState.DONE)
    with sessions() as session:
        assert session.scalars(select(JobAttempt.outcome)).all() == [AttemptEnd.DONE]


def test_two_workers_have_one_leader_and_the_other_follows(
    sessions: sessionmaker[Session], settings: Settings
) -> None:
    with working(sessions, settings, Bell(DEAF)) as second:
        with working(sessions, settings, Bell(DEAF)) as first:
            until(lambda: led(sessions) in (first.name, second.name))
            with sessions() as session:
                assert len(session.scalars(select(Lease)).all()) == 1
        until(lambda: led(sessions) == second.name)


def led(sessions: sessionmaker[Session]) -> str:
    """Who leads."""
    with sessions() as session:
        return session.scalar(select(Lease.holder)) or ""


def lease(sessions: sessionmaker[Session], job_id: int) -> datetime:
    """Until when a running job is held."""
    with sessions() as session:
        until = session.get_one(Job, job_id).lease_until
    assert until is not None
    return until

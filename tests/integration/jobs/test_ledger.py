"""The ledger of background work: one job a key, one worker a job, nothing lost, nothing done twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.errors import NotFound
from lti_tool.jobs import Job, JobContext, JobError, JobState, enqueue, find_job, task
from lti_tool.jobs.claims import ATTEMPTS, LEASE
from lti_tool.jobs.runner import run_due_jobs, run_next
from lti_tool.jobs.service import ring_after_commit
from lti_tool.settings import Settings

ran: list[int] = []


@task("tests.count")
def count(context: JobContext, number: int) -> dict[str, int]:
    """Note that it ran."""
    context.progress(1, 2)
    ran.append(number)
    return {"number": number}


@task("tests.fail")
def fail(context: JobContext, retryable: bool) -> None:
    """Fail in a known way."""
    raise JobError("TEST-FAILED", "as asked", retryable=retryable)


@task("tests.refuse")
def refuse(context: JobContext) -> None:
    """Be refused by a service."""
    raise NotFound("the course is gone")


@task("tests.crash")
def crash(context: JobContext) -> None:
    """Fail in an unknown way."""
    raise ZeroDivisionError


@task("tests.outlive")
def outlive(context: JobContext) -> None:
    """Sleep past the lease while another worker takes the job over."""
    with context.sessions.begin() as session:
        session.get_one(Job, context.job_id).worker = "another"
    context.progress(1)
    ran.append(-1)


@pytest.fixture(autouse=True)
def _fresh() -> None:
    ran.clear()


def add(sessions: sessionmaker[Session], kind: str, key: str | None = None, **args: object) -> int:
    """Commit one job and return its number."""
    with sessions.begin() as session:
        return enqueue(session, kind, dict(args), key=key).id


def state_of(sessions: sessionmaker[Session], job_id: int) -> Job:
    """Read a job afresh."""
    with sessions() as session:
        return session.get_one(Job, job_id)


def test_a_job_runs_once_and_keeps_its_result(
    sessions: sessionmaker[Session], settings: Settings
) -> None:
    job_id = add(sessions, "tests.count", number=7)
    assert run_next(sessions, settings)
    assert not run_next(sessions, settings)
    job = state_of(sessions, job_id)
    assert (job.state, job.result, job.progress_done, job.attempts) == (
        JobState.DONE,
        {"number": 7},
        1,
        1,
    )
    assert ran == [7]


def test_a_job_is_rung_after_the_commit_and_never_after_a_rollback(
    sessions: sessionmaker[Session],
) -> None:
    rung: list[str] = []
    ring_after_commit(sessions, lambda: rung.append("bell"))
    with sessions() as session:
        enqueue(session, "tests.count", {"number": 1})
        assert rung == []
        session.rollback()
    assert rung == []
    with sessions() as session:
        for number in range(2):
            enqueue(session, "tests.count", {"number": number})
        assert rung == [], "the savepoint of the second one is no commit of the first"
        session.commit()
    assert rung == ["bell"] * 2
    with sessions.begin() as session:
        enqueue(session, "tests.count", {}, run_at=clock.now() + timedelta(hours=1))
    assert rung == ["bell"] * 2, "nothing can be done of it yet"


def test_two_waiting_jobs_never_share_a_key_but_a_finished_one_frees_it(
    sessions: sessionmaker[Session], settings: Settings
) -> None:
    first = add(sessions, "tests.count", key="course:1", number=1)
    assert add(sessions, "tests.count", key="course:1", number=1) == first
    run_next(sessions, settings)
    assert add(sessions, "tests.count", key="course:1", number=1) != first


def test_of_many_workers_rung_at_once_one_gets_the_job(
    sessions: sessionmaker[Session], settings: Settings
) -> None:
    add(sessions, "tests.count", number=3)
    barrier = Barrier(6)
    outcomes: list[bool] = []

    def work() -> None:
        barrier.wait()
        outcomes.append(run_next(sessions, settings))

    threads = [Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False] * 5 + [True]
    assert ran == [3]


def test_two_transactions_asking_at_once_for_the_same_key_make_one_job(
    sessions: sessionmaker[Session],
) -> None:
    barrier = Barrier(4)
    found: list[int] = []

    def ask() -> None:
        barrier.wait()
        found.append(add(sessions, "tests.count", key="same", number=1))

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert len(found) == 4


def test_a_known_failure_ends_or_waits_for_its_next_attempt(
    sessions: sessionmaker[Session], settings: Settings
) -> None:
    final, again = (
        add(sessions, "tests.fail", retryable=False),
        add(sessions, "tests.fail", retryable=True),
    )
    run_due_jobs(sessions, settings)
    assert (state_of(sessions, final).state, state_of(sessions, final).error_code) == (
        JobState.FAILED,
        "TEST-FAILED",
    )
    waiting = state_of(sessions, again)
    assert waiting.state == JobState.QUEUED
    assert waiting.run_at > clock.now()
    assert not run_next(sessions, settings)


def test_attempts_have_a_limit(sessions: sessionmaker[Session], settings: Settings) -> None:
    job_id = add(sessions, "tests.fail", retryable=True)
    moment = clock.now()
    for attempt in range(ATTEMPTS):
        with clock.set_to(moment + timedelta(hours=attempt)):
            assert run_next(sessions, settings)
    job = state_of(sessions, job_id)
    assert (job.state, job.attempts) == (JobState.FAILED, ATTEMPTS)


def test_a_bug_in_a_task_ends_in_the_ledger_without_its_text(
    sessions: sessionmaker[Session], settings: Settings
) -> None:
    job_id = add(sessions, "tests.crash")
    run_next(sessions, settings)
    job = state_of(sessions, job_id)
    assert (job.error_code, job.error_detail) == ("JOB-CRASHED", "see the log")


def test_what_a_service_refuses_keeps_its_code_and_is_not_tried_again(
    sessions: sessionmaker[Session], settings: Settings
) -> None:
    job_id = add(sessions, "tests.refuse")
    run_next(sessions, settings)
    job = state_of(sessions, job_id)
    assert (job.state, job.error_code) == (JobState.FAILED, NotFound.code)


def test_an_unknown_kind_fails_by_name(sessions: sessionmaker[Session], settings: Settings) -> None:
    job_id = add(sessions, "tests.nothing")
    run_next(sessions, settings)
    assert state_of(sessions, job_id).error_code == "JOB-UNKNOWN-KIND"


def test_a_worker_that_outlived_its_lease_writes_nothing(
    sessions: sessionmaker[Session], settings: Settings
) -> None:
    job_id = add(sessions, "tests.outlive")
    run_next(sessions, settings)
    job = state_of(sessions, job_id)
    assert (job.state, job.worker) == (JobState.RUNNING, "another")
    assert ran == []


def test_a_job_is_found_by_its_public_identifier_alone(session: Session) -> None:
    job = enqueue(session, "tests.count", {"number": 1})
    session.commit()
    assert find_job(session, job.public_id).id == job.id
    assert len(job.public_id) == 22


KILLED_WORKER = """
import sys, time
from lti_tool.app import create_runtime
from lti_tool.jobs import JobContext, task
from lti_tool.jobs.runner import run_next
from lti_tool.settings import Settings
settings = Settings.model_validate_json(sys.stdin.readline())

@task("tests.killed")
def killed(context: JobContext) -> None:
    print("running", flush=True)
    time.sleep(60)

parts = create_runtime(settings)
run_next(parts.sessions, settings)
"""


def test_a_job_whose_worker_is_killed_is_done_by_the_next_one(
    sessions: sessionmaker[Session], settings: Settings
) -> None:
    job_id = add(sessions, "tests.killed")
    values = settings.model_dump(mode="json")
    values["secret_keys"] = [key.get_secret_value() for key in settings.secret_keys]
    worker = subprocess.Popen(
        [sys.executable, "-c", KILLED_WORKER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdin is not None
    assert worker.stdout is not None
    worker.stdin.write(json.dumps(values) + "\n")
    worker.stdin.flush()
    assert worker.stdout.readline() == "running\n"
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    worker.stdin.close()
    worker.stdout.close()
    assert state_of(sessions, job_id).state == JobState.RUNNING
    assert run_due_jobs(sessions, settings) == 0
    with sessions.begin() as session:
        session.get_one(Job, job_id).kind = "tests.count"
        session.get_one(Job, job_id).args = {"number": 9}
    with clock.set_to(clock.now() + LEASE + timedelta(seconds=1)):
        assert run_due_jobs(sessions, settings) == 1
    job = state_of(sessions, job_id)
    assert (job.state, job.attempts, ran) == (JobState.DONE, 1, [9])

"""How a job passes from hand to hand: the most urgent first, taken back from the dead, given back by the living."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.jobs import (
    Job,
    JobContext,
    JobError,
    JobState,
    Priority,
    enqueue,
    leases,
    schedule,
    task,
)
from lti_tool.jobs.claims import ATTEMPTS, LEASE, LOSSES, claim_next, take_back
from lti_tool.jobs.leader import Leader, sweep
from lti_tool.jobs.models import AttemptEnd, JobAttempt
from lti_tool.jobs.runner import Held, run_due_jobs, run_next
from lti_tool.settings import Settings

ran: list[str] = []
SECOND = timedelta(seconds=1)


@task("tests.note")
def note(context: JobContext, name: str) -> None:
    """Note that it ran."""
    ran.append(name)


@task("tests.stumble")
def stumble(context: JobContext) -> None:
    """Fail so that another try follows."""
    context.progress(3, 7)
    raise JobError("TEST-DOWN", retryable=True)


@pytest.fixture(autouse=True)
def _fresh() -> None:
    ran.clear()


def add(
    sessions: sessionmaker[Session], name: str, priority: Priority = Priority.NORMAL, **more: object
) -> int:
    """Ask for a job that notes its name."""
    with sessions.begin() as session:
        return enqueue(session, "tests.note", {"name": name}, priority=priority, **more).id  # type: ignore[arg-type]  # passed on


def read(sessions: sessionmaker[Session], job_id: int) -> Job:
    """Read a job afresh."""
    with sessions() as session:
        return session.get_one(Job, job_id)


def outcomes(sessions: sessionmaker[Session], job_id: int) -> list[AttemptEnd | None]:
    """How the attempts of a job ended."""
    with sessions() as session:
        ended = select(JobAttempt.outcome).where(JobAttempt.job_id == job_id)
        return list(session.scalars(ended.order_by(JobAttempt.id)))


def test_the_most_urgent_goes_first_then_the_earliest_then_the_oldest(
    sessions: sessionmaker[Session], settings: Settings
) -> None:
    moment = clock.now()
    add(sessions, "night", Priority.BACKGROUND, run_at=moment - timedelta(hours=9))
    add(sessions, "usual", run_at=moment - 2 * SECOND)
    add(sessions, "usual and earlier", run_at=moment - 3 * SECOND)
    add(sessions, "usual and younger", run_at=moment - 2 * SECOND)
    add(sessions, "asked", Priority.ASKED)
    add(sessions, "asked for later", Priority.ASKED, run_at=moment + timedelta(hours=1))
    assert run_due_jobs(sessions, settings) == 5
    assert ran == ["asked", "usual and earlier", "usual", "usual and younger", "night"]


def test_many_workers_share_the_jobs_and_none_runs_twice(
    sessions: sessionmaker[Session], settings: Settings
) -> None:
    names = [f"job {number}" for number in range(12)]
    for name in names:
        add(sessions, name)
    start = Barrier(4)

    def work() -> None:
        start.wait()
        while run_next(sessions, settings):
            pass

    threads = [Thread(target=work) for _worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # On PostgreSQL a worker that finds every row locked goes away: the others end them.
    assert sorted(ran) == sorted(names)


def test_a_job_asked_for_again_becomes_as_urgent_as_it_is_asked_for_now(
    sessions: sessionmaker[Session],
) -> None:
    moment = clock.now()
    job = add(sessions, "course", Priority.BACKGROUND, key="c", run_at=moment + timedelta(hours=5))
    assert add(sessions, "course", Priority.ASKED, key="c") == job
    hastened = read(sessions, job)
    assert hastened.priority == Priority.ASKED
    assert hastened.run_at <= clock.now()
    assert add(sessions, "course", Priority.BACKGROUND, key="c") == job
    assert read(sessions, job).priority == Priority.ASKED


def test_asking_again_does_not_shorten_the_wait_after_a_failure(
    sessions: sessionmaker[Session], settings: Settings
) -> None:
    with sessions.begin() as session:
        job = enqueue(session, "tests.stumble", {}, key="c").id
    run_next(sessions, settings)
    wait = read(sessions, job).run_at
    with sessions.begin() as session:
        enqueue(session, "tests.stumble", {}, key="c", priority=Priority.ASKED)
    assert read(sessions, job).run_at == wait > clock.now()


def test_each_attempt_is_kept_with_its_worker_and_its_end(
    sessions: sessionmaker[Session], settings: Settings
) -> None:
    with sessions.begin() as session:
        job = enqueue(session, "tests.stumble", {}).id
    moment = clock.now()
    for turn in range(ATTEMPTS):
        with clock.set_to(moment + turn * timedelta(hours=1)):
            assert run_next(sessions, settings, worker="here:1")
    assert outcomes(sessions, job) == [AttemptEnd.RETRIED] * (ATTEMPTS - 1) + [AttemptEnd.FAILED]
    with sessions() as session:
        attempts = session.scalars(select(JobAttempt)).all()
    assert {(one.worker, one.error_code) for one in attempts} == {("here:1", "TEST-DOWN")}
    assert all(one.ended_at == one.started_at for one in attempts)
    assert (read(sessions, job).progress_done, read(sessions, job).progress_total) == (3, 7)


def test_what_a_dead_worker_left_goes_back_to_the_queue_and_is_done(
    sessions: sessionmaker[Session], settings: Settings
) -> None:
    job = add(sessions, "left")
    assert claim_next(sessions, "dead:1") is not None
    assert take_back(sessions) == 0, "its lease is not over"
    with clock.set_to(clock.now() + LEASE + SECOND):
        assert take_back(sessions) == 1
        assert take_back(sessions) == 0
        assert run_due_jobs(sessions, settings) == 1
    assert outcomes(sessions, job) == [AttemptEnd.LOST, AttemptEnd.DONE]


def test_a_job_over_which_too_many_workers_died_ends_and_spares_the_others(
    sessions: sessionmaker[Session], settings: Settings
) -> None:
    job, moment = add(sessions, "deadly"), clock.now()
    for turn in range(LOSSES):
        with clock.set_to(moment + turn * (LEASE + SECOND)):
            take_back(sessions)
            assert claim_next(sessions, "dead:1") is not None
    with clock.set_to(moment + LOSSES * (LEASE + SECOND)):
        assert run_due_jobs(sessions, settings) == 0
    ended = read(sessions, job)
    assert (ended.state, ended.error_code, ended.lease_until) == (
        JobState.FAILED,
        "JOB-LEASE",
        None,
    )
    assert outcomes(sessions, job) == [AttemptEnd.LOST] * LOSSES


def test_a_beat_keeps_a_job_however_long_its_task_waits(sessions: sessionmaker[Session]) -> None:
    add(sessions, "long")
    claim = claim_next(sessions, "alive:1")
    assert claim is not None
    held, moment = Held(sessions, claim, LEASE), clock.now()
    for turn in range(1, 5):
        with clock.set_to(moment + turn * LEASE * 0.9):
            held.beat()
            assert take_back(sessions) == 0


def test_a_job_given_back_is_due_at_once_and_the_attempt_does_not_count(
    sessions: sessionmaker[Session], settings: Settings
) -> None:
    job = add(sessions, "given back")
    for _stop in range(ATTEMPTS + 1):
        claim = claim_next(sessions, "stopped:1")
        assert claim is not None
        Held(sessions, claim, LEASE).give_back()
    assert run_next(sessions, settings)
    assert (read(sessions, job).state, read(sessions, job).attempts) == (JobState.DONE, 1)
    assert outcomes(sessions, job) == [AttemptEnd.GIVEN_BACK] * (ATTEMPTS + 1) + [AttemptEnd.DONE]


def test_a_worker_that_outlived_its_lease_gives_nothing_back(
    sessions: sessionmaker[Session],
) -> None:
    job = add(sessions, "passed on")
    claim = claim_next(sessions, "slow:1")
    assert claim is not None
    with clock.set_to(clock.now() + LEASE + SECOND):
        take_back(sessions)
        assert claim_next(sessions, "quick:1") is not None
        Held(sessions, claim, LEASE).give_back()
    assert read(sessions, job).state == JobState.RUNNING


@pytest.mark.parametrize("how", ["done", "given back", "lost"])
def test_what_a_job_held_is_free_when_its_attempt_ends(
    sessions: sessionmaker[Session], how: str
) -> None:
    add(sessions, "holds a slot of its site")
    claim = claim_next(sessions, "dead:1")
    assert claim is not None
    until = clock.now() + timedelta(hours=1)
    with sessions.begin() as session:
        assert leases.acquire(session, "site", f"{claim.token}1", until)
        assert leases.acquire(session, "other", "somebody else", until)
    if how == "lost":
        with clock.set_to(clock.now() + LEASE + SECOND):
            take_back(sessions)
    elif how == "given back":
        Held(sessions, claim, LEASE).give_back()
    else:
        Held(sessions, claim, LEASE).end(AttemptEnd.DONE, state=JobState.DONE)
    with sessions.begin() as session:
        assert leases.acquire(session, "site", "next", until)
        assert not leases.acquire(session, "other", "next", until)


def test_the_sweep_rings_for_what_is_due(sessions: sessionmaker[Session]) -> None:
    bells = list[str]()
    assert sweep(sessions, lambda: bells.append("bell")) == 0
    for name in ("one", "two"):
        add(sessions, name)
    add(sessions, "later", run_at=clock.now() + timedelta(hours=1))
    assert sweep(sessions, lambda: bells.append("bell")) == 2
    assert bells == ["bell"] * 2


def test_one_leads_and_another_takes_over_when_it_is_silent(
    sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "_daily", {})
    monkeypatch.setattr(schedule, "_frequent", {})
    add(sessions, "left")
    claim_next(sessions, "dead:1")
    first, second = (
        Leader(sessions, name, lambda: None, term=timedelta(seconds=30)) for name in ("a", "b")
    )
    first.turn()
    second.turn()
    assert (first.leads, second.leads) == (True, False)
    with clock.set_to(clock.now() + LEASE + SECOND):
        assert second.turn() == 1, "what the dead worker left is due again"
        first.turn()
        assert (first.leads, second.leads) == (False, True)
        second.resign()
        first.turn()
        assert first.leads

"""What is done every day is asked for once, by whichever worker comes, and caught up once."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.jobs import Job, JobContext, JobState, Priority, schedule, task
from lti_tool.jobs.runner import run_due_jobs
from lti_tool.jobs.schedule import Asker, DailyTask, ask_for_periodic_work, daily, every
from lti_tool.settings import Settings

KIND = "tests.every_day"
AT = time(1, 30)
NIGHT = datetime(2026, 9, 2, 1, 30, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@task(KIND)
def every_day(_context: JobContext) -> dict[str, object]:
    """Do nothing, every day."""
    return {}


@pytest.fixture(autouse=True)
def _only_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "_daily", {})
    monkeypatch.setattr(schedule, "_frequent", {})
    daily(KIND, AT)


def asked(sessions: sessionmaker[Session]) -> list[datetime]:
    """For which moments the task was asked for."""
    with sessions() as session:
        return list(session.scalars(select(Job.run_at).where(Job.kind == KIND).order_by(Job.id)))


def ask_at(sessions: sessionmaker[Session], moment: datetime) -> int:
    """Sweep at a moment."""
    with clock.set_to(moment):
        return ask_for_periodic_work(sessions)


def test_it_is_asked_for_once_a_day(sessions: sessionmaker[Session], settings: Settings) -> None:
    assert ask_at(sessions, NIGHT) == 1
    assert ask_at(sessions, NIGHT + MINUTE) == 0
    with clock.set_to(NIGHT + MINUTE):
        assert run_due_jobs(sessions, settings) == 1
    assert ask_at(sessions, NIGHT + 2 * MINUTE) == 0, "nor again once it is done"
    assert ask_at(sessions, NIGHT + DAY - MINUTE) == 0
    assert ask_at(sessions, NIGHT + DAY) == 1
    assert asked(sessions) == [NIGHT, NIGHT + DAY]


def test_a_worker_that_was_off_asks_for_the_last_day_only(
    sessions: sessionmaker[Session], settings: Settings
) -> None:
    ask_at(sessions, NIGHT)
    with clock.set_to(NIGHT):
        run_due_jobs(sessions, settings)
    assert ask_at(sessions, NIGHT + 5 * DAY - MINUTE) == 1
    assert asked(sessions) == [NIGHT, NIGHT + 4 * DAY]


def test_workers_that_sweep_together_ask_once(sessions: sessionmaker[Session]) -> None:
    start, made = Barrier(3), []

    def sweep() -> None:
        start.wait()
        made.append(ask_at(sessions, NIGHT))

    threads = [Thread(target=sweep) for _worker in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [0, 0, 1]
    assert asked(sessions) == [NIGHT]


def test_a_failure_is_not_asked_for_again_before_the_next_day(
    sessions: sessionmaker[Session], settings: Settings
) -> None:
    ask_at(sessions, NIGHT)
    with sessions.begin() as session:
        job = session.scalars(select(Job)).one()
        job.state = JobState.FAILED
    assert ask_at(sessions, NIGHT + 6 * timedelta(hours=1)) == 0
    assert ask_at(sessions, NIGHT + DAY) == 1


def test_what_is_done_every_few_minutes_waits_for_its_last_turn(
    sessions: sessionmaker[Session], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "_daily", {})
    every(KIND, minutes=5, priority=Priority.SOON)
    assert ask_at(sessions, NIGHT) == 1
    assert ask_at(sessions, NIGHT + 4 * MINUTE) == 0
    assert ask_at(sessions, NIGHT + 5 * MINUTE) == 0, "the turn before it was not done yet"
    with clock.set_to(NIGHT + 6 * MINUTE):
        run_due_jobs(sessions, settings)
    assert ask_at(sessions, NIGHT + 7 * MINUTE) == 1
    assert asked(sessions) == [NIGHT, NIGHT + 5 * MINUTE]
    with sessions() as session:
        assert set(session.scalars(select(Job.priority))) == {Priority.SOON}


def test_a_leader_with_nothing_to_ask_for_reads_nothing(sessions: sessionmaker[Session]) -> None:
    asker, read = Asker(sessions), list[str]()
    with clock.set_to(NIGHT):
        assert asker.ask() == 1
        event.listen(
            sessions.kw["bind"], "before_cursor_execute", lambda *about: read.append(about[2])
        )
        assert asker.ask() == 0
    assert read == []


def test_more_often_than_each_minute_is_refused() -> None:
    with pytest.raises(ValueError, match="every minute"):
        every(KIND, minutes=0)


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        (NIGHT, NIGHT),
        (NIGHT - timedelta(microseconds=1), NIGHT - DAY),
        (NIGHT + timedelta(hours=22), NIGHT),
    ],
)
def test_the_last_time_it_was_due_is_never_in_the_future(moment: datetime, due: datetime) -> None:
    assert DailyTask(KIND, AT).last_due(moment) == due

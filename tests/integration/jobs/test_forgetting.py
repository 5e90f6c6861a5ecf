"""What is over is kept for as long as the settings say, then erased without harm to what names it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.grades.models import Pull
from lti_tool.jobs import Job, JobState, enqueue, history
from lti_tool.jobs.models import JobAttempt, JobWorker, Lease
from lti_tool.jobs.runner import run_due_jobs
from lti_tool.jobs.schedule import PERIODIC
from lti_tool.jobs.tasks import FORGET
from lti_tool.settings import Settings
from tests.factories import make_course, make_site

DAY = timedelta(days=1)


def over(
    session: Session, ago: timedelta, state: JobState = JobState.DONE, key: str | None = None
) -> int:
    """A job that ended so long ago, with one attempt."""
    job = enqueue(session, "tests.over", {}, key=key)
    job.state, job.finished_at = state, clock.now() - ago
    session.add(JobAttempt(job_id=job.id, token="t", worker="h:1", started_at=clock.now() - ago))
    session.commit()
    return job.id


def left(session: Session) -> set[int]:
    """The jobs that are left."""
    session.expire_all()
    return set(session.scalars(select(Job.id).where(Job.kind == "tests.over")))


def test_old_jobs_go_with_their_attempts_and_their_readings_stay(
    session: Session,
    sessions: sessionmaker[Session],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(history, "BATCH", 2)
    course = make_course(session, make_site(session))
    old = [over(session, 91 * DAY, state) for state in (JobState.DONE, JobState.FAILED)]
    old.append(over(session, 200 * DAY, JobState.CANCELLED))
    recent = over(session, 89 * DAY)
    waiting = enqueue(session, "tests.over", {}, run_at=clock.now() + DAY)
    waiting.created_at = clock.now() - 300 * DAY
    pull = Pull(course_id=course.id, job_id=old[0], started_at=clock.now(), warnings=[])
    session.add(pull)
    enqueue(session, FORGET, {})
    session.commit()
    assert run_due_jobs(sessions, settings) == 1
    assert left(session) == {recent, waiting.id}
    assert session.get_one(Pull, pull.id).job_id is None
    attempts = set(session.scalars(select(JobAttempt.job_id)))
    assert not attempts & set(old)
    done = session.scalars(select(Job).where(Job.kind == FORGET)).one()
    assert done.result == {"forgotten": 3}


def test_periodic_work_that_went_well_is_kept_for_two_days(
    session: Session, sessions: sessionmaker[Session]
) -> None:
    over(session, 3 * DAY, key=f"{PERIODIC}tests.over")
    failed = over(session, 3 * DAY, JobState.FAILED, key=f"{PERIODIC}tests.over")
    fresh = over(session, DAY, key=f"{PERIODIC}tests.over")
    asked = over(session, 3 * DAY, key="tests.over:1")
    assert history.forget_old_jobs(sessions, clock.now(), 90) == 1
    assert left(session) == {failed, fresh, asked}


def test_what_dead_processes_left_goes_too(
    session: Session, sessions: sessionmaker[Session]
) -> None:
    moment = clock.now()

    def seen(name: str, ago: timedelta) -> None:
        at: datetime = moment - ago
        session.add(JobWorker(name=name, threads=2, started_at=at, seen_at=at))
        session.add(Lease(name=name, slot=0, holder=name, until=at))

    seen("dead:1", 2 * DAY)
    seen("alive:1", timedelta(seconds=5))
    session.commit()
    history.forget_old_jobs(sessions, moment, 90)
    assert list(session.scalars(select(JobWorker.name))) == ["alive:1"]
    assert list(session.scalars(select(Lease.name))) == ["alive:1"]

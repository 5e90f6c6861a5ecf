"""Marks: none is lost, whenever it is made, and one reading covers those that it found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.grades import tasks
from lti_tool.grades.due import ask_for_left, forget_gone, give_back, mark_due, settle_due, take_due
from lti_tool.grades.models import DueReading
from lti_tool.grades.rules.scope import EVERY_PART, WHOLE, Part, Scope
from lti_tool.grades.service import ask_for_pull
from lti_tool.jobs import Job, JobState, Priority
from lti_tool.jobs.control import cancel
from lti_tool.jobs.runner import run_next
from lti_tool.platforms.models import Course
from lti_tool.settings import Settings
from tests.factories import make_course, make_site


@pytest.fixture
def course(session: Session) -> Course:
    """A course of a site that nobody asks."""
    made = make_course(session, make_site(session))
    session.commit()
    return made


def mark(
    session: Session,
    course: Course,
    subjects: list[int] | None,
    *parts: Part,
    priority: Priority = Priority.SOON,
) -> Job:
    """Mark and commit."""
    job = mark_due(
        session,
        course.id,
        subjects,
        parts=parts or EVERY_PART,
        priority=priority,
        reason="report",
    )
    session.commit()
    return job


def marks(session: Session) -> list[tuple[int | None, list[str], bool]]:
    """What is marked."""
    session.expire_all()
    rows = session.scalars(select(DueReading).order_by(DueReading.id)).all()
    session.rollback()
    return [(row.subject, row.parts, row.taken) for row in rows]


def test_asking_for_a_pull_marks_the_whole_course(session: Session, course: Course) -> None:
    job = ask_for_pull(session, course, None)
    assert ask_for_pull(session, course, None).id == job.id
    assert take_due(session, course.id).scope == WHOLE


def test_marks_of_one_learner_merge_until_a_reading_takes_them(
    session: Session, course: Course
) -> None:
    first = mark(session, course, [7, 8], Part.GRADES, priority=Priority.NORMAL)
    assert mark(session, course, [7], Part.COMPLETION).id == first.id
    assert marks(session) == [(7, ["completion", "grades"], False), (8, ["grades"], False)]
    assert sorted(session.scalars(select(DueReading.priority))) == [20, 30]
    taken = take_due(session, course.id)
    session.commit()
    mark(session, course, [7], Part.GRADES)
    assert marks(session)[2] == (7, ["grades"], False)
    assert taken.scope == Scope(
        everyone=frozenset(), grades=frozenset({7, 8}), completion=frozenset({7})
    )


def test_a_mark_made_while_a_course_is_read_asks_for_another_reading(
    session: Session, course: Course
) -> None:
    job = mark(session, course, None)
    job.state = JobState.RUNNING
    taken = take_due(session, course.id)
    session.commit()
    assert mark(session, course, [7], Part.GRADES).id == job.id
    following = settle_due(session, course.id, taken, job.id)
    session.commit()
    assert following is not None
    assert following.id != job.id
    assert marks(session) == [(7, ["grades"], False)]


def test_a_mark_made_after_the_last_look_asks_for_a_job_of_its_own(
    session: Session, course: Course
) -> None:
    job = mark(session, course, None)
    job.state = JobState.RUNNING
    taken = take_due(session, course.id)
    assert settle_due(session, course.id, taken, job.id) is None
    session.commit()
    assert job.state == JobState.RUNNING
    assert mark(session, course, [7]).id != job.id


def test_what_a_dead_reading_took_is_taken_by_the_next(
    sessions: sessionmaker[Session], session: Session, course: Course
) -> None:
    mark(session, course, [7], Part.GRADES)
    take_due(session, course.id)
    session.commit()
    mark(session, course, [8], Part.GRADES)
    with sessions.begin() as other:
        assert take_due(other, course.id).scope.grades == {7, 8}


def test_marks_given_back_wait_again(session: Session, course: Course) -> None:
    mark(session, course, [7], Part.GRADES)
    give_back(session, take_due(session, course.id))
    session.commit()
    mark(session, course, [7], Part.GRADES)
    assert marks(session) == [(7, ["grades"], False)]


def test_marks_of_a_deleted_course_are_forgotten_and_those_of_others_stay(
    session: Session, course: Course
) -> None:
    deleted = make_course(session, course.site, 99)
    mark(session, deleted, [7])
    mark(session, course, [8])
    deleted.gone_at = clock.now()
    forget_gone(session)
    session.commit()
    assert [subject for subject, _parts, _taken in marks(session)] == [8]


def test_a_reading_that_a_person_stops_leaves_its_marks_to_the_next(
    sessions: sessionmaker[Session],
    session: Session,
    settings: Settings,
    course: Course,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    course.site.token = "0" * 32
    job = mark(session, course, [7])
    number = job.public_id
    session.rollback()

    def stopped(*_: object, progress: Callable[[int, int], None], **__: object) -> None:
        with sessions() as other:
            cancel(other, number, None)
        progress(0, 1)

    monkeypatch.setattr(tasks, "pull_course", stopped)
    assert run_next(sessions, settings)
    session.expire_all()
    assert session.scalars(select(Job.state)).all() == [JobState.CANCELLED]
    assert marks(session) == [(7, sorted(EVERY_PART), False)]


def test_what_a_reading_that_failed_left_is_asked_for_again_each_time_later(
    session: Session, course: Course
) -> None:
    course.site.token = "f" * 32
    with time_machine.travel(clock.now(), tick=False) as now:
        job = mark(session, course, [7], Part.GRADES)
        job.state, job.finished_at = JobState.FAILED, clock.now()
        session.commit()
        asked = []
        for hour in range(48):
            now.shift(timedelta(hours=1))
            if ask_for_left(session):
                assert not ask_for_left(session), "it waits already"
                asked.append(hour + 1)
                for waiting in session.scalars(select(Job).where(Job.state == JobState.QUEUED)):
                    waiting.state, waiting.finished_at = JobState.FAILED, clock.now()
            session.commit()
    assert asked[:4] == [1, 2, 3, 5]
    assert asked[-1] - asked[-2] <= 24
    assert marks(session) == [(7, ["grades"], False)]


def test_a_deleted_course_and_a_site_without_token_are_asked_for_no_more(
    session: Session, course: Course
) -> None:
    other = make_course(session, make_site(session, "https://autre.example.org"))
    other.site.token, other.gone_at = "f" * 32, clock.now()
    course.site.token = None
    for one in (course, other):
        mark(session, one, None).state = JobState.FAILED
    session.commit()
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        assert ask_for_left(session) == 0

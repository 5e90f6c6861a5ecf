"""What is said of how fresh values are: read then, seen unchanged since, about to be read, or stuck."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from lti_tool.grades.due import mark_due
from lti_tool.grades.models import LearnerReading, Pull
from lti_tool.grades.watching.freshness import (
    failing_watches,
    known_of_course,
    known_of_person,
    oldest_known,
)
from lti_tool.grades.watching.models import SiteWatch, WatchedEnrolment
from lti_tool.jobs import Priority
from lti_tool.people.accounts import find_or_create_account
from lti_tool.platforms.models import Course
from tests.factories import MOMENT, make_course, make_site

READ = MOMENT
WATCHED = MOMENT + timedelta(hours=3)


@pytest.fixture
def course(session: Session) -> Course:
    """A course read whole, with one learner, on a site watched since."""
    made = make_course(session, make_site(session), 2)
    session.add(Pull(course_id=made.id, started_at=READ, finished_at=READ, warnings=[]))
    account = find_or_create_account(session, site_id=made.site_id, subject="7", full_name="Awa")
    session.add(
        LearnerReading(course_id=made.id, account_id=account.id, read_at=READ, covered=True)
    )
    session.add(
        SiteWatch(
            site_id=made.site_id,
            next_at=WATCHED,
            started_at=WATCHED,
            read_at=WATCHED,
            reset_at=READ - timedelta(days=1),
        )
    )
    session.add(
        WatchedEnrolment(
            site_id=made.site_id, course=2, subject=7, grade=1, completion=1, membership=1, access=1
        )
    )
    session.commit()
    return made


def person_of(session: Session, course: Course) -> int:
    """The learner."""
    return find_or_create_account(session, site_id=course.site_id, subject="7").person_id


def both(session: Session, course: Course) -> list[tuple[datetime | None, bool]]:
    """When the course, then its learner, was confirmed; and whether a change is about to be read."""
    session.expire_all()
    known = [
        known_of_course(session, course.id),
        known_of_person(session, course, person_of(session, course)),
    ]
    assert all(one.read_at == READ for one in known)
    return [(one.confirmed_at, one.being_read) for one in known]


def test_what_a_watch_saw_unchanged_is_as_fresh_as_the_watch(
    session: Session, course: Course
) -> None:
    assert both(session, course) == [(WATCHED, False)] * 2


def test_what_moved_is_not_confirmed_until_it_is_read(session: Session, course: Course) -> None:
    mark_due(session, course.id, [7], priority=Priority.SOON, reason="report")
    assert both(session, course) == [(None, True)] * 2


def test_a_change_of_somebody_else_leaves_a_learner_confirmed(
    session: Session, course: Course
) -> None:
    mark_due(session, course.id, [8], priority=Priority.SOON, reason="report")
    assert both(session, course) == [(None, True), (WATCHED, False)]


def test_who_is_not_in_the_report_is_not_confirmed(session: Session, course: Course) -> None:
    session.execute(update(WatchedEnrolment).values(subject=9))
    assert both(session, course) == [(WATCHED, False), (None, False)]


def test_a_watch_that_took_everything_as_it_is_confirms_nothing_read_before(
    session: Session, course: Course
) -> None:
    session.execute(update(SiteWatch).values(reset_at=READ + timedelta(minutes=1)))
    assert both(session, course) == [(None, False)] * 2


def test_a_watch_that_fails_is_told_with_the_last_values(session: Session, course: Course) -> None:
    assert failing_watches(session) == []
    session.execute(update(SiteWatch).values(failing_since=WATCHED, error_code="WATCH-EMPTY"))
    session.expire_all()
    known = known_of_course(session, course.id)
    assert (known.failing_since, known.confirmed_at) == (WATCHED, WATCHED)
    assert [watch.site_id for watch in failing_watches(session)] == [course.site_id]


def test_of_several_courses_the_least_fresh_speaks(session: Session, course: Course) -> None:
    other = make_course(session, course.site, 3)
    never = make_course(session, course.site, 4)
    before = READ - timedelta(days=2)
    session.add(Pull(course_id=other.id, started_at=before, finished_at=before, warnings=[]))
    session.flush()
    assert oldest_known(session, [course.id, other.id, never.id]).at == before
    assert oldest_known(session, [never.id]).at is None

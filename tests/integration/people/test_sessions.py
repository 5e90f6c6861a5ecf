"""Sessions of a browser: begun by a launch, loaded with the grants in force, ended."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.people.models import BrowserSession, CourseRole, Role, SessionCourse
from lti_tool.people.sessions import create_session, end_visit, load_viewer
from tests.factories import MOMENT, make_course, make_grant, make_partner, make_person, make_site


def test_nobody_holds_a_token_that_was_not_given(session: Session) -> None:
    create_session(session, make_person(session).id, {})

    for token in ("", "inventé", "\x00", "\ud800", "x" * 10_000):
        assert load_viewer(session, token) is None


def test_rights_come_from_the_grants_in_force_at_each_request(session: Session) -> None:
    person, partner = make_person(session), make_partner(session)
    lead = make_grant(session, person, Role.PARTNER_LEAD, partner)
    make_grant(session, person, Role.COORDINATOR)
    _browser, token = create_session(session, person.id, {})

    viewer = load_viewer(session, token)
    assert viewer is not None
    assert viewer.partners == {partner.public_id: partner.id}
    assert viewer.roles == {"coordinator"}

    lead.revoked_at = clock.now()
    session.flush()
    viewer = load_viewer(session, token)
    assert viewer is not None
    assert viewer.partners == {}


def test_the_grants_of_others_give_nothing(session: Session) -> None:
    make_grant(session, make_person(session, "Autre Fictive"), Role.COORDINATOR)
    _browser, token = create_session(session, make_person(session).id, {})

    viewer = load_viewer(session, token)

    assert viewer is not None
    assert (viewer.roles, viewer.partners, viewer.courses) == (frozenset(), {}, {})


def test_the_course_opened_last_comes_last(session: Session) -> None:
    site = make_site(session)
    first, second = make_course(session, site), make_course(session, site)
    person = make_person(session)
    _browser, token = create_session(session, person.id, {second.id: CourseRole.TRAINER})
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):
        _browser, token = create_session(
            session, person.id, {first.id: CourseRole.LEARNER}, previous=token
        )

    viewer = load_viewer(session, token)

    assert viewer is not None
    assert list(viewer.courses.items()) == [(second.id, "trainer"), (first.id, "learner")]


def test_the_course_of_an_ended_session_is_not_inherited(session: Session) -> None:
    course = make_course(session, make_site(session))
    person = make_person(session)
    _browser, token = create_session(session, person.id, {course.id: CourseRole.TRAINER})

    with time_machine.travel(clock.now() + timedelta(hours=8), tick=False):
        _browser, token = create_session(session, person.id, {}, previous=token)
        viewer = load_viewer(session, token)

    assert viewer is not None
    assert viewer.courses == {}


def test_an_ended_session_is_gone_with_its_courses(session: Session) -> None:
    course = make_course(session, make_site(session))
    browser, token = create_session(
        session, make_person(session).id, {course.id: CourseRole.LEARNER}
    )

    end_visit(session, browser.visit)

    assert load_viewer(session, token) is None
    assert session.scalar(select(func.count()).select_from(SessionCourse)) == 0


@pytest.mark.parametrize("hours", [1, 72])
def test_sessions_that_are_over_are_swept_by_the_next_one(session: Session, hours: int) -> None:
    person = make_person(session)
    create_session(session, person.id, {}, lifetime=timedelta(hours=hours))

    with time_machine.travel(clock.now() + timedelta(hours=hours), tick=False):
        create_session(session, person.id, {})

    assert session.scalar(select(func.count()).select_from(BrowserSession)) == 1


def test_a_course_is_open_no_longer_than_its_own_launch_allows(session: Session) -> None:
    site = make_site(session)
    first, second = make_course(session, site), make_course(session, site)
    person = make_person(session)
    with clock.set_to(MOMENT):
        _browser, token = create_session(session, person.id, {first.id: CourseRole.TRAINER})
    with clock.set_to(MOMENT + timedelta(hours=7)):
        _browser, token = create_session(
            session, person.id, {second.id: CourseRole.LEARNER}, previous=token
        )
    with clock.set_to(MOMENT + timedelta(hours=8)):
        viewer = load_viewer(session, token)

    assert viewer is not None
    assert viewer.courses == {second.id: "learner"}


def test_a_launch_keeps_the_tabs_opened_before_it_with_the_frame(session: Session) -> None:
    course, person = make_course(session, make_site(session)), make_person(session)
    frame, token = create_session(session, person.id, {course.id: CourseRole.LEARNER})
    tab, _tab_token = create_session(session, person.id, {}, visit=frame.visit)

    again, _token = create_session(
        session, person.id, {course.id: CourseRole.LEARNER}, previous=token
    )

    assert again.visit == tab.visit


def test_another_person_s_launch_ends_the_tabs_that_were_opened_from_the_frame(
    session: Session,
) -> None:
    course = make_course(session, make_site(session))
    first, second = make_person(session), make_person(session, "Autre Fictive")
    frame, token = create_session(session, first.id, {course.id: CourseRole.LEARNER})
    _tab, tab_token = create_session(session, first.id, {}, visit=frame.visit)

    _browser, now = create_session(
        session, second.id, {course.id: CourseRole.LEARNER}, previous=token
    )

    assert load_viewer(session, tab_token) is None
    viewer = load_viewer(session, now)
    assert viewer is not None
    assert viewer.person_id == second.id

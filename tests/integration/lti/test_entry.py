"""What an accepted launch leaves: an account, a course, a session of this browser with its role."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.people.models import Account, BrowserSession, Person, SessionCourse
from lti_tool.people.sessions import load_viewer
from lti_tool.platforms.models import Course, Registration
from lti_tool.web.access import Viewer
from tests.factories import make_course, make_person, make_site
from tests.security.forge import (
    INSTRUCTOR,
    LEARNER,
    Door,
    launch_claims,
    private_key,
    public_jwk,
    publish,
    registration_of,
    sign,
)


def viewer_at(door: Door, session: Session) -> Viewer | None:
    """Who the tool thinks is at this browser."""
    with door.client.session_transaction() as cookie:
        token = cookie.get("sid")
    found = load_viewer(session, token) if token else None
    session.rollback()
    return found


def context(number: int) -> dict[str, str]:
    return {"id": str(number), "label": f"C{number}", "title": f"Cours fictif {number}"}


def test_a_launch_makes_the_account_the_person_and_the_course(
    door: Door, session: Session, registration: Registration
) -> None:
    door.launch({"name": "Nde\u0300ye Fictive", "given_name": "Nde\u0300ye"})

    account = session.scalars(select(Account)).one()
    course = session.scalars(select(Course)).one()
    assert (account.site_id, account.subject) == (registration.site_id, "41")
    assert (account.person.full_name, account.idnumber) == ("Ndèye Fictive", "ADH-2026-039")
    assert (course.site_id, course.moodle_id) == (registration.site_id, 2)
    assert (course.idnumber, course.shortname) == ("RMP-ADL-01", "ADL-01 Communication")


def test_the_course_opens_in_the_role_of_the_launch(door: Door, session: Session) -> None:
    answer = door.launch({"roles": [INSTRUCTOR]})

    course = session.scalars(select(Course)).one()
    assert answer.headers["Location"] == f"/cours/{course.id}/arrivee"
    opened = session.scalars(select(SessionCourse)).one()
    assert opened.return_url == "http://moodle.localhost:8081/course/view.php?id=2"
    viewer = viewer_at(door, session)
    assert viewer is not None
    assert viewer.courses == {course.id: "trainer"}
    assert (viewer.partners, viewer.roles) == ({}, frozenset())


def test_a_second_launch_writes_nothing_twice(door: Door, session: Session) -> None:
    door.launch()
    door.launch()

    for table in (Account, Person, Course):
        assert session.scalar(select(func.count()).select_from(table)) == 1


def test_a_name_changed_in_moodle_is_changed_here(door: Door, session: Session) -> None:
    door.launch()
    door.launch({"name": "Séverine Imaginée", "given_name": "Séverine"})

    assert session.scalars(select(Person)).one().full_name == "Séverine Imaginée"


def test_what_moodle_no_longer_shares_is_kept(door: Door, session: Session) -> None:
    door.launch()
    door.launch({"name": None, "given_name": None, "family_name": None, "lis": None})

    person = session.scalars(select(Person)).one()
    assert (person.full_name, person.given_name) == ("Séverine Fictive & Fils", "Séverine")
    assert session.scalars(select(Account)).one().idnumber == "ADH-2026-039"
    session.rollback()


def test_somebody_whose_name_is_not_shared_enters_under_a_number(
    door: Door, session: Session
) -> None:
    door.launch({"name": None, "given_name": None, "family_name": None})

    assert session.scalars(select(Person)).one().full_name == "Compte 41"


def test_the_same_number_on_another_site_is_another_person(door: Door, session: Session) -> None:
    other = make_site(session, "http://autre.localhost:8082")
    publish(session, registration_of(session, other), public_jwk("autre"))
    door.launch()

    state, nonce = door.login(iss="http://autre.localhost:8082")
    claims = launch_claims(clock.now(), nonce, {"iss": "http://autre.localhost:8082"})
    assert door.post(state, sign(claims, key=private_key("autre"))).status_code == 303

    assert session.scalar(select(func.count()).select_from(Person)) == 2


def test_the_same_e_mail_never_joins_two_accounts(door: Door, session: Session) -> None:
    door.launch({"email": "commune@example.test"})
    door.launch({"sub": "42", "email": "commune@example.test"})

    assert session.scalar(select(func.count()).select_from(Person)) == 2


def test_a_person_known_from_web_services_is_found_again(
    door: Door, session: Session, registration: Registration
) -> None:
    known = make_person(session, "Séverine Fictive", registration.site, subject="41")
    course = make_course(session, registration.site, 2, gone_at=clock.now())
    session.commit()

    door.launch()

    viewer = viewer_at(door, session)
    assert viewer is not None
    assert viewer.person_id == known.id
    session.refresh(course)
    assert course.gone_at is None


def test_every_launch_makes_a_new_session_and_ends_the_former(door: Door, session: Session) -> None:
    door.launch()
    with door.client.session_transaction() as cookie:
        before = cookie["sid"]
    door.launch()
    with door.client.session_transaction() as cookie:
        after = cookie["sid"]

    assert before != after
    assert load_viewer(session, before) is None
    assert session.scalar(select(func.count()).select_from(BrowserSession)) == 1


def test_the_token_of_the_session_is_not_in_the_database(door: Door, session: Session) -> None:
    door.launch()
    with door.client.session_transaction() as cookie:
        token = cookie["sid"]

    row = session.scalars(select(BrowserSession)).one()
    assert token != row.token_hash
    assert len(token) >= 43


def test_a_session_given_beforehand_is_worth_nothing_after_a_launch(
    app: Flask, door: Door, session: Session
) -> None:
    intruder = Door(app.test_client())
    intruder.launch({"sub": "2"})
    with intruder.client.session_transaction() as cookie:
        planted = cookie["sid"]
    with door.client.session_transaction() as cookie:
        cookie["sid"] = planted

    door.launch()

    assert load_viewer(session, planted) is None
    viewer = viewer_at(door, session)
    assert viewer is not None
    assert viewer.full_name == "Séverine Fictive & Fils"


def test_two_tabs_on_two_courses_both_stay_open(door: Door, session: Session) -> None:
    door.launch({"context": context(2)})
    door.launch({"context": context(16), "roles": [INSTRUCTOR]})

    viewer = viewer_at(door, session)
    assert viewer is not None
    numbers = {
        session.get_one(Course, course_id).moodle_id: role
        for course_id, role in viewer.courses.items()
    }
    assert numbers == {2: "learner", 16: "trainer"}


def test_a_second_person_in_the_browser_inherits_nothing(door: Door, session: Session) -> None:
    door.launch({"context": context(2), "roles": [INSTRUCTOR]})
    door.launch({"context": context(16), "sub": "42", "name": "Autre Fictive"})

    viewer = viewer_at(door, session)
    assert viewer is not None
    assert viewer.full_name == "Autre Fictive"
    assert list(viewer.courses.values()) == ["learner"]


def test_a_trainer_become_learner_is_a_learner_at_the_next_launch(
    door: Door, session: Session
) -> None:
    door.launch({"roles": [INSTRUCTOR]})
    door.launch({"roles": [LEARNER]})

    viewer = viewer_at(door, session)
    assert viewer is not None
    assert list(viewer.courses.values()) == ["learner"]


def test_a_role_is_not_kept_alive_by_launches_of_other_courses(
    door: Door, session: Session
) -> None:
    door.launch({"context": context(2), "roles": [INSTRUCTOR]})

    with time_machine.travel(clock.now() + timedelta(hours=7), tick=False) as travel:
        door.launch({"context": context(16)})
        travel.shift(timedelta(hours=2))
        door.launch({"context": context(16)})
        viewer = viewer_at(door, session)

    assert viewer is not None
    assert list(viewer.courses.values()) == ["learner"]


def test_a_session_ends_by_itself(door: Door, session: Session) -> None:
    door.launch()

    with time_machine.travel(clock.now() + timedelta(hours=8, seconds=1), tick=False):
        assert viewer_at(door, session) is None


def test_a_suspended_account_does_not_enter(
    door: Door, session: Session, registration: Registration
) -> None:
    make_person(session, "Séverine Fictive", registration.site, subject="41")
    session.scalars(select(Account)).one().suspended = True
    session.commit()

    answer = door.launch()

    assert answer.status_code == 403
    page = answer.get_data(as_text=True)
    assert "<code>LTI-ACCOUNT-SUSPENDED</code>" in page
    assert "Actualiser les notes" in page, "how an account that was opened again comes in"
    assert viewer_at(door, session) is None

"""Where a launch leads, which space is shown as the present one, and the way back to the course."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from itsdangerous import URLSafeSerializer
from sqlalchemy.orm import Session

from lti_tool.people.models import CourseRole, Role
from lti_tool.people.service.leaving import SALT
from lti_tool.people.sessions import create_session
from tests.factories import (
    make_course,
    make_grant,
    make_partner,
    make_person,
    make_site,
    sign_in,
)

CURRENT = re.compile(r'<a href="([^"]*)" aria-current="page">')


def test_a_launch_leads_learners_and_trainers_to_their_course(
    client: FlaskClient, session: Session
) -> None:
    course = make_course(session, make_site(session))
    for role, page in ((CourseRole.LEARNER, "parcours"), (CourseRole.TRAINER, "formation")):
        sign_in(client, session, make_person(session), {course.id: role})
        assert client.get(f"/cours/{course.id}/arrivee").location == f"/cours/{course.id}/{page}"


def test_a_launch_leads_a_lead_to_their_association(client: FlaskClient, session: Session) -> None:
    course = make_course(session, make_site(session))
    person, partner = make_person(session), make_partner(session)
    make_grant(session, person, Role.PARTNER_LEAD, partner)
    sign_in(client, session, person, {course.id: CourseRole.LEARNER})
    assert client.get(f"/cours/{course.id}/arrivee").location == f"/association/{partner.public_id}"
    make_grant(session, person, Role.PARTNER_LEAD, make_partner(session, "Autre Fictive"))
    session.commit()
    assert client.get(f"/cours/{course.id}/arrivee").location == "/"


def test_a_lead_who_trains_arrives_in_the_course(client: FlaskClient, session: Session) -> None:
    course = make_course(session, make_site(session))
    person = make_person(session)
    make_grant(session, person, Role.PARTNER_LEAD, make_partner(session))
    sign_in(client, session, person, {course.id: CourseRole.TRAINER})
    assert client.get(f"/cours/{course.id}/arrivee").location == f"/cours/{course.id}/formation"


def test_a_launch_leads_a_coordinator_to_the_coordination(
    client: FlaskClient, session: Session
) -> None:
    course = make_course(session, make_site(session))
    person = make_person(session)
    make_grant(session, person, Role.COORDINATOR)
    sign_in(client, session, person, {course.id: CourseRole.TRAINER})
    assert client.get(f"/cours/{course.id}/arrivee").location == "/coordination"
    for path, shown in (
        ("/coordination", "/coordination"),
        ("/coordination/sites/ajouter", "/coordination/sites"),
        ("/coordination/cles", "/coordination/sites"),
        ("/coordination/sites/invitations", "/coordination/sites"),
        ("/coordination/acces", "/coordination/acces"),
    ):
        assert CURRENT.findall(client.get(path).text) == [shown]


def test_leaving_leads_to_the_course_that_is_shown(client: FlaskClient, session: Session) -> None:
    site = make_site(session)
    first, second = make_course(session, site, 2), make_course(session, site, 3)
    person = make_person(session)
    _browser, token = create_session(session, person.id, {first.id: CourseRole.LEARNER})
    browser, token = create_session(
        session,
        person.id,
        {second.id: CourseRole.LEARNER},
        previous=token,
    )
    session.commit()
    with client.session_transaction() as cookie:
        cookie["sid"] = token
    key = client.application.config["SECRET_KEY"]
    for path, number in (
        (f"/cours/{first.id}/ancrage", first.id),
        (f"/cours/{second.id}/ancrage", second.id),
        ("/mes-donnees", second.id),
    ):
        form = re.search(r'<form[^>]*action="/quitter".*?</form>', client.get(path).text, re.DOTALL)
        assert form is not None
        [ticket] = re.findall(r'name="ticket" value="([^"]+)"', form[0])
        assert URLSafeSerializer(key, SALT).loads(ticket) == [browser.visit, number]

"""A launch lands on what its activity was placed for, for each role in the course."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lti_tool.lti.models import Placement
from lti_tool.people.models import CourseRole, Purpose, Role
from lti_tool.people.service import record_choices
from lti_tool.web.landing import LANDING
from tests.factories import (
    make_course,
    make_domain,
    make_grant,
    make_partner,
    make_person,
    make_site,
    map_course,
    sign_in,
)


def test_every_placement_has_a_page_for_every_role(app: Flask) -> None:
    assert set(LANDING) == {(str(one), str(role)) for one in Placement for role in CourseRole}
    assert {page.endpoint for page in LANDING.values()} <= set(app.view_functions)


@pytest.mark.parametrize("placement", list(Placement))
@pytest.mark.parametrize("role", list(CourseRole))
def test_the_page_of_every_placement_opens(
    client: FlaskClient, session: Session, placement: Placement, role: CourseRole
) -> None:
    course = make_course(session, make_site(session))
    map_course(session, course, make_domain(session))
    person = make_person(session)
    record_choices(session, person_id=person.id, given=dict.fromkeys(Purpose, False))
    sign_in(client, session, person, {course.id: role})

    landed = client.get(f"/cours/{course.id}/arrivee?place={placement}", follow_redirects=True)

    assert landed.status_code == 200
    assert len(landed.history) == 1


@pytest.mark.parametrize(
    ("role", "placement", "page"),
    [
        (CourseRole.LEARNER, "path", "parcours"),
        (CourseRole.LEARNER, "action", "mes-preuves"),
        (CourseRole.LEARNER, "certification", "parcours#certificats"),
        (CourseRole.LEARNER, "cohort", "parcours"),
        (CourseRole.TRAINER, "path", "formation"),
        (CourseRole.TRAINER, "action", "preuves"),
        (CourseRole.TRAINER, "certification", "propositions"),
        (CourseRole.TRAINER, "cohort", "formation#apprenants"),
        (CourseRole.LEARNER, "administration", "parcours"),
        (CourseRole.TRAINER, "", "formation"),
    ],
)
def test_each_role_lands_where_it_can_act(
    client: FlaskClient, session: Session, role: CourseRole, placement: str, page: str
) -> None:
    course = make_course(session, make_site(session))
    sign_in(client, session, make_person(session), {course.id: role})

    landed = client.get(f"/cours/{course.id}/arrivee?place={placement}")

    assert landed.location == f"/cours/{course.id}/{page}"


def test_a_learner_is_told_that_the_cohort_is_not_theirs(
    client: FlaskClient, session: Session
) -> None:
    course = make_course(session, make_site(session))
    person = make_person(session)
    record_choices(session, person_id=person.id, given=dict.fromkeys(Purpose, False))
    sign_in(client, session, person, {course.id: CourseRole.LEARNER})

    landed = client.get(f"/cours/{course.id}/arrivee?place=cohort", follow_redirects=True)

    assert "La cohorte s’adresse aux formateur·rices. Voici votre parcours." in landed.text


def test_a_lead_finds_their_association_behind_the_cohort(
    client: FlaskClient, session: Session
) -> None:
    course = make_course(session, make_site(session))
    person, partner = make_person(session), make_partner(session)
    make_grant(session, person, Role.PARTNER_LEAD, partner)
    sign_in(client, session, person, {course.id: CourseRole.LEARNER})

    landed = client.get(f"/cours/{course.id}/arrivee?place=cohort")

    assert landed.location == f"/association/{partner.public_id}"


def test_a_coordinator_lands_on_what_was_placed(client: FlaskClient, session: Session) -> None:
    course = make_course(session, make_site(session))
    person = make_person(session)
    make_grant(session, person, Role.COORDINATOR)
    sign_in(client, session, person, {course.id: CourseRole.TRAINER})

    landed = client.get(f"/cours/{course.id}/arrivee?place=action")

    assert landed.location == f"/cours/{course.id}/preuves"

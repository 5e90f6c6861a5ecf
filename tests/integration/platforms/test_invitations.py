"""Invitation links as the coordination sees them, and the sites that wait for its decision."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import journal
from lti_tool.errors import Conflict, NotFound
from lti_tool.people.models import Role
from lti_tool.platforms.invitations import (
    make_invitation,
    revoke_invitation,
)
from lti_tool.platforms.models import Registration, RegistrationInvitation, RegistrationState
from lti_tool.platforms.service import decide_waiting_registration
from tests.factories import make_grant, make_person, make_site, sign_in
from tests.reading import words_of

PAGE = "/coordination/sites/invitations"


@pytest.fixture
def coordinator(client: FlaskClient, session: Session) -> FlaskClient:
    """The browser of a coordinator."""
    person = make_person(session)
    make_grant(session, person, Role.COORDINATOR)
    sign_in(client, session, person)
    return client


def waiting(session: Session) -> Registration:
    """A site that registered itself."""
    site = make_site(session, "https://nouveau.example.org")
    (registration,) = session.scalars(
        select(Registration).where(Registration.site_id == site.id)
    ).all()
    registration.state = RegistrationState.PENDING
    session.commit()
    return registration


def test_a_link_is_shown_once_and_only_its_hash_is_kept(
    coordinator: FlaskClient, session: Session
) -> None:
    made = coordinator.post(PAGE, data={"note": "Campus fictif"})

    found = re.search(r"http://tool\.localhost/lti/register/([\w-]{43})", made.text)
    assert found is not None
    row = session.scalars(select(RegistrationInvitation)).one()
    assert row.token_hash != found[1]
    assert row.created_by is not None
    session.commit()
    listed = coordinator.get(PAGE)
    assert "Campus fictif" in listed.text
    assert found[1] not in listed.text
    assert coordinator.get(f"/lti/register/{found[1]}").status_code == 200


def test_a_link_can_be_kept_for_one_site(coordinator: FlaskClient, session: Session) -> None:
    site = make_site(session)
    session.commit()

    made = coordinator.post(PAGE, data={"site_id": str(site.id)})

    assert "réservé au site choisi" in words_of(made)
    assert session.scalars(select(RegistrationInvitation)).one().site_id == site.id
    session.commit()
    assert coordinator.post(PAGE, data={"site_id": "999"}).status_code == 404
    assert coordinator.post(PAGE, data={"note": "x" * 201}).status_code == 422


def test_a_link_is_withdrawn_once_and_not_after_it_served(
    coordinator: FlaskClient, session: Session
) -> None:
    make_invitation(session, actor_id=None)
    row = session.scalars(select(RegistrationInvitation)).one()
    number = row.id
    session.commit()

    assert coordinator.post(f"{PAGE}/{number}/annuler").status_code == 303
    assert "annulé" in coordinator.get(PAGE).text
    assert coordinator.post(f"{PAGE}/{number}/annuler").status_code == 409
    assert coordinator.post(f"{PAGE}/999/annuler").status_code == 404

    make_invitation(session, actor_id=None)
    second = session.scalars(select(RegistrationInvitation)).all()[-1]
    second.registration_id = waiting(session).id
    session.commit()
    with pytest.raises(Conflict):
        revoke_invitation(session, actor_id=None, invitation_id=second.id)


@pytest.mark.parametrize(("decision", "state"), [("accept", "active"), ("refuse", "refused")])
def test_a_site_that_came_by_a_link_waits_for_a_decision_that_is_recorded(
    coordinator: FlaskClient, session: Session, decision: str, state: str
) -> None:
    registration = waiting(session)
    number = registration.id
    session.commit()
    assert "https://nouveau.example.org" in coordinator.get(PAGE).text

    answer = coordinator.post(f"{PAGE}/enregistrements/{number}", data={"decision": decision})

    assert answer.status_code == 303
    session.expire_all()
    assert session.get_one(Registration, number).state == state
    (entry,) = journal.entries_about(session, "registration", number)
    assert entry.action == f"registration.{'accepted' if decision == 'accept' else 'refused'}"
    with pytest.raises(Conflict):
        decide_waiting_registration(session, actor_id=None, registration_id=number, accept=True)
    session.rollback()
    with pytest.raises(NotFound):
        decide_waiting_registration(session, actor_id=None, registration_id=999, accept=True)


def test_nobody_else_sees_or_makes_links(client: FlaskClient, session: Session) -> None:
    sign_in(client, session, make_person(session))

    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE).status_code == 404
    assert client.post(f"{PAGE}/1/annuler").status_code == 404
    assert client.post(f"{PAGE}/enregistrements/1").status_code == 404

"""Who may frame the refusal of a site that waits or was closed: that site alone, and that page alone."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.people.models import Role
from lti_tool.platforms.models import Deployment, Registration, RegistrationState
from lti_tool.platforms.service.origins import forget_origins
from tests.factories import make_grant, make_person, make_site, sign_in
from tests.security.forge import BOTH_ENGINES, Door, login_form, refused_with, registration_of
from tests.security.test_login_state import right_token

SITE = "http://moodle.localhost:8081"
CLOSED = pytest.mark.parametrize("state", [RegistrationState.PENDING, RegistrationState.REFUSED])


def ancestors(answer: Any) -> list[str]:
    policy = answer.headers["Content-Security-Policy"]
    [line] = [part for part in policy.split("; ") if part.startswith("frame-ancestors")]
    return line.split()[1:]


def put(session: Session, registration: Registration, state: RegistrationState) -> None:
    registration.state = state
    session.commit()
    forget_origins()


@BOTH_ENGINES
@CLOSED
def test_the_refusal_of_a_login_can_be_read_in_the_frame_of_the_site_it_concerns(
    door: Door, session: Session, registration: Registration, state: RegistrationState
) -> None:
    put(session, registration, state)

    answer = door.client.post("/lti/login", data=login_form())

    assert refused_with(answer, "LTI-REGISTRATION-INACTIVE")
    assert ancestors(answer) == ["'self'", SITE]
    assert "form-action 'self';" in answer.headers["Content-Security-Policy"]


@CLOSED
def test_the_refusal_of_a_launch_can_be_read_in_the_frame_of_the_site_it_concerns(
    door: Door, session: Session, registration: Registration, state: RegistrationState
) -> None:
    login, nonce = door.login()
    put(session, registration, state)

    answer = door.post(login, right_token(nonce))

    assert refused_with(answer, "LTI-REGISTRATION-INACTIVE")
    assert ancestors(answer) == ["'self'", SITE]


def test_another_client_of_a_closed_site_is_refused_in_words_too(
    door: Door, session: Session, registration: Registration
) -> None:
    put(session, registration, RegistrationState.REFUSED)

    answer = door.client.post("/lti/login", data=login_form(client_id="autre"))

    assert refused_with(answer, "LTI-CLIENT-UNKNOWN")
    assert ancestors(answer) == ["'self'", SITE]


def test_an_unknown_deployment_is_told_in_the_frame_of_its_open_site(door: Door) -> None:
    answer = door.launch({"deployment_id": "7"})

    assert refused_with(answer, "LTI-DEPLOYMENT-UNKNOWN")
    assert ancestors(answer) == ["'self'", SITE]


def test_a_waiting_site_is_told_apart_from_a_closed_one(
    door: Door, session: Session, registration: Registration
) -> None:
    put(session, registration, RegistrationState.PENDING)
    assert "attend l’accord de la coordination" in (
        door.client.post("/lti/login", data=login_form()).text
    )

    put(session, registration, RegistrationState.REFUSED)
    assert "La coordination a fermé cet accès" in (
        door.client.post("/lti/login", data=login_form()).text
    )

    put(session, registration, RegistrationState.ACTIVE)
    session.scalars(select(Deployment)).one().state = RegistrationState.REFUSED
    session.commit()
    assert "La coordination a fermé cet accès" in door.launch().text


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://evil.test"},
        {"iss": "https://evil.test", "target_link_uri": "https://evil.test"},
        {"iss": "https://evil.test *"},
        {"iss": "http://moodle.localhost:8081 https://evil.test"},
        {"iss": "\0"},
        {"iss": "https://evil.test", "state": "inconnu"},
    ],
)
def test_a_site_that_is_not_registered_frames_no_refusal_whatever_it_sends(
    door: Door, session: Session, registration: Registration, changes: dict[str, str]
) -> None:
    put(session, registration, RegistrationState.PENDING)

    answer = door.client.post(
        "/lti/login", data=login_form(**changes), headers={"Origin": "https://evil.test"}
    )

    assert answer.status_code in (400, 403)
    assert ancestors(answer) == ["'self'"]


def test_the_state_of_nobody_lets_nobody_frame_the_refusal(
    door: Door, session: Session, registration: Registration
) -> None:
    put(session, registration, RegistrationState.PENDING)

    answer = door.post("inconnu", "x", iss=SITE)

    assert refused_with(answer, "LTI-STATE-UNKNOWN")
    assert ancestors(answer) == ["'self'"]


def test_a_waiting_site_may_frame_no_other_page_nor_the_refusals_of_other_sites(
    door: Door, session: Session, registration: Registration
) -> None:
    other = registration_of(session, make_site(session, "https://autre.example.test"))
    other.state = RegistrationState.REFUSED
    put(session, registration, RegistrationState.PENDING)
    refused = door.client.post("/lti/login", data=login_form(iss="https://autre.example.test"))
    assert ancestors(refused) == ["'self'", "https://autre.example.test"]

    for address in ("/verifier", "/", "/lti/jwks", "/lti/login", "/sites", "/mes-donnees"):
        assert ancestors(door.client.get(address)) == ["'self'"], address


def test_the_refusal_shows_nothing_of_who_is_signed_in(
    client: FlaskClient, door: Door, session: Session, registration: Registration
) -> None:
    person = make_person(session, "Zélie Reconnaissable")
    make_grant(session, person, Role.COORDINATOR)
    sign_in(client, session, person)
    put(session, registration, RegistrationState.PENDING)
    assert "Zélie Reconnaissable" in client.get("/coordination/sites").text

    answer = client.post("/lti/login", data=login_form())

    assert refused_with(answer, "LTI-REGISTRATION-INACTIVE")
    assert "Zélie" not in answer.text
    assert "<nav" not in answer.text
    assert "<form" not in answer.text

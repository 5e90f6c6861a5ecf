"""State and nonce: one login, one browser, one launch. Rows 16 to 22 of the security cases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.lti.models import LoginAttempt
from lti_tool.people.models import BrowserSession
from lti_tool.platforms.models import Deployment, Registration, RegistrationState
from lti_tool.web.runtime import Runtime
from tests.factories import make_site
from tests.security.forge import (
    BASE_URL,
    BOTH_ENGINES,
    LAUNCH_URL,
    Door,
    launch_claims,
    login_form,
    refused_with,
    sign,
)


def right_token(nonce: str, **changes: Any) -> str:
    return sign(launch_claims(clock.now(), nonce, changes))


def sessions_open(session: Session) -> int:
    found = len(session.scalars(select(BrowserSession)).all())
    session.rollback()
    return found


def code_of(answer: Any) -> str:
    return answer.get_data(as_text=True).partition("<code>")[2].partition("</code>")[0]


@BOTH_ENGINES
def test_a_right_launch_enters_and_leaves_no_secret_in_the_address(
    door: Door, session: Session
) -> None:
    answer = door.launch()

    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/cours/")
    assert sessions_open(session) == 1


@BOTH_ENGINES
def test_the_same_token_enters_only_once(door: Door, session: Session) -> None:
    state, nonce = door.login()
    token = right_token(nonce)
    door.post(state, token)

    again = door.post(state, token)

    assert (again.status_code, code_of(again)) == (400, "LTI-STATE-USED")
    assert sessions_open(session) == 1


def test_another_token_cannot_use_a_login_again(door: Door, session: Session) -> None:
    state, nonce = door.login()
    door.post(state, right_token(nonce))

    again = door.post(state, right_token(nonce, sub="2"))

    assert code_of(again) == "LTI-STATE-USED"
    assert sessions_open(session) == 1


@BOTH_ENGINES
def test_of_two_posts_at_the_same_moment_one_enters(
    app: Flask, door: Door, session: Session
) -> None:
    state, nonce = door.login()
    token = right_token(nonce)
    cookies = {cookie.key: cookie.value for cookie in door.client._cookies.values()}
    together = Barrier(4)

    def post() -> str:
        browser = app.test_client()
        for name, value in cookies.items():
            browser.set_cookie(name, value)
        together.wait()
        answer = browser.post("/lti/launch", data={"state": state, "id_token": token})
        return "entered" if answer.status_code == 303 else code_of(answer)

    with ThreadPoolExecutor(4) as threads:
        outcomes = sorted(future.result() for future in [threads.submit(post) for _ in range(4)])

    assert outcomes == ["LTI-STATE-USED"] * 3 + ["entered"]
    assert sessions_open(session) == 1


def test_the_nonce_of_one_login_does_not_serve_another(standing_door: Door) -> None:
    _state_a, nonce_a = standing_door.login()
    state_b, _nonce_b = standing_door.login()

    assert refused_with(standing_door.post(state_b, right_token(nonce_a)), "LTI-NONCE")


def test_a_nonce_of_nobody_is_refused(standing_door: Door) -> None:
    state, _nonce = standing_door.login()

    assert refused_with(standing_door.post(state, right_token("inventé")), "LTI-NONCE")


def test_an_answer_without_state_is_refused(standing_door: Door) -> None:
    _state, nonce = standing_door.login()

    answer = standing_door.client.post("/lti/launch", data={"id_token": right_token(nonce)})

    assert refused_with(answer, "LTI-STATE-MISSING")


def test_a_state_changed_on_the_way_is_refused(standing_door: Door) -> None:
    state, nonce = standing_door.login()

    assert refused_with(standing_door.post(state + "x", right_token(nonce)), "LTI-STATE-UNKNOWN")


@pytest.mark.parametrize("state", ["\x00", "é" * 5000, "'; DROP TABLE person; --", "\ud83d"])
def test_a_state_of_any_shape_is_only_unknown(standing_door: Door, state: str) -> None:
    answer = standing_door.client.post(
        "/lti/launch", data={"state": state.encode(errors="replace"), "id_token": "a.b.c"}
    )

    assert refused_with(answer, "LTI-STATE-UNKNOWN")


def test_another_browser_cannot_bring_the_answer(
    standing_app: tuple[Flask, Runtime], standing_door: Door
) -> None:
    state, nonce = standing_door.login()

    answer = (
        standing_app[0]
        .test_client()
        .post("/lti/launch", data={"state": state, "id_token": right_token(nonce)})
    )

    assert refused_with(answer, "LTI-STATE-BROWSER")
    assert "Ouvrir dans un nouvel onglet" in answer.get_data(as_text=True)


def test_the_cookie_of_another_login_does_not_help(
    standing_app: tuple[Flask, Runtime], standing_door: Door
) -> None:
    state, nonce = standing_door.login()
    victim = Door(standing_app[0].test_client())
    victim.login()

    assert refused_with(victim.post(state, right_token(nonce)), "LTI-STATE-BROWSER")


def test_a_cookie_with_the_right_name_and_another_value_does_not_help(
    standing_app: tuple[Flask, Runtime], standing_door: Door
) -> None:
    state, nonce = standing_door.login()
    [name] = [
        cookie.key for cookie in standing_door.client._cookies.values() if "login" in cookie.key
    ]
    victim = standing_app[0].test_client()
    victim.set_cookie(name, "autre")

    answer = victim.post("/lti/launch", data={"state": state, "id_token": right_token(nonce)})

    assert refused_with(answer, "LTI-STATE-BROWSER")


def test_a_failed_launch_does_not_use_the_login_up(door: Door) -> None:
    state, nonce = door.login()
    door.post(state, right_token(nonce)[:-8])

    assert door.post(state, right_token(nonce)).status_code == 303


@BOTH_ENGINES
def test_a_login_ends_after_ten_minutes_even_with_a_fresh_token(
    door: Door, session: Session
) -> None:
    state, nonce = door.login()

    with time_machine.travel(clock.now() + timedelta(minutes=10, seconds=1), tick=False):
        answer = door.post(state, right_token(nonce))

    assert refused_with(answer, "LTI-STATE-EXPIRED")


@BOTH_ENGINES
def test_old_logins_are_forgotten(door: Door, session: Session) -> None:
    door.login()

    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        door.login()

    assert len(session.scalars(select(LoginAttempt)).all()) == 1


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.test/",
        f"{BASE_URL}.evil.test/lti/launch",
        f"{BASE_URL}/lti/launch#x",
        "javascript:alert(1)",
        f"{LAUNCH_URL}?next=https://evil.test/",
    ],
)
def test_a_login_that_leads_elsewhere_is_refused(standing_door: Door, target: str) -> None:
    answer = standing_door.client.post("/lti/login", data=login_form(target_link_uri=target))

    assert refused_with(answer, "LTI-TARGET-LOGIN")
    assert "Location" not in answer.headers


@pytest.mark.parametrize("missing", ["iss", "login_hint", "target_link_uri"])
def test_a_login_without_a_needed_parameter_is_refused(standing_door: Door, missing: str) -> None:
    form = login_form()
    del form[missing]

    assert refused_with(standing_door.client.post("/lti/login", data=form), "LTI-LOGIN-PARAMETER")


@pytest.mark.parametrize("value", ["x" * 9000, "a\x00b"])
@pytest.mark.parametrize("name", ["iss", "client_id", "lti_message_hint", "login_hint"])
def test_a_parameter_that_no_platform_sends_is_refused(
    standing_door: Door, name: str, value: str
) -> None:
    answer = standing_door.client.post("/lti/login", data=login_form(**{name: value}))

    assert refused_with(answer, "LTI-LOGIN-PARAMETER")


def test_an_unknown_site_is_refused(standing_door: Door) -> None:
    for issuer in ("https://inconnu.test", "http://moodle.localhost:8081/"):
        answer = standing_door.client.post("/lti/login", data=login_form(iss=issuer))
        assert refused_with(answer, "LTI-ISSUER-UNKNOWN")


def test_an_unknown_client_of_a_known_site_is_refused(standing_door: Door) -> None:
    answer = standing_door.client.post("/lti/login", data=login_form(client_id="client-2"))

    assert refused_with(answer, "LTI-CLIENT-UNKNOWN")


def test_a_site_with_one_client_need_not_name_it(standing_door: Door) -> None:
    assert standing_door.login(client_id="")[0]


def test_a_site_with_two_clients_must_name_one(
    door: Door, session: Session, registration: Registration
) -> None:
    session.add(
        Registration(
            site_id=registration.site_id,
            issuer=registration.issuer,
            client_id="client-2",
            auth_login_url=registration.auth_login_url,
            token_url=registration.token_url,
            jwks_url=registration.jwks_url,
            created_at=clock.now(),
        )
    )
    session.commit()

    answer = door.client.post("/lti/login", data=login_form(client_id=""))

    assert refused_with(answer, "LTI-CLIENT-UNKNOWN")


def test_a_registration_that_waits_for_approval_is_refused(
    door: Door, session: Session, registration: Registration
) -> None:
    registration.state = RegistrationState.PENDING
    session.commit()

    answer = door.client.post("/lti/login", data=login_form())

    assert refused_with(answer, "LTI-REGISTRATION-INACTIVE")


def test_a_registration_closed_between_login_and_launch_is_refused(
    door: Door, session: Session, registration: Registration
) -> None:
    state, nonce = door.login()
    registration.state = RegistrationState.REFUSED
    session.commit()

    assert refused_with(door.post(state, right_token(nonce)), "LTI-REGISTRATION-INACTIVE")


def test_an_unknown_deployment_is_refused_with_its_number(standing_door: Door) -> None:
    answer = standing_door.launch({"deployment_id": "7"})

    assert refused_with(answer, "LTI-DEPLOYMENT-UNKNOWN")
    assert "déploiement n° 7" in answer.get_data(as_text=True).replace("\xa0", " ")


def test_the_deployment_of_another_site_is_unknown_here(door: Door, session: Session) -> None:
    other = make_site(session, "http://autre.localhost:8082")
    deployment = session.scalars(
        select(Deployment).join(Registration).where(Registration.site_id == other.id)
    ).one()
    deployment.deployment_id = "9"
    session.commit()

    assert refused_with(door.launch({"deployment_id": "9"}), "LTI-DEPLOYMENT-UNKNOWN")


def test_a_deployment_that_waits_for_approval_is_refused(door: Door, session: Session) -> None:
    session.scalars(select(Deployment)).one().state = RegistrationState.PENDING
    session.commit()

    assert refused_with(door.launch(), "LTI-DEPLOYMENT-INACTIVE")


@pytest.mark.parametrize("named", [None, "", 1, ["1"], "1\x00"])
def test_a_launch_without_a_deployment_is_refused(standing_door: Door, named: object) -> None:
    answer = standing_door.launch({"deployment_id": named})

    assert refused_with(answer, "LTI-DEPLOYMENT-UNKNOWN")


@BOTH_ENGINES
def test_a_zero_byte_is_refused_on_every_engine(door: Door, session: Session) -> None:
    state, nonce = door.login()

    for sent in (
        door.client.post("/lti/launch", data={"state": "\x00", "id_token": "a.b.c"}),
        door.client.post("/lti/login", data=login_form(client_id="a\x00b")),
        door.post(state, right_token(nonce, sub="4\x001")),
    ):
        assert 400 <= sent.status_code < 500
    assert sessions_open(session) == 0

"""What the door shows: the cookie test, the platform's errors, hostile texts, the public keys."""

from __future__ import annotations

import json
import unicodedata
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from lti_tool import clock
from lti_tool.app import create_app
from lti_tool.lti.models import LoginAttempt
from lti_tool.people.models import Person
from lti_tool.platforms.key_turns import rotate_keys
from lti_tool.platforms.keys import signing_key
from lti_tool.platforms.models import ToolKey
from lti_tool.settings import Settings
from lti_tool.web.logs import configure_logs
from lti_tool.web.runtime import Runtime
from tests.security.forge import LAUNCH_URL, Door, launch_claims, login_form, sign

HOSTILE = "<img src=x onerror=alert(1)>"


def set_cookies(answer: Any) -> dict[str, str]:
    """Name → whole header of each cookie that the answer sets."""
    return {header.partition("=")[0]: header for header in answer.headers.getlist("Set-Cookie")}


def test_a_browser_never_seen_gets_the_cookie_test_and_the_hint_stays_unused(
    door: Door, session: Session
) -> None:
    answer = door.client.post("/lti/login", data=login_form())

    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "cookie-check.js" in page
    assert "Ouvrir dans un nouvel onglet" in page
    assert "<noscript>" in page
    assert "&#34;launchid&#34;:&#34;ltilaunch1_2060334819&#34;" in page
    assert session.scalars(select(LoginAttempt)).all() == []


def test_the_cookie_test_goes_on_by_itself_where_cookies_work(door: Door) -> None:
    door.client.post("/lti/login", data=login_form())

    answer = door.client.post("/lti/login", data=login_form() | {"cookies_tested": "1"})

    assert answer.status_code == 302


def test_the_cookie_test_ends_when_the_cookie_did_not_come_back(app: Flask, door: Door) -> None:
    browser = app.test_client(use_cookies=False)

    answer = browser.post("/lti/login", data=login_form() | {"cookies_tested": "1"})

    page = answer.get_data(as_text=True)
    assert "cookie-continue" not in page
    assert "Ouvrir dans un nouvel onglet" in page


def test_a_new_tab_without_cookies_either_says_which_cookies_to_allow(
    app: Flask, door: Door
) -> None:
    browser = app.test_client(use_cookies=False)

    answer = browser.get(
        "/lti/login", query_string=login_form() | {"new_tab": "1", "cookies_tested": "1"}
    )

    assert "Autorisez les cookies pour" in answer.get_data(as_text=True)


def test_the_link_to_a_new_tab_is_the_same_login_by_get(app: Flask, door: Door) -> None:
    page = door.client.post("/lti/login", data=login_form()).get_data(as_text=True)
    link = page.partition('id="cookie-new-tab"')[2].partition('href="')[2].partition('"')[0]
    asked = parse_qs(urlsplit(link.replace("&amp;", "&")).query)

    assert {name: values[0] for name, values in asked.items()} == login_form() | {"new_tab": "1"}
    tab = app.test_client()
    tab.set_cookie("ancrage_cookies", "1")
    assert tab.get(link.replace("&amp;", "&")).status_code == 302


def test_the_authorization_request_is_what_moodle_demands(door: Door) -> None:
    door.client.set_cookie("ancrage_cookies", "1")
    answer = door.client.post("/lti/login", data=login_form())

    address = urlsplit(answer.headers["Location"])
    asked = {name: values[0] for name, values in parse_qs(address.query).items()}
    state, nonce = asked.pop("state"), asked.pop("nonce")
    assert address._replace(query="").geturl() == "http://moodle.localhost:8081/mod/lti/auth.php"
    assert asked == {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": "client-1",
        "redirect_uri": LAUNCH_URL,
        "login_hint": "41",
        "lti_message_hint": '{"cmid":79,"launchid":"ltilaunch1_2060334819"}',
    }
    assert len(state) > 40
    assert len(nonce) > 40
    assert state != nonce


def test_neither_state_nor_nonce_is_stored_in_clear(door: Door, session: Session) -> None:
    state, nonce = door.login()

    row = session.scalars(select(LoginAttempt)).one()
    assert state not in vars(row).values()
    assert nonce not in vars(row).values()


def test_cookies_of_the_frame_are_partitioned(door: Door) -> None:
    cookies = set_cookies(door.client.post("/lti/login", data=login_form()))
    door.client.set_cookie("ancrage_cookies", "1")
    cookies |= set_cookies(door.client.post("/lti/login", data=login_form()))

    assert len(cookies) == 2
    for header in cookies.values():
        assert "Secure" in header
        assert "SameSite=None" in header
        assert "Partitioned" in header
    [login] = [header for name, header in cookies.items() if "login" in name]
    assert "HttpOnly" in login


def test_over_https_the_cookie_of_a_login_cannot_come_from_a_neighbour(
    settings: Settings, parts: Runtime, door: Door
) -> None:
    secure = settings.model_copy(update={"base_url": "https://ancrage.example.test"})
    client = create_app(secure, Runtime(**(_fields(parts) | {"settings": secure}))).test_client()
    client.set_cookie("ancrage_cookies", "1")

    answer = client.post(
        "/lti/login",
        data=login_form(target_link_uri="https://ancrage.example.test/lti/launch"),
    )

    [login] = [header for name, header in set_cookies(answer).items() if "login" in name]
    assert login.startswith("__Host-")
    assert "Path=/;" in login
    assert "Domain" not in login


def test_on_a_plain_address_of_this_machine_cookies_are_lax(
    settings: Settings, parts: Runtime, door: Door
) -> None:
    plain = settings.model_copy(update={"base_url": "http://127.0.0.1:8000"})
    client = create_app(plain, Runtime(**(_fields(parts) | {"settings": plain}))).test_client()

    answer = client.post(
        "/lti/login", data=login_form(target_link_uri="http://127.0.0.1:8000/lti/launch")
    )

    [probe] = set_cookies(answer).values()
    assert "SameSite=Lax" in probe
    assert "Secure" not in probe
    assert "Partitioned" not in probe


def _fields(parts: Runtime) -> dict[str, Any]:
    return {name: getattr(parts, name) for name in Runtime.__slots__}


def test_the_cookie_of_a_login_goes_when_it_is_over(door: Door) -> None:
    answer = door.launch()

    [gone] = [header for name, header in set_cookies(answer).items() if "login" in name]
    assert "Max-Age=0" in gone
    assert "Partitioned" in gone


@pytest.mark.parametrize(
    "sent",
    [
        {"error": "invalid_request", "error_description": "Invalid prompt"},
        {"error": "access_denied"},
        {"error": "unauthorized_client"},
    ],
)
def test_an_error_of_the_platform_is_told_kindly(door: Door, sent: dict[str, str]) -> None:
    state, _nonce = door.login()

    answer = door.client.post("/lti/launch", data=sent | {"state": state})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "<code>LTI-PLATFORM-ERROR</code>" in page
    assert (sent.get("error_description") or sent["error"]) in page
    assert "Reconnectez-vous à Moodle" in page


def test_an_error_posted_by_a_stranger_does_not_put_words_on_our_page(
    app: Flask, door: Door
) -> None:
    state, _nonce = door.login()
    words = {"error": "x", "error_description": "Appelez le 01 00 00 00 00"}

    for sent in ({}, {"state": "inventé"}, {"state": state}):
        answer = app.test_client().post("/lti/launch", data=words | sent)
        assert answer.status_code == 400
        assert "01 00 00 00 00" not in answer.get_data(as_text=True)


def test_a_stranger_cannot_hold_the_tool_with_a_run_of_accents(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Composing takes a time that grows with the square: 240 kB held every request for 30 seconds."""
    composed: list[int] = []
    normalize = unicodedata.normalize

    def counting(form: Any, text: str) -> str:
        composed.append(len(text))
        return normalize(form, text[:5000])

    monkeypatch.setattr(unicodedata, "normalize", counting)
    words = "a" + "\u0301" * 20_000 + "\u0327" * 20_000
    answer = app.test_client().post(
        "/lti/launch", data={"state": "x", "error": words, "error_description": words}
    )

    assert answer.status_code == 400
    assert composed
    assert max(composed) <= 2000


def test_markup_in_an_error_of_the_platform_stays_text(door: Door) -> None:
    state, _nonce = door.login()

    answer = door.client.post(
        "/lti/launch", data={"error": "x", "error_description": HOSTILE, "state": state}
    )

    page = answer.get_data(as_text=True)
    assert HOSTILE not in page
    assert "&lt;img src=x" in page


def test_markup_in_a_login_stays_text(door: Door) -> None:
    answer = door.client.post("/lti/login", data=login_form(lti_message_hint=f'"{HOSTILE}'))

    assert HOSTILE not in answer.get_data(as_text=True)


def test_markup_in_a_name_stays_text_on_the_pages(door: Door, session: Session) -> None:
    door.launch({"name": HOSTILE})
    assert session.scalars(select(Person)).one().full_name == HOSTILE

    page = door.client.get("/une-page-qui-n-existe-pas").get_data(as_text=True)

    assert HOSTILE not in page
    assert "&lt;img src=x" in page


def test_markup_in_a_deployment_number_stays_text(door: Door) -> None:
    page = door.launch({"deployment_id": HOSTILE}).get_data(as_text=True)

    assert HOSTILE not in page
    assert "&lt;img src=x" in page


def test_a_refused_launch_does_not_show_its_token(door: Door) -> None:
    page = door.launch({"aud": "autre"}).get_data(as_text=True)

    assert "eyJ" not in page
    assert "apprenant39" not in page
    assert "Séverine" not in page


def test_a_refusal_is_logged_without_token_or_person(door: Door, settings: Settings) -> None:
    configure_logs(settings.model_copy(update={"log_level": "DEBUG"}))
    state, nonce = door.login()
    token = sign(launch_claims(clock.now(), nonce, {"aud": "autre"}))

    with capture_logs() as lines:
        door.post(state, token)

    [line] = [line for line in lines if line["event"] == "request.refused"]
    assert (line["code"], line["endpoint"]) == ("LTI-AUDIENCE", "lti.launch")
    for secret in (token, token[:20], "Séverine", "apprenant39", state, nonce):
        assert secret not in str(lines)


def test_an_entry_is_logged_by_numbers_only(door: Door, settings: Settings) -> None:
    configure_logs(settings.model_copy(update={"log_level": "DEBUG"}))

    with capture_logs() as lines:
        door.launch()

    [line] = [line for line in lines if line["event"] == "launch.accepted"]
    assert line["role"] == "learner"
    for secret in ("eyJ", "Séverine", "apprenant39", "ADH-2026-039"):
        assert secret not in str(lines)


@pytest.mark.parametrize("path", ["/lti/jwks", "/lti/jwks.json", "/.well-known/jwks.json"])
def test_the_public_keys_of_the_tool_are_public_only(
    client: FlaskClient, session: Session, path: str
) -> None:
    document = client.get(path).get_json()

    [key] = document["keys"]
    assert set(key) == {"kty", "kid", "use", "alg", "n", "e"}
    assert key["kid"] == signing_key(session).kid
    assert client.get(path).get_json() == document


def test_a_former_key_stays_public_after_a_rotation(client: FlaskClient, session: Session) -> None:
    first = signing_key(session).kid
    second = rotate_keys(session, actor_id=None, replacing=first).kid

    kids = [key["kid"] for key in client.get("/lti/jwks").get_json()["keys"]]

    assert kids == [second, first]
    assert signing_key(session).kid == second
    session.rollback()
    assert client.get(f"/lti/keys/{first}.jwk").get_json()["kid"] == first
    assert client.get("/lti/keys/inconnue.jwk").status_code == 404


def test_the_private_key_is_encrypted_at_rest(session: Session) -> None:
    signing_key(session)
    session.commit()

    stored = session.connection().exec_driver_sql("SELECT private_pem FROM tool_key").scalar_one()

    assert "PRIVATE KEY" not in stored
    assert "PRIVATE KEY" in session.scalars(select(ToolKey)).one().private_pem
    assert "PRIVATE" not in json.dumps(session.scalars(select(ToolKey)).one().public_jwk)

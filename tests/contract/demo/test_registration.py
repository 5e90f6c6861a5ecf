"""Dynamic registration by the demo against the recordings ``dynreg-*.json``."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from flask.testing import FlaskClient

from lti_tool.demo.moodle import DemoMoodle, create_moodle_app
from lti_tool.demo.moodle.keys import PlatformKey
from lti_tool.demo.moodle.lti.registering import registration_token
from lti_tool.demo.moodle.lti.tooltypes import ACTIVE, PENDING, find_tool
from tests.contract.demo.recorded_site import recorded_site
from tests.contract.demo.recordings import names, recording

PATH = "/mod/lti/openid-registration.php"
REFUSED = [name for name in names("lti", "dynreg-error") if "reused" not in name]
LINK = "http://tool.localhost:8000/lti/register"


def _exchange(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    exchange = recording("lti", name)["exchanges"][0]
    return exchange["request"], exchange["response"]


def _send(site: DemoMoodle, name: str, token: str) -> Any:
    asked, _answer = _exchange(name)
    headers = {"Authorization": f"Bearer {token}"} if "Authorization" in asked["headers"] else {}
    client = create_moodle_app(site).test_client()
    if asked["method"] == "GET":
        return client.get(PATH, headers=headers)
    if isinstance(asked["json"], str):
        return client.post(PATH, data=asked["json"], headers=headers)
    return client.post(PATH, json=asked["json"], headers=headers)


def _as_recorded(answer: Any, name: str, client_id: str) -> None:
    _asked, expected = _exchange(name)
    assert answer.status_code == expected["status"]
    assert answer.content_type == expected["headers"]["Content-Type"]
    assert answer.get_json() == expected["body"] | {"client_id": client_id}


def _subject(token: str) -> str:
    return str(jwt.decode(token, options={"verify_signature": False})["sub"])


def test_a_tool_registers_changes_and_is_read_back_as_recorded() -> None:
    site = recorded_site()
    token = registration_token(site, 0)

    _as_recorded(_send(site, "dynreg-register", token), "dynreg-register", _subject(token))
    kept = find_tool(site, 4)
    assert kept is not None
    assert kept.state == PENDING

    update = registration_token(site, 4)
    for name in ("dynreg-update-read", "dynreg-update"):
        _as_recorded(_send(site, name, update), name, _subject(token))

    second = registration_token(site, 0)
    answer = _send(site, "dynreg-register-minimal", second)
    _as_recorded(answer, "dynreg-register-minimal", _subject(second))


@pytest.mark.parametrize("name", REFUSED)
def test_a_registration_is_refused_as_recorded(name: str) -> None:
    site = recorded_site()
    token = registration_token(site, 0)
    if name == "dynreg-error-forged-token":
        token = PlatformKey.load(None).sign({"sub": "x", "scope": "reg", "exp": site.now + 60})
    if name == "dynreg-error-bad-token":
        token = "jeton"
    _asked, expected = _exchange(name)

    answer = _send(site, name, token)

    assert answer.status_code == expected["status"]
    assert answer.content_type == expected["headers"]["Content-Type"]
    if len(expected["body_text"]) < 200 and "<" not in expected["body_text"]:
        assert answer.text == expected["body_text"]
    assert site.world.tool_types == {}


@pytest.mark.parametrize("name", ["dynreg-error-token-reused", "dynreg-read-back-error"])
def test_a_token_works_for_one_registration(name: str) -> None:
    site = recorded_site()
    token = registration_token(site, 0)
    assert _send(site, "dynreg-error-no-domain", token).status_code == 400
    assert _send(site, "dynreg-register", token).status_code == 200

    answer = _send(site, name, token)

    assert (answer.status_code, answer.text) == (401, "token_already_used")


def _administrator(site: DemoMoodle) -> tuple[FlaskClient, str]:
    client = create_moodle_app(site).test_client()
    admin = next(person for person in site.world.people.values() if person.admin)
    client.post("/login/index.php", data={"username": admin.username})
    (session,) = site.sessions._sessions.values()
    return client, session.sesskey


def test_the_administrator_is_sent_to_the_tool_with_a_token_as_recorded() -> None:
    site = recorded_site()
    client, sesskey = _administrator(site)

    begun = client.get(
        "/mod/lti/startltiadvregistration.php",
        query_string={"url": LINK, "sesskey": sesskey, "type": "0"},
    )

    assert begun.status_code == 302
    address = urlsplit(begun.headers["Location"])
    recorded = recording("lti", "dynreg-start")
    assert address._replace(query="").geturl() == recorded["redirect_to"]
    sent = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert list(sent) == list(recorded["query"])
    assert sent["openid_configuration"] == recorded["query"]["openid_configuration"]
    claims = jwt.decode(sent["registration_token"], options={"verify_signature": False})
    assert list(claims) == list(recorded["registration_token_claims"])
    assert claims["exp"] - claims["iat"] == 3600
    assert claims["scope"] == "reg"
    assert len(claims["sub"]) == len(recorded["registration_token_claims"]["sub"])


def test_without_the_session_key_or_the_right_nothing_begins() -> None:
    site = recorded_site()
    client, _sesskey = _administrator(site)
    asked = {"url": LINK, "type": "0"}

    assert client.get("/mod/lti/startltiadvregistration.php", query_string=asked).status_code == 404
    stranger = create_moodle_app(site).test_client()
    assert stranger.get("/mod/lti/toolconfigure.php").status_code == 404
    assert stranger.post("/mod/lti/activate.php", data={"id": "4"}).status_code == 404


def test_a_second_tool_of_the_domain_is_a_choice_and_is_activated_by_the_administrator() -> None:
    site = recorded_site()
    client, sesskey = _administrator(site)
    _send(site, "dynreg-register", registration_token(site, 0))

    choice = client.get(
        "/mod/lti/startltiadvregistration.php", query_string={"url": LINK, "sesskey": sesskey}
    )
    assert choice.status_code == 200
    assert "Mettre à jour" in choice.text
    assert client.get("/mod/lti/trytool.php?type=4&course=2").status_code == 404

    client.post("/mod/lti/activate.php", data={"id": "4", "sesskey": sesskey})

    kept = find_tool(site, 4)
    assert kept is not None
    assert kept.state == ACTIVE

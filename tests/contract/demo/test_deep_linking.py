"""Deep linking responses against the recordings: what the platform keeps, and what it refuses."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask.testing import FlaskClient

from lti_tool.demo.moodle import DemoMoodle
from lti_tool.demo.moodle.french import in_french
from lti_tool.demo.moodle.keys import PlatformKey
from lti_tool.demo.moodle.sessions import COOKIE
from tests.contract.demo.launching import begin, browser, recorded_request
from tests.contract.demo.recorded_site import MOMENT, recorded_site
from tests.contract.demo.recordings import names, recording

TOOL_KEY = PlatformKey.load(None)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
TRAINER = 63
RESPONSES = [
    name
    for name in names("lti", "deep-linking-")
    if name not in ("deep-linking-request", "deep-linking-error-learner")
]


@pytest.fixture
def site() -> DemoMoodle:
    """The recorded site, with a tool whose private key we hold."""
    return recorded_site(fetch_keyset=lambda _url: TOOL_KEY.jwks())


def _respond(site: DemoMoodle, client: FlaskClient, name: str) -> Any:
    recorded = recording("lti", name)
    claims = dict(recorded["response_jwt_claims"])
    late = claims["exp"] < claims["iat"] + 120 and "expired" not in name
    claims |= {
        "iat": MOMENT - 400,
        "exp": MOMENT + 60 if late or "expired" not in name else MOMENT - 1,
    }
    header = jwt.get_unverified_header(recorded["exchanges"][0]["request"]["form"]["JWT"])
    kid = TOOL_KEY.kid if header.get("kid") == "outil-cle-1" else header.get("kid")
    key = OTHER_KEY if "bad-signature" in name else TOOL_KEY.private
    token = jwt.encode(claims, key, "RS256", headers={"kid": kid} if kid else {})
    cookie = client.get_cookie(COOKIE)
    session = site.sessions.find(cookie.value if cookie else "")
    assert session
    address = f"/mod/lti/contentitem_return.php?course=2&id=1&sesskey={session.sesskey}"
    return client.post(address, data={"JWT": token})


@pytest.mark.parametrize("name", RESPONSES)
def test_a_selection_is_read_or_refused_as_recorded(site: DemoMoodle, name: str) -> None:
    recorded = recording("lti", name)
    answer = _respond(site, browser(site, TRAINER), name)
    expected = recorded["exchanges"][0]["response"]
    assert answer.status_code == expected["status"]
    assert answer.content_type == expected["headers"]["Content-Type"]
    for message in recorded["page_messages"]:
        sentence = html.unescape(message).removesuffix(" × Dismiss this notification")
        assert in_french(sentence) in html.unescape(answer.text)
    if answer.status_code == 200:
        held = re.search(r'id="activity-form-values">(.*?)</script>', answer.text, re.DOTALL)
        assert held
        assert json.loads(held[1]) == recorded["activity_form_values"]


def test_a_learner_may_not_choose_content(site: DemoMoodle) -> None:
    recorded = recording("lti", "deep-linking-error-learner")
    client = browser(site, 3)
    login = begin(client, "/mod/lti/contentitem.php?id=1&course=2")
    asked = recording("lti", "launch-learner")["authentication_request"]
    request = recorded_request(asked, login) | {"lti_message_hint": login["lti_message_hint"]}
    answer = client.get("/mod/lti/auth.php", query_string=request)
    assert answer.status_code == recorded["exchanges"][1]["response"]["status"]
    assert in_french(recorded["html_error"][0]) in answer.text


def test_nothing_is_created_before_the_trainer_saves(site: DemoMoodle) -> None:
    client = browser(site, TRAINER)
    before = len(site.world.activities)
    page = _respond(site, client, "deep-linking-response-two").text
    assert len(site.world.activities) == before
    action = re.search(r'action="(/course/modedit[^"]*)"', page)
    assert action
    saved = client.post(html.unescape(action[1]))
    assert saved.status_code == 303
    names_of_course = [one.name for one in site.world.activities_of(2)]
    assert names_of_course[-2:] == ["Entretien n° 1 — écoute active", "Entretien n° 2"]
    column = site.world.grade_items[-1]
    created = [item for item in site.world.grade_items if item.name == "Entretien n° 2"]
    assert [(item.module, item.resource_id) for item in created] == [("lti", "entretien-2")]
    assert column.course != 2 or column.is_total


def test_the_answer_must_come_from_the_browser_that_asked(site: DemoMoodle) -> None:
    answer = browser(site, TRAINER).post(
        "/mod/lti/contentitem_return.php?course=2&id=1&sesskey=autre", data={"JWT": "x"}
    )
    assert answer.status_code == 404

"""Launches of the demo against the recordings: login form, authorization answers, claims, errors."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

import jwt
import pytest

from lti_tool.demo.moodle import DemoMoodle
from lti_tool.demo.moodle.french import in_french
from tests.contract.demo.launching import (
    begin,
    browser,
    claims_without_chance,
    form_of,
    recorded_request,
)
from tests.contract.demo.recorded_site import BASE_URL, KEY, MOMENT, recorded_site
from tests.contract.demo.recordings import names, recording

LAUNCHES = [
    name
    for name in [*names("lti", "launch-"), "deep-linking-request"]
    if "id_token_claims" in recording("lti", name) and "two-lineitems" not in name
]
REFUSED = [name for name in names("lti", "auth-error-") if name != "auth-error-replayed"]


def _opened(claims: dict[str, Any]) -> str:
    """Return the platform's page that starts this launch."""
    kind = claims["https://purl.imsglobal.org/spec/lti/claim/message_type"]
    if kind == "LtiDeepLinkingRequest":
        return "/mod/lti/contentitem.php?id=1&course=2&title=Titre+proposé&text=Texte+proposé"
    link = claims["https://purl.imsglobal.org/spec/lti/claim/resource_link"]["id"]
    cmid = {"1": 79, "2": 80}[link]
    review = "&action=gradeReport&user=3" if kind == "LtiSubmissionReviewRequest" else ""
    return f"/mod/lti/launch.php?id={cmid}&newwindow=1{review}"


@pytest.mark.parametrize("name", LAUNCHES)
def test_the_claims_of_a_launch_are_the_recorded_ones(name: str) -> None:
    recorded = recording("lti", name)
    claims = recorded["id_token_claims"]
    site = recorded_site(claims["iat"])
    client = browser(site, int(claims["sub"]))
    login = begin(client, _opened(claims))
    request = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": login["client_id"],
        "redirect_uri": login["target_link_uri"],
        "login_hint": login["login_hint"],
        "lti_message_hint": login["lti_message_hint"],
        "state": "state",
        "nonce": claims["nonce"],
    }
    action, fields = form_of(client.get("/mod/lti/auth.php", query_string=request).text)
    assert action == login["target_link_uri"]
    assert list(fields) == ["id_token", "state"]
    header = jwt.get_unverified_header(fields["id_token"])
    assert {**header, "kid": ""} == {**recorded["id_token_header"], "kid": ""}
    ours = jwt.decode(
        fields["id_token"],
        KEY.private.public_key(),
        ["RS256"],
        audience=site.client_id,
        options={"verify_exp": False, "verify_iat": False},
    )
    assert claims_without_chance(ours) == claims_without_chance(claims)
    assert list(ours) == list(claims), "claims stand in another order"


def test_two_columns_coupled_to_the_activity_hide_the_line_item() -> None:
    recorded = recording("lti", "launch-learner-two-lineitems")["id_token_claims"]
    site = recorded_site()
    site.changes.make(site.world, "add_column", column=_coupled_column())
    endpoint = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
    assert _launched(site, 3)[endpoint] == recorded[endpoint]


def _coupled_column() -> dict[str, Any]:
    return {
        "id": 113,
        "course": 2,
        "label": "Progression",
        "maximum": "100",
        "category": 1,
        "resource_id": "progression",
        "tag": "",
        "resource_link": 1,
        "tool": 1,
    }


def _launched(site: DemoMoodle, person: int) -> dict[str, Any]:
    client = browser(site, person)
    login = begin(client, "/mod/lti/launch.php?id=79")
    asked = recording("lti", "launch-learner")["authentication_request"]
    request = recorded_request(asked, login)
    fields = form_of(client.get("/mod/lti/auth.php", query_string=request).text)[1]
    return dict(jwt.decode(fields["id_token"], options={"verify_signature": False}))


@pytest.mark.parametrize("name", ["launch-learner", "launch-trainer", "deep-linking-request"])
def test_the_login_is_initiated_as_recorded(name: str) -> None:
    recorded = recording("lti", name)
    client = browser(recorded_site(), int(recorded["third_party_login"]["params"]["login_hint"]))
    action, fields = form_of(client.get(_opened(recorded["id_token_claims"])).text)
    assert action == recorded["third_party_login"]["form_action"]
    assert _shape(fields) == _shape(recorded["third_party_login"]["params"])


def _shape(fields: dict[str, str]) -> dict[str, Any]:
    hint = json.loads(fields["lti_message_hint"])
    hint["launchid"] = re.sub(r"\d+$", "N", hint["launchid"])
    return {**fields, "lti_message_hint": hint}


@pytest.mark.parametrize("name", REFUSED)
def test_a_wrong_authorization_request_is_answered_as_recorded(name: str) -> None:
    recorded = recording("lti", name)
    client = browser(recorded_site(), 3)
    login = begin(client, "/mod/lti/launch.php?id=79")
    request = recorded_request(recorded["authentication_request"], login)
    answer = client.get("/mod/lti/auth.php", query_string=request)
    expected = recorded["exchanges"][0]["response"]
    assert answer.status_code == expected["status"]
    assert answer.content_type == expected["headers"]["Content-Type"]
    if recorded["html_error"]:
        assert in_french(recorded["html_error"][0]) in answer.text
        return
    posted = recorded["authentication_response"]
    assert form_of(answer.text) == (posted["form_action"], posted["params"])


def test_a_hint_works_once() -> None:
    client = browser(recorded_site(), 3)
    login = begin(client, "/mod/lti/launch.php?id=79")
    asked = recording("lti", "auth-error-replayed")["authentication_request"]
    request = recorded_request(asked, login)
    assert client.get("/mod/lti/auth.php", query_string=request).status_code == 200
    again = client.get("/mod/lti/auth.php", query_string=request)
    assert again.status_code == 404
    assert "Requête non valide" in again.text


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_request_may_come_by_get_or_post_and_without_state(method: str) -> None:
    client = browser(recorded_site(), 3)
    login = begin(client, "/mod/lti/launch.php?id=79")
    asked = recording("lti", "auth-no-state")["authentication_request"]
    request = recorded_request(asked, login)
    if method == "GET":
        answer = client.get("/mod/lti/auth.php", query_string=request)
    else:
        answer = client.post("/mod/lti/auth.php", data=request)
    assert list(form_of(answer.text)[1]) == ["id_token"]


def test_a_request_without_cookie_is_posted_again_by_the_page() -> None:
    recorded = recording("lti", "auth-no-cookie")
    site = recorded_site()
    client = browser(site, 3)
    login = begin(client, "/mod/lti/launch.php?id=79")
    request = recorded_request(recorded["authentication_request"], login)
    stranger = browser(site, None)
    stranger.delete_cookie("MoodleSessionDemo")
    answer = stranger.get("/mod/lti/auth.php", query_string=request)
    action, fields = form_of(answer.text)
    assert answer.status_code == recorded["exchanges"][0]["response"]["status"]
    assert urlsplit(action).path == urlsplit(recorded["repost_form"]["action"]).path
    assert fields == recorded["repost_form"]["params"]
    assert "Set-Cookie" not in answer.headers
    assert "id_token" in client.post(action, data=fields).text
    assert stranger.post(action, data=fields).status_code == 404


def test_without_a_session_the_login_names_nobody() -> None:
    recorded = recording("lti", "launch-no-session")
    login = begin(browser(recorded_site(), None), "/mod/lti/launch.php?id=79")
    assert login["login_hint"] == recorded["third_party_login"]["params"]["login_hint"]


@pytest.mark.parametrize(
    ("name", "person"),
    [("launch-error-not-enrolled", 2070), ("launch-error-suspended-enrolment", 10)],
)
def test_who_is_not_actively_enrolled_never_reaches_the_tool(name: str, person: int) -> None:
    recorded = recording("lti", name)
    client = browser(recorded_site(), person)
    login = begin(client, "/mod/lti/launch.php?id=79")
    asked = recording("lti", "launch-learner")["authentication_request"]
    request = recorded_request(asked, login) | {"login_hint": str(person)}
    answer = client.get("/mod/lti/auth.php", query_string=request)
    assert answer.status_code == recorded["redirect_chain"][0]["status"]
    assert answer.headers["Location"] == recorded["redirect_chain"][0]["location"]


def test_the_key_set_has_the_recorded_members() -> None:
    recorded = recording("lti", "certs")["exchanges"][0]["response"]
    answer = browser(recorded_site(), None).get("/mod/lti/certs.php")
    assert answer.content_type == recorded["headers"]["Content-Type"]
    ours, theirs = answer.get_json()["keys"][0], recorded["body"]["keys"][0]
    drawn = {"kid": "", "n": ""}
    assert {**ours, **drawn} == {**theirs, **drawn}


def test_the_configuration_document_is_the_recorded_one() -> None:
    recorded = recording("lti", "openid-configuration")["exchanges"][0]["response"]
    answer = browser(recorded_site(), None).get("/mod/lti/openid-configuration.php")
    assert answer.get_json() == recorded["body"]


def test_an_identity_token_lives_one_minute() -> None:
    claims = _launched(recorded_site(), 3)
    assert (claims["iat"], claims["exp"]) == (MOMENT, MOMENT + 60)
    assert claims["iss"] == BASE_URL

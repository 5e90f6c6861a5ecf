"""Access tokens of the demo against the recordings ``token-*.json``."""

from __future__ import annotations

from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from lti_tool.demo.moodle import DemoMoodle, create_moodle_app
from lti_tool.demo.moodle.keys import KeySetUnreachableError, PlatformKey
from tests.contract.demo.recorded_site import CLIENT_ID, MOMENT, recorded_site
from tests.contract.demo.recordings import names, recording

TOOL_KEY = PlatformKey.load(None)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
KEYSET_DOWN = ("token-keyset-down-cached", "token-error-keyset-down-unknown-key")
EXCHANGES = [name for name in names("lti", "token") if name not in KEYSET_DOWN]


def _site(**settings: Any) -> DemoMoodle:
    return recorded_site(**{"fetch_keyset": lambda _url: TOOL_KEY.jwks(), **settings})


def _assertion(name: str, *, forged: bool = False) -> str:
    """Return an assertion with the recorded claims, moved to the present of the site."""
    recorded = recording("lti", name)
    claims = dict(recorded.get("client_assertion_claims") or {"sub": CLIENT_ID})
    made = 0
    if "iat" in claims:
        made = claims["iat"]
        future = "future" in name
        claims["iat"] = MOMENT + 300 if future else MOMENT - 1
    if "exp" in claims:
        claims["exp"] = MOMENT - 1 if "expired" in name else claims["exp"] - made + MOMENT
    headers = dict(recorded.get("client_assertion_header") or {})
    headers["kid"] = TOOL_KEY.kid if headers.get("kid") == "outil-cle-1" else headers.get("kid")
    key = OTHER_KEY if forged else TOOL_KEY.private
    kept = {name: value for name, value in headers.items() if value is not None}
    return jwt.encode(claims, key, algorithm="RS256", headers=kept)


def _ask(site: DemoMoodle, name: str, *, forged: bool = False) -> Any:
    client = create_moodle_app(site).test_client()
    asked = recording("lti", name)["exchanges"][0]["request"]
    if asked["method"] == "GET":
        return client.get("/mod/lti/token.php")
    if "json" in asked:
        return client.post("/mod/lti/token.php", json=asked["json"])
    form = dict(asked["form"])
    if "client_assertion" in form:
        form["client_assertion"] = _assertion(name, forged=forged)
    return client.post("/mod/lti/token.php", data=form)


@pytest.mark.parametrize("name", EXCHANGES)
def test_a_token_is_given_or_refused_as_recorded(name: str) -> None:
    expected = recording("lti", name)["exchanges"][0]["response"]
    answer = _ask(_site(), name, forged="bad-signature" in name)
    assert answer.status_code == expected["status"]
    assert answer.content_type == expected["headers"]["Content-Type"]
    if "body" not in expected:
        assert answer.text == expected["body_text"]
        return
    assert list(answer.get_json(force=True)) == list(expected["body"])
    assert _plain(answer.get_json(force=True)) == _plain(expected["body"])


def _plain(body: dict[str, Any]) -> dict[str, Any]:
    drawn = {"access_token": ""} if "access_token" in body else {}
    if str(body.get("error", "")).startswith("Cannot handle token with iat prior to"):
        drawn = {"error": "iat"}
    return body | drawn


def test_the_key_set_is_kept_while_the_tool_is_away() -> None:
    reachable = True

    def fetch(url: str) -> dict[str, Any]:
        if not reachable:
            raise KeySetUnreachableError(url)
        return TOOL_KEY.jwks()

    site = _site(fetch_keyset=fetch)
    assert _ask(site, "token").status_code == 200
    reachable = False
    for name, forged in zip(KEYSET_DOWN, (False, True), strict=True):
        expected = recording("lti", name)["exchanges"][0]["response"]
        answer = _ask(site, name, forged=forged)
        assert answer.status_code == expected["status"]
        assert answer.content_type == expected["headers"]["Content-Type"]


def test_a_new_key_of_the_tool_is_fetched_when_a_signature_does_not_verify() -> None:
    keysets = [PlatformKey(OTHER_KEY).jwks(), TOOL_KEY.jwks()]
    site = _site(fetch_keyset=lambda _url: keysets.pop(0))
    assert _ask(site, "token").status_code == 400
    assert _ask(site, "token").status_code == 200


def test_maintenance_set_from_the_web_refuses_tokens_as_recorded() -> None:
    expected = recording("ws", "error-maintenance-web-lti-token")["response"]
    site = _site()
    site.switches.maintenance = "web"
    answer = _ask(site, "token")
    assert (answer.status_code, answer.content_type) == (
        expected["status"],
        expected["headers"]["Content-Type"],
    )
    assert answer.get_json(force=True) == expected["body"]


def test_an_unknown_scope_alone_gives_no_token_and_the_scope_says_what_was_given() -> None:
    site = _site()
    scope = _ask(site, "token-mixed-scopes").get_json(force=True)["scope"]
    assert [set(token.scopes) for token in site.access_tokens.values()] == [{scope}]

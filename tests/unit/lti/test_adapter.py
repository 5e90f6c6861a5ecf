"""What the library is asked for, and what it must not spoil."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest

from lti_tool.lti.adapter import authorization_request
from lti_tool.platforms.models import Registration

HINTS = {
    "iss": "https://moodle.example.test",
    "login_hint": "3",
    "lti_message_hint": '{"cmid":79,"launchid":"ltilaunch1_é&=?#"}',
}


def request_at(endpoint: str) -> tuple[str, list[tuple[str, str]]]:
    registration = Registration(
        issuer="https://moodle.example.test", client_id="client-1", auth_login_url=endpoint
    )
    url = authorization_request(registration, HINTS, "https://outil.example.test/lti/launch").url
    parts = urlsplit(url)
    return parts._replace(query="").geturl(), parse_qsl(parts.query, keep_blank_values=True)


def test_the_hint_goes_back_unchanged() -> None:
    _address, query = request_at("https://moodle.example.test/mod/lti/auth.php")

    assert dict(query)["lti_message_hint"] == HINTS["lti_message_hint"]


@pytest.mark.parametrize("fragment", ["", "#ici"])
def test_an_endpoint_with_its_own_query_keeps_it(fragment: str) -> None:
    address, query = request_at(f"https://moodle.example.test/auth?lang=fr&x=1{fragment}")

    assert address == "https://moodle.example.test/auth"
    assert query[:2] == [("lang", "fr"), ("x", "1")]
    assert dict(query)["client_id"] == "client-1"
    assert len(query) == len(dict(query))


def test_no_two_requests_share_a_secret() -> None:
    secrets = [
        value
        for _turn in range(20)
        for name, value in request_at("https://moodle.example.test/auth")[1]
        if name in ("state", "nonce")
    ]

    assert len(set(secrets)) == 40

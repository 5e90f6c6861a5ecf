"""Every recorded answer of the token endpoint, read into a token or a typed refusal."""

from __future__ import annotations

import json

import pytest

from lti_tool.lti.services.errors import (
    AccessRefused,
    ClientUnknown,
    ClocksApart,
    KeySetUnread,
    KeyUnknown,
    ScopeRefused,
    ServiceAnswerUnfit,
    ServiceUnreachable,
)
from lti_tool.lti.services.tokens import read_token
from lti_tool.lti.services.wire import Answer
from tests.contract.demo.recordings import names, recording
from tests.unit.lti.services.recorded import recorded_answer

REFUSALS = {
    "token-error-bad-scope": ScopeRefused,
    "token-error-bad-signature": KeyUnknown,
    "token-error-expired": ClocksApart,
    "token-error-future-iat": ClocksApart,
    "token-error-get": AccessRefused,
    "token-error-grant-type": AccessRefused,
    "token-error-json-body": AccessRefused,
    "token-error-keyset-down-unknown-key": KeySetUnread,
    "token-error-no-kid": KeyUnknown,
    "token-error-no-scope": AccessRefused,
    "token-error-no-sub": AccessRefused,
    "token-error-unknown-client": ClientUnknown,
    "token-error-unknown-kid": KeyUnknown,
}
GIVEN = sorted(set(names("lti", "token")) - set(REFUSALS))


def _asked(name: str) -> list[str]:
    form = recording("lti", name)["exchanges"][0]["request"].get("form", {})
    return str(form.get("scope", "")).split()


@pytest.mark.parametrize("name", sorted(REFUSALS))
def test_a_recorded_refusal_has_its_own_error(name: str) -> None:
    with pytest.raises(REFUSALS[name]) as refused:
        read_token(recorded_answer(name), _asked(name))
    assert type(refused.value) is REFUSALS[name]
    assert not refused.value.retryable


@pytest.mark.parametrize("name", GIVEN)
def test_a_recorded_token_is_read_although_it_is_called_html(name: str) -> None:
    answer = recorded_answer(name)
    assert answer.headers["Content-Type"].startswith("text/html")
    granted = read_token(answer, _asked(name))
    assert granted.token == "BEARER_TOKEN"
    assert granted.seconds == 3600
    assert set(granted.scopes) <= set(_asked(name))


def test_unknown_scopes_are_dropped_and_what_was_granted_is_what_counts() -> None:
    asked = _asked("token-mixed-scopes")
    assert len(read_token(recorded_answer("token-mixed-scopes"), asked).scopes) == len(asked) - 1


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_failing_server_is_asked_again_later(status: int) -> None:
    with pytest.raises(ServiceUnreachable) as failed:
        read_token(Answer(status, b"<html>"), ["a"])
    assert failed.value.retryable


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b'"token"',
        b"{}",
        b'{"access_token": 12}',
        b'{"access_token": ""}',
        b'{"access_token": "a\\r\\nX-Header: b"}',
        b"[" * 100_000,
    ],
)
def test_an_answer_without_a_token_is_unfit(body: bytes) -> None:
    with pytest.raises(ServiceAnswerUnfit):
        read_token(Answer(200, body), ["a"])


def test_a_platform_that_names_no_scope_granted_what_was_asked() -> None:
    assert read_token(Answer(200, b'{"access_token": "t"}'), ["a", "b"]).scopes == ("a", "b")


def test_a_token_for_other_scopes_only_is_a_refusal() -> None:
    with pytest.raises(ScopeRefused):
        read_token(Answer(200, b'{"access_token": "t", "scope": "c"}'), ["a", "b"])


@pytest.mark.parametrize(
    ("told", "seconds"), [("600", 600), (None, 3600), (-1, 0), (10**9, 86400), ("x", 3600)]
)
def test_a_lifetime_of_any_shape_is_bounded(told: object, seconds: int) -> None:
    body = json.dumps({"access_token": "t", "expires_in": told}).encode()
    assert read_token(Answer(200, body), ["a"]).seconds == seconds


def test_a_token_does_not_show_in_what_is_printed() -> None:
    granted = read_token(Answer(200, b'{"access_token": "secret-token"}'), ["a"])
    assert "secret-token" not in repr(granted)

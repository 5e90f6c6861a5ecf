"""The platforms' public keys: fetched once, again with restraint, never beyond their time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import requests
import responses
import time_machine
from pytest_httpserver import HTTPServer
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug import Response

from lti_tool import clock
from lti_tool.platforms import keysets
from lti_tool.platforms.fetching import FetchFailed, FetchRefused, Limits
from lti_tool.platforms.keysets import PlatformKeysUnavailable, fetch_key_set, platform_key
from lti_tool.platforms.models import PlatformKeySet

URL = "http://moodle.localhost:8081/mod/lti/certs.php"
OLD = {"kty": "RSA", "kid": "ancienne", "n": "AQ", "e": "AQAB", "alg": "RS256", "use": "sig"}
NEW = OLD | {"kid": "nouvelle"}

pytestmark = pytest.mark.usefixtures("local_platforms")


@pytest.fixture
def moodle() -> Iterator[responses.RequestsMock]:
    """A platform that gives its old key."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.get(URL, json={"keys": [OLD]})
        yield mock


@pytest.fixture
def travel() -> Iterator[time_machine.Traveller]:
    """A clock that only the test moves."""
    with time_machine.travel(clock.now(), tick=False) as traveller:
        yield traveller


def calls(mock: responses.RequestsMock) -> int:
    return len(mock.calls)


def test_a_warm_key_set_asks_nobody(session: Session, moodle: responses.RequestsMock) -> None:
    for _launch in range(3):
        assert platform_key(session, URL, "ancienne") == OLD

    assert calls(moodle) == 1


def test_a_rotated_key_is_fetched_at_the_first_token_that_names_it(
    session: Session, moodle: responses.RequestsMock, travel: time_machine.Traveller
) -> None:
    platform_key(session, URL, "ancienne")
    travel.shift(timedelta(minutes=1))
    moodle.replace(responses.GET, URL, json={"keys": [NEW]})

    assert platform_key(session, URL, "nouvelle") == NEW
    assert platform_key(session, URL, "ancienne") is None


def test_unknown_keys_fetch_again_at_most_once_a_minute(
    session: Session, moodle: responses.RequestsMock, travel: time_machine.Traveller
) -> None:
    platform_key(session, URL, "ancienne")
    travel.shift(timedelta(seconds=59))
    for number in range(5):
        assert platform_key(session, URL, f"inventée-{number}") is None
    assert calls(moodle) == 1

    travel.shift(timedelta(seconds=1))
    for number in range(5):
        assert platform_key(session, URL, f"inventée-{number}") is None
    assert calls(moodle) == 2


def test_a_key_set_is_read_again_after_a_day_and_forgets_what_was_withdrawn(
    session: Session, moodle: responses.RequestsMock, travel: time_machine.Traveller
) -> None:
    platform_key(session, URL, "ancienne")
    travel.shift(timedelta(days=1))
    moodle.replace(responses.GET, URL, json={"keys": [NEW]})

    assert platform_key(session, URL, "ancienne") is None


@pytest.mark.parametrize(
    "failure",
    [
        {"body": requests.ConnectTimeout()},
        {"body": requests.ConnectionError()},
        {"status": 500},
        {"status": 302, "headers": {"Location": "http://127.0.0.1/admin"}},
        {"body": "<html>maintenance</html>"},
        {"json": []},
        {"json": {"keys": "aucune"}},
        {"json": {"keys": ["aucune"]}},
        {"body": "[" * 100_000},
        {"body": b"\xff\xfe"},
        {"body": json.dumps({"keys": [OLD | {"kid": "x" * 300_000}]})},
    ],
    ids=lambda failure: str(failure)[:40],
)
def test_an_answer_that_is_no_key_set_is_a_failure(
    moodle: responses.RequestsMock, failure: dict[str, Any]
) -> None:
    moodle.remove(responses.GET, URL)
    moodle.get(URL, **failure)

    with pytest.raises((FetchFailed, FetchRefused, ValueError)):
        fetch_key_set(URL)


def test_the_former_set_serves_while_the_platform_fails_and_no_longer_than_eight_days(
    session: Session,
    moodle: responses.RequestsMock,
    travel: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keysets, "PAUSE", 0)
    platform_key(session, URL, "ancienne")
    moodle.replace(responses.GET, URL, status=500)

    travel.shift(timedelta(days=7))
    assert platform_key(session, URL, "ancienne") == OLD
    assert platform_key(session, URL, "nouvelle") is None
    assert calls(moodle) == 2

    travel.shift(timedelta(days=1))
    with pytest.raises(PlatformKeysUnavailable):
        platform_key(session, URL, "ancienne")


def test_a_platform_never_reached_gives_no_key_and_is_not_asked_again_within_the_minute(
    session: Session,
    moodle: responses.RequestsMock,
    travel: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keysets, "PAUSE", 0)
    moodle.replace(responses.GET, URL, status=503)

    for _launch in range(3):
        with pytest.raises(PlatformKeysUnavailable):
            platform_key(session, URL, "ancienne")

    assert calls(moodle) == 1
    travel.shift(timedelta(minutes=1))
    moodle.replace(responses.GET, URL, json={"keys": [OLD]})
    assert platform_key(session, URL, "ancienne") == OLD


def test_private_and_unknown_members_of_a_key_are_not_kept(
    session: Session, moodle: responses.RequestsMock
) -> None:
    leaked = OLD | {"d": "secret", "p": "secret", "x5u": "http://evil.test", "ext": {"a": 1}}
    moodle.replace(responses.GET, URL, json={"keys": [leaked]})

    assert platform_key(session, URL, "ancienne") == OLD
    stored = session.scalars(select(PlatformKeySet)).one()
    assert "secret" not in json.dumps(stored.document)


def test_a_whole_group_that_launches_at_once_makes_one_request(
    sessions: sessionmaker[Session], httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/certs").respond_with_json({"keys": [OLD]})
    url = httpserver.url_for("/certs")

    def launch() -> dict[str, Any] | None:
        with sessions() as own:
            return platform_key(own, url, "ancienne")

    with ThreadPoolExecutor(6) as threads:
        found = [future.result() for future in [threads.submit(launch) for _ in range(6)]]

    assert found == [OLD] * 6
    assert len(httpserver.log) == 1


def test_a_slow_answer_is_given_up(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keysets, "LIMITS", Limits(total=0.0))
    httpserver.expect_request("/certs").respond_with_json({"keys": [OLD]})

    with pytest.raises(FetchFailed, match="too-slow"):
        fetch_key_set(httpserver.url_for("/certs"))


def test_an_answer_without_end_is_given_up(httpserver: HTTPServer) -> None:
    def endless(_request: object) -> Response:
        return Response((b" " * 8192 for _ in range(10_000)), mimetype="application/json")

    httpserver.expect_request("/certs").respond_with_handler(endless)

    with pytest.raises(FetchFailed, match="too-large"):
        fetch_key_set(httpserver.url_for("/certs"))


def test_the_database_is_free_while_the_platform_is_waited_for(
    sessions: sessionmaker[Session], httpserver: HTTPServer
) -> None:
    def busy_elsewhere(_request: object) -> Response:
        with sessions() as other:
            other.add(
                PlatformKeySet(
                    jwks_url="http://autre.test/certs",
                    document={"keys": []},
                    fetched_at=clock.now(),
                    tried_at=clock.now(),
                )
            )
            other.commit()
        return Response(json.dumps({"keys": [OLD]}), mimetype="application/json")

    httpserver.expect_request("/certs").respond_with_handler(busy_elsewhere)

    with sessions() as own:
        assert platform_key(own, httpserver.url_for("/certs"), "ancienne") == OLD


def test_a_known_key_never_waits_for_a_platform_that_fails(
    session: Session,
    moodle: responses.RequestsMock,
    travel: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keysets.time, "sleep", _never)
    platform_key(session, URL, "ancienne")
    moodle.replace(responses.GET, URL, status=500)
    travel.shift(timedelta(days=2))

    assert platform_key(session, URL, "ancienne") == OLD
    assert platform_key(session, URL, "ancienne") == OLD


def _never(_seconds: float) -> None:
    raise AssertionError("a known key must not wait")

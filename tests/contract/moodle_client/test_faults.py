"""Each fault of a network, a web server or a site, with a server that really commits it."""

from __future__ import annotations

import gzip
import json
import socket

import pytest

from moodle_client import (
    AccessDenied,
    AnswerTooLarge,
    Maintenance,
    MoodleClient,
    MoodleError,
    MoodleTimeout,
    NotMoodle,
    ProtocolDisabled,
    ServerFailure,
    TransportOptions,
    TruncatedAnswer,
    UnexpectedAnswer,
    Unreachable,
)
from tests.contract.moodle_client.faulty import (
    Behaviour,
    drips,
    faulty,
    floods,
    hangs_up,
    keeps_silent,
    says,
    says_raw,
)

TOKEN = "5e1f0b7c9d3a4e6f8a1b2c3d4e5f6a7b"
JSON = "Content-Type: application/json"
HTML = "Content-Type: text/html"
GOOD = says("200 OK", b"[]", JSON)
LOGIN_PAGE = b'<!DOCTYPE html><form><input type="hidden" name="logintoken" value="x"></form>'


def read_from(url: str, **options: object) -> object:
    """Make one read; repetitions follow at once."""
    chosen = TransportOptions(**{"backoff": 0, **options})
    with MoodleClient(url, TOKEN, options=chosen) as moodle:
        return moodle.get_cohorts()


def failure_of(*behaviours: Behaviour, **options: object) -> tuple[MoodleError, int]:
    """The error of one read, and how many requests it took."""
    with faulty(*behaviours) as server:
        with pytest.raises(MoodleError) as raised:
            read_from(server.url, **options)
        return raised.value, len(server.requests)


def test_a_refused_connection_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Unreachable) as raised:
        read_from(f"http://127.0.0.1:{port}")
    assert raised.value.reason == "connection_refused"
    assert raised.value.retryable


def test_a_silent_site_is_a_timeout_and_is_asked_only_once() -> None:
    error, requests = failure_of(keeps_silent, read_timeout=0.1)
    assert isinstance(error, MoodleTimeout)
    assert (error.reason, requests) == ("read", 1)


def test_an_answer_that_drips_ends_at_the_total_limit() -> None:
    error, _ = failure_of(drips, read_timeout=5, total_timeout=0.2)
    assert isinstance(error, MoodleTimeout)
    assert error.reason == "total"


def test_one_call_may_be_given_less_time_than_the_others() -> None:
    with (
        faulty(keeps_silent) as server,
        MoodleClient(server.url, TOKEN) as moodle,
        pytest.raises(MoodleTimeout),
    ):
        moodle.get_grade_items(2, timeout=0.1)


@pytest.mark.parametrize("status", ["502 Bad Gateway", "503 Unavailable", "504 Gateway Timeout"])
def test_a_read_is_repeated_after_a_gateway_failure(status: str) -> None:
    with faulty(says(status, b"<html>", HTML), says(status, b"<html>", HTML), GOOD) as server:
        assert read_from(server.url) == []
        assert len(server.requests) == 3


def test_a_read_is_repeated_after_a_cut_connection() -> None:
    with faulty(hangs_up, GOOD) as server:
        assert read_from(server.url) == []
        assert len(server.requests) == 2


def test_repetitions_have_an_end() -> None:
    error, requests = failure_of(hangs_up)
    assert isinstance(error, Unreachable)
    assert (error.reason, requests) == ("connection_cut", 3)
    error, requests = failure_of(says("502 Bad Gateway", b"<html>", HTML))
    assert isinstance(error, ServerFailure)
    assert (error.reason, requests) == ("http_502", 3)


@pytest.mark.parametrize("fault", [hangs_up, says("502 Bad Gateway", b"", HTML)])
def test_a_function_that_may_write_is_never_repeated(fault: Behaviour) -> None:
    with faulty(fault, GOOD) as server, MoodleClient(server.url, TOKEN) as moodle:
        with pytest.raises(MoodleError):
            moodle.call("core_user_create_users", {"users": []})
        assert len(server.requests) == 1


def test_an_internal_error_is_not_repeated_at_once_but_may_be_later() -> None:
    error, requests = failure_of(says("500 Internal Server Error", b"", HTML))
    assert isinstance(error, ServerFailure)
    assert (error.reason, error.retryable, requests) == ("http_500", True, 1)


def test_maintenance_from_the_command_line_says_when_to_return_and_is_not_repeated() -> None:
    answer = says("503 Service Unavailable", b"<html>", HTML, "Retry-After: 300")
    error, requests = failure_of(answer)
    assert isinstance(error, Maintenance)
    assert (error.retry_after, requests) == (300, 1)


def test_a_site_that_asks_to_slow_down_is_a_failure_with_a_pause() -> None:
    error, requests = failure_of(says("429 Too Many Requests", b"", HTML, "Retry-After: 12"))
    assert isinstance(error, ServerFailure)
    assert (error.retry_after, requests) == (12, 1)


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (says("200 OK", b'[{"id": 1, "name": "Les Voix', JSON), "cut"),
        (says("200 OK", b'{"users": [', JSON), "cut"),
        (says("200 OK", b'[{"id": 1}]', JSON, length=500), "cut"),
        (says_raw(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[{"id\r\n'), "cut"),
        (says("200 OK", b"", JSON), "empty"),
        (says("200 OK", b"not gzip at all", JSON, "Content-Encoding: gzip"), "cut"),
    ],
)
def test_an_answer_cut_in_the_middle_is_truncated(behaviour: Behaviour, reason: str) -> None:
    error, _ = failure_of(behaviour)
    assert isinstance(error, TruncatedAnswer)
    assert (error.reason, error.retryable) == (reason, True)


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (says("200 OK", LOGIN_PAGE, HTML), "login_page"),
        (says("200 OK", b"<!DOCTYPE html><title>Bienvenue</title>", HTML), "html"),
        (says("200 OK", b"<!DOCTYPE html><title>Bienvenue</title>", JSON), "html"),
        (says("200 OK", b"Bonjour", "Content-Type: text/plain"), "not_json"),
        (says("200 OK", b"NaN", JSON), "not_json"),
        (says("200 OK", b"\xff\xfe\x00", JSON), "not_json"),
        (says("200 OK", b"[" * 100_000, JSON), "not_json"),
        (says("404 Not Found", b"<html>", HTML), "http_404"),
        (says("303 See Other", b"", "Location: /login/index.php"), "redirect_to_login"),
        (says("301 Moved", b"", "Location: https://elsewhere.example.test/x"), "redirect"),
    ],
)
def test_what_is_not_moodle_is_told_apart(behaviour: Behaviour, reason: str) -> None:
    error, requests = failure_of(behaviour)
    assert isinstance(error, NotMoodle)
    assert (error.reason, error.retryable, requests) == (reason, False, 1)


def test_json_under_a_wrong_content_type_is_read() -> None:
    with faulty(says("200 OK", b"[]", HTML)) as server:
        assert read_from(server.url) == []


def test_php_noise_before_the_json_is_a_failure_of_the_site() -> None:
    noise = b"<br />\n<b>Warning</b>: Undefined variable in file.php on line 3<br />\n[]"
    error, _ = failure_of(says("200 OK", noise, JSON))
    assert isinstance(error, ServerFailure)
    assert error.reason == "php_output"


def test_an_answer_without_end_is_refused() -> None:
    error, _ = failure_of(floods, max_reply_bytes=100_000)
    assert isinstance(error, AnswerTooLarge)
    assert not error.retryable


def test_a_compressed_bomb_is_refused_by_its_real_size() -> None:
    bomb = gzip.compress(b"0" * 5_000_000)
    assert len(bomb) < 10_000
    error, _ = failure_of(
        says("200 OK", bomb, JSON, "Content-Encoding: gzip"), max_reply_bytes=1_000_000
    )
    assert isinstance(error, AnswerTooLarge)


def test_a_compressed_answer_is_read() -> None:
    packed = gzip.compress(b"[]")
    with faulty(says("200 OK", packed, JSON, "Content-Encoding: gzip")) as server:
        assert read_from(server.url) == []


def test_an_empty_403_is_a_protocol_switched_off_and_a_page_is_a_barrier_in_front() -> None:
    error, _ = failure_of(says("403 Forbidden", b"", HTML))
    assert isinstance(error, ProtocolDisabled)
    error, _ = failure_of(says("403 Forbidden", b"<h1>Web firewall</h1>", HTML))
    assert isinstance(error, AccessDenied)


@pytest.mark.parametrize(
    "body", [b'{"unexpected": true}', b'"text"', b"12", b"null", b'[{"id": "x"}]', b"[1]"]
)
def test_json_of_another_shape_is_unexpected(body: bytes) -> None:
    error, _ = failure_of(says("200 OK", body, JSON))
    assert isinstance(error, UnexpectedAnswer)
    assert error.wsfunction == "core_cohort_get_cohorts"


def test_an_error_code_never_seen_is_unexpected() -> None:
    body = json.dumps({"exception": "x", "errorcode": "brandnew", "message": "?"}).encode()
    error, _ = failure_of(says("200 OK", body, JSON))
    assert isinstance(error, UnexpectedAnswer)
    assert error.errorcode == "brandnew"

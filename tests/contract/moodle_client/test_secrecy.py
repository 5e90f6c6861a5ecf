"""What leaves the machine and what shows: the token goes to one place and appears nowhere."""

from __future__ import annotations

import json
import logging
import traceback
from pathlib import Path

import pytest

from moodle_client import (
    CallRecord,
    MoodleClient,
    MoodleError,
    NotMoodle,
    TransportOptions,
    Unreachable,
)
from tests.certificates import self_signed
from tests.contract.moodle_client.faulty import Behaviour, faulty, hangs_up, keeps_silent, says
from tests.contract.moodle_client.test_faults import GOOD, HTML, JSON, TOKEN, failure_of, read_from


def test_a_redirect_is_never_followed_so_the_token_goes_nowhere_else() -> None:
    with faulty(GOOD) as other:
        moved = says("307 Temporary Redirect", b"", f"Location: {other.url}/")
        error, _ = failure_of(moved)
        assert isinstance(error, NotMoodle)
        assert other.requests == []


def test_a_certificate_that_nobody_signed_is_refused_before_the_token_leaves(
    tmp_path: Path,
) -> None:
    context, _ = self_signed("127.0.0.1", tmp_path)
    with faulty(GOOD, tls=context) as server:
        with pytest.raises(Unreachable) as raised:
            read_from(server.url)
        assert raised.value.reason == "certificate_self_signed"
        assert server.requests == []


def test_a_proxy_of_the_environment_is_not_used_for_the_loopback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with faulty(GOOD) as server:
        assert read_from(server.url) == []


@pytest.mark.parametrize(
    "behaviour",
    [
        hangs_up,
        keeps_silent,
        says("200 OK", b'{"id', JSON),
        says("200 OK", b"<html>", HTML),
        says("303 See Other", b"", "Location: /login/index.php"),
        says(
            "200 OK",
            json.dumps(
                {"exception": "x", "errorcode": "invalidtoken", "message": f"no {TOKEN}"}
            ).encode(),
            JSON,
        ),
    ],
)
def test_the_token_shows_nowhere(behaviour: Behaviour, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    seen: list[CallRecord] = []
    with faulty(behaviour) as server:
        options = TransportOptions(backoff=0, read_timeout=0.1)
        moodle = MoodleClient(server.url, TOKEN, options=options, observer=seen.append)
        with moodle, pytest.raises(MoodleError) as raised:
            moodle.get_cohorts()
        head = server.requests[0].partition(b"\r\n\r\n")[0].decode()
    error = raised.value
    shown = [str(error), repr(error), str(error.moodle_message), repr(moodle), repr(vars(moodle))]
    shown += [*traceback.format_exception(error), caplog.text, head, repr(seen)]
    assert not [text for text in shown if TOKEN in text]
    assert error.__context__ is None
    assert error.__cause__ is None
    assert [record.error_code for record in seen] == [error.code]
    assert TOKEN in server.requests[0].decode()

"""What an HTTP answer means: the JSON that it carries, or a MoodleError.

Judges by status and by the body itself, since content types are not reliable (a proxy, a PHP
warning printed before the JSON, a login page with status 200).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from moodle_client import errors
from moodle_client.errors import MoodleError
from moodle_client.transport.failures import failure_in

_PHP_NOISE = re.compile(rb"\s*<(br|b|p|pre|div)\b", re.IGNORECASE)
_LOGIN_PAGE = (b"logintoken", b"/login/index.php", b'type="password"')


@dataclass(frozen=True, slots=True)
class Reply:
    """Status, headers (lower-case names) and body of one HTTP answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def read_reply(reply: Reply, wsfunction: str | None) -> Any:
    """Give the JSON of an answer; numbers with a fraction come out as Decimal, exactly as written.

    Raises:
        MoodleError: the answer is an error of Moodle, of the web server, or not Moodle's.
    """
    if reply.status != 200:
        raise _http_failure(reply, wsfunction)
    answer = _json(reply, wsfunction)
    if isinstance(answer, dict):
        failure = failure_in(answer, wsfunction)
        if failure is not None:
            raise failure
    return answer


def _json(reply: Reply, wsfunction: str | None) -> Any:
    start = reply.body.lstrip()[:1]
    if not start:
        raise errors.TruncatedAnswer(wsfunction=wsfunction, reason="empty")
    if start == b"<":
        raise _markup_failure(reply, wsfunction)
    try:
        return json.loads(reply.body, parse_float=Decimal, parse_constant=_refuse_constant)
    except json.JSONDecodeError:
        cut = start in b'{["'
    except (ValueError, RecursionError):
        cut = False
    # Raised out here so that it keeps no link to its cause, which holds the whole answer.
    if cut:
        raise errors.TruncatedAnswer(wsfunction=wsfunction, reason="cut")
    raise errors.NotMoodle(wsfunction=wsfunction, reason="not_json")


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _markup_failure(reply: Reply, wsfunction: str | None) -> MoodleError:
    body = reply.body.lstrip()
    if body.startswith(b"<?xml"):
        return errors.NotMoodle(wsfunction=wsfunction, reason="xml")
    # A Moodle that prints PHP errors writes them as loose markup before the JSON.
    if "json" in reply.headers.get("content-type", "") and _PHP_NOISE.match(body):
        return errors.ServerFailure(wsfunction=wsfunction, reason="php_output")
    if any(sign in body for sign in _LOGIN_PAGE):
        return errors.NotMoodle(wsfunction=wsfunction, reason="login_page")
    return errors.NotMoodle(wsfunction=wsfunction, reason="html")


def _http_failure(reply: Reply, wsfunction: str | None) -> MoodleError:
    status, reason = reply.status, f"http_{reply.status}"
    wait = _seconds(reply.headers.get("retry-after"))
    if 300 <= status < 400:
        path = urlsplit(reply.headers.get("location", "")).path
        word = "redirect_to_login" if "login" in path else "redirect"
        return errors.NotMoodle(wsfunction=wsfunction, reason=word)
    # Maintenance set from the command line always says when to come back; a dying server doesn't.
    if status == 503 and wait is not None:
        return errors.Maintenance(wsfunction=wsfunction, reason=reason, retry_after=wait)
    if status >= 500 or status == 429:
        return errors.ServerFailure(wsfunction=wsfunction, reason=reason, retry_after=wait)
    if status == 403 and not reply.body.strip():
        return errors.ProtocolDisabled(wsfunction=wsfunction, reason=reason)
    if status in (401, 403):
        return errors.AccessDenied(wsfunction=wsfunction, reason=reason)
    return errors.NotMoodle(wsfunction=wsfunction, reason=reason)


def _seconds(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() else None

"""One form goes out, one answer comes back: held in memory, or in a file and given item by item.

The token travels in the POST body only, never in an address.
"""

import io
import logging
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import IO, Any
from urllib.parse import urlsplit

import requests
import urllib3

from moodle_client import errors
from moodle_client.functions import find_function
from moodle_client.transport.form import Parameters, encode_form
from moodle_client.transport.network import network_failure
from moodle_client.transport.options import CallRecord, TransportOptions
from moodle_client.transport.reply import Reply, read_reply
from moodle_client.transport.secret import Secret
from moodle_client.transport.sessions import Sessions
from moodle_client.transport.streaming import StreamedReply, read_items

REST_PATH = "/webservice/rest/server.php"
HELD = 1024 * 1024
"""Bytes of a streamed answer that stay in memory; the rest waits in a file without a name."""
_log = logging.getLogger("moodle_client")

Form = list[tuple[str, str]]


class Transport:
    """Speaks to one site with one token. Safe to share between threads."""

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        options: TransportOptions | None = None,
        observer: Callable[[CallRecord], None] | None = None,
    ) -> None:
        self.base_url = _checked_address(base_url)
        self.options = options or TransportOptions()
        self._token = Secret(token)
        self._observer = observer
        self._sessions = Sessions(self.base_url, self.options)

    def __repr__(self) -> str:
        return f"Transport({self.base_url!r}, token={self._token!r})"

    def call(
        self,
        wsfunction: str,
        parameters: Parameters,
        *,
        timeout: float | None = None,
        read: Callable[[Reply, str | None], Any] = read_reply,
    ) -> Any:
        """Call a function and give its JSON answer.

        Args:
            wsfunction: its name; those of `Function` only read and are repeated when cut.
            parameters: nested values, encoded Moodle's way.
            timeout: seconds of silence allowed for this call, instead of `read_timeout`.
            read: what an answer means.

        Raises:
            MoodleError: any of its subclasses.
        """
        return self.post(
            REST_PATH,
            self._form(wsfunction, parameters),
            wsfunction=wsfunction,
            repeatable=find_function(wsfunction) is not None,
            timeout=timeout,
            read=read,
        )

    def stream(
        self, wsfunction: str, parameters: Parameters, key: str, *, timeout: float | None = None
    ) -> Iterator[Any]:
        """Call a function and give, one by one, the items of the list in field `key` of its answer.

        The answer is received before this returns, and waits in a file; the items are read from it
        as they are asked for. The call is never repeated: it is for answers that cost a site dear.

        Raises:
            MoodleError: any of its subclasses; `TruncatedAnswer` also while items are read.
        """
        body: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=HELD)  # noqa: SIM115  # closed by its reader
        form = self._form(wsfunction, parameters)
        limit = self.options.max_streamed_bytes
        try:
            with self._observed(wsfunction, form) as received:
                status, headers = self._exchange(
                    REST_PATH, form, wsfunction, False, timeout, body, limit
                )
                received.bytes = body.tell()
                reply = StreamedReply(status, headers, body, body.tell())
                held = self.options.max_reply_bytes
                return read_items(reply, key, wsfunction, held)
        except BaseException:
            body.close()
            raise

    def post(
        self,
        path: str,
        form: Form,
        *,
        wsfunction: str,
        repeatable: bool,
        timeout: float | None = None,
        read: Callable[[Reply, str | None], Any] = read_reply,
    ) -> Any:
        """Send a form to a page of the site and read its JSON; same errors as `call`."""
        body = io.BytesIO()
        limit = self.options.max_reply_bytes
        with self._observed(wsfunction, form) as received:
            status, headers = self._exchange(
                path, form, wsfunction, repeatable, timeout, body, limit
            )
            received.bytes = body.tell()
            return read(Reply(status, headers, body.getvalue()), wsfunction)

    def close(self) -> None:
        """Close the connections of every thread."""
        self._sessions.close()

    def _form(self, wsfunction: str, parameters: Parameters) -> Form:
        fields = encode_form(parameters)
        if len(fields) + 3 > self.options.max_input_vars:
            raise errors.InvalidParameter(wsfunction=wsfunction, reason="too_many_variables")
        head = [
            ("wstoken", self._token.reveal()),
            ("wsfunction", wsfunction),
            ("moodlewsrestformat", "json"),
        ]
        return [*head, *fields]

    def _observed(self, wsfunction: str, form: Form) -> "_Observed":
        return _Observed(wsfunction, form, self._observer)

    def _exchange(
        self,
        path: str,
        form: Form,
        wsfunction: str,
        repeatable: bool,
        timeout: float | None,
        body: IO[bytes],
        limit: int,
    ) -> tuple[int, dict[str, str]]:
        """Send a form, write the answer's body; return its status and headers (lower-case names)."""
        options = self.options
        deadline = time.monotonic() + options.total_timeout
        try:
            with self._sessions.of_thread(repeating=repeatable).post(
                self.base_url + path,
                data=form,
                stream=True,
                allow_redirects=False,
                timeout=(options.connect_timeout, timeout or options.read_timeout),
                verify=options.verify,
            ) as response:
                _receive(response, body, deadline, limit, wsfunction)
                headers = {name.lower(): value for name, value in response.headers.items()}
                return response.status_code, headers
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            failure = network_failure(error, wsfunction)
        except errors.AddressForbidden as error:
            failure = errors.AddressForbidden(wsfunction=wsfunction, reason=error.reason)
        # Raised out here so that it keeps no link to its cause, which holds the form: the token.
        raise failure


class _Observed:
    """A call under way: told to the observer when it ends, its errors kept from telling secrets."""

    def __init__(
        self, wsfunction: str, form: Form, observer: Callable[[CallRecord], None] | None
    ) -> None:
        self._wsfunction, self._form, self._observer = wsfunction, form, observer
        self._start = 0.0
        self.bytes = 0

    def __enter__(self) -> "_Observed":
        self._start = time.monotonic()
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        code = None
        if isinstance(error, errors.MoodleError):
            code = error.code
            error.moodle_message = _without_secrets(error.moodle_message, self._form)
        seconds = time.monotonic() - self._start
        record = CallRecord(self._wsfunction, seconds, self.bytes, code)
        _log.debug("%s %.3f s %d bytes %s", self._wsfunction, seconds, self.bytes, code or "ok")
        if self._observer is not None:
            self._observer(record)


def _receive(
    response: requests.Response, body: IO[bytes], deadline: float, limit: int, wsfunction: str
) -> None:
    received = 0
    # read1 gives what has arrived; a plain read would wait for a full block past the deadline.
    while chunk := response.raw.read1(65536, decode_content=True):
        body.write(chunk)
        received += len(chunk)
        if received > limit:
            raise errors.AnswerTooLarge(wsfunction=wsfunction)
        if time.monotonic() > deadline:
            raise errors.MoodleTimeout(wsfunction=wsfunction, reason="total")


def _without_secrets(message: str | None, form: Form) -> str | None:
    for name, value in form:
        if message and value and name in ("wstoken", "password"):
            message = message.replace(value, "***")
    return message


def _checked_address(base_url: str) -> str:
    """Give the site's address without its trailing slash, or refuse it."""
    parts = urlsplit(base_url.strip())
    sound = parts.scheme in ("http", "https") and parts.hostname and not parts.username
    if not sound or parts.query or parts.fragment:
        raise errors.NotMoodle(reason="address")
    return base_url.strip().rstrip("/")

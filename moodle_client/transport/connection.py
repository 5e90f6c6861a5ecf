"""Sessions, timeouts and retries: one form goes out, one `Reply` comes back.

The token travels in the POST body only, never in an address. One requests Session per thread,
since they are not safe to share.
"""

import ipaddress
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakSet

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from moodle_client import errors
from moodle_client.functions import find_function
from moodle_client.transport.form import Parameters, encode_form
from moodle_client.transport.network import ReadRetry, network_failure
from moodle_client.transport.reply import Reply, read_reply
from moodle_client.transport.secret import Secret

REST_PATH = "/webservice/rest/server.php"
_log = logging.getLogger("moodle_client")


Connector = Callable[[Retry | int, float], HTTPAdapter]
"""Takes what may be repeated and `total_timeout`, gives a requests adapter, which may raise
`AddressForbidden`."""


def connect_anywhere(retries: Retry | int, _total_timeout: float) -> HTTPAdapter:
    """Make an adapter that connects wherever the name leads."""
    return HTTPAdapter(max_retries=retries, pool_connections=1)


@dataclass(frozen=True, slots=True)
class TransportOptions:
    """How patient and how cautious the transport is. Times in seconds.

    Attributes:
        connect_timeout: to open a connection.
        read_timeout: of silence while waiting; a whole-course read of 2,000 learners is 60 s.
        total_timeout: for one whole answer, however steadily it drips.
        retries: how often a read is repeated after a cut connection, 502, 503 or 504.
        backoff: pause before the second repetition; it doubles each time.
        max_reply_bytes: size, once decompressed, above which an answer is refused.
        max_input_vars: PHP's limit on the site; PHP cuts silently what exceeds it.
        verify: False only for a test site; or the path of a certificate bundle.
        connector: makes what opens connections; another one may choose where they go and whom they
            trust (then `verify` is its own affair).
    """

    connect_timeout: float = 5.0
    read_timeout: float = 75.0
    total_timeout: float = 300.0
    retries: int = 2
    backoff: float = 0.5
    max_reply_bytes: int = 64 * 1024 * 1024
    max_input_vars: int = 1000
    verify: bool | str = True
    user_agent: str = "moodle_client"
    connector: Connector = connect_anywhere


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One call as seen from here: for metrics and for measuring what a site can bear."""

    wsfunction: str
    seconds: float
    received_bytes: int
    error_code: str | None


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
        self._local = threading.local()
        self._sessions: WeakSet[requests.Session] = WeakSet()

    def __repr__(self) -> str:
        return f"Transport({self.base_url!r}, token={self._token!r})"

    def call(self, wsfunction: str, parameters: Parameters, *, timeout: float | None = None) -> Any:
        """Call a function and give its JSON answer.

        Args:
            wsfunction: its name; those of `Function` only read and are repeated when cut.
            parameters: nested values, encoded Moodle's way.
            timeout: seconds of silence allowed for this call, instead of `read_timeout`.

        Raises:
            MoodleError: any of its subclasses.
        """
        fields = encode_form(parameters)
        if len(fields) + 3 > self.options.max_input_vars:
            raise errors.InvalidParameter(wsfunction=wsfunction, reason="too_many_variables")
        head = [
            ("wstoken", self._token.reveal()),
            ("wsfunction", wsfunction),
            ("moodlewsrestformat", "json"),
        ]
        return self.post(
            REST_PATH,
            [*head, *fields],
            wsfunction=wsfunction,
            repeatable=find_function(wsfunction) is not None,
            timeout=timeout,
        )

    def post(
        self,
        path: str,
        form: list[tuple[str, str]],
        *,
        wsfunction: str,
        repeatable: bool,
        timeout: float | None = None,
    ) -> Any:
        """Send a form to a page of the site and read its JSON; same errors as `call`."""
        start = time.monotonic()
        received, code = 0, None
        try:
            reply = self._exchange(path, form, wsfunction, repeatable, timeout)
            received = len(reply.body)
            return read_reply(reply, wsfunction)
        except errors.MoodleError as error:
            code = error.code
            error.moodle_message = _without_secrets(error.moodle_message, form)
            raise
        finally:
            record = CallRecord(wsfunction, time.monotonic() - start, received, code)
            _log.debug("%s %.3f s %d bytes %s", wsfunction, record.seconds, received, code or "ok")
            if self._observer is not None:
                self._observer(record)

    def close(self) -> None:
        """Close the connections of every thread."""
        for session in list(self._sessions):
            session.close()

    def _exchange(
        self,
        path: str,
        form: list[tuple[str, str]],
        wsfunction: str,
        repeatable: bool,
        timeout: float | None,
    ) -> Reply:
        options = self.options
        deadline = time.monotonic() + options.total_timeout
        try:
            with self._session(repeatable).post(
                self.base_url + path,
                data=form,
                stream=True,
                allow_redirects=False,
                timeout=(options.connect_timeout, timeout or options.read_timeout),
                verify=options.verify,
            ) as response:
                body = self._body(response, deadline, wsfunction)
                headers = {name.lower(): value for name, value in response.headers.items()}
                return Reply(response.status_code, headers, body)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            failure = network_failure(error, wsfunction)
        except errors.AddressForbidden as error:
            failure = errors.AddressForbidden(wsfunction=wsfunction, reason=error.reason)
        # Raised out here so that it keeps no link to its cause, which holds the form: the token.
        raise failure

    def _body(self, response: requests.Response, deadline: float, wsfunction: str) -> bytes:
        body = bytearray()
        # read1 gives what has arrived; a plain read would wait for a full block past the deadline.
        while chunk := response.raw.read1(65536, decode_content=True):
            body += chunk
            if len(body) > self.options.max_reply_bytes:
                raise errors.AnswerTooLarge(wsfunction=wsfunction)
            if time.monotonic() > deadline:
                raise errors.MoodleTimeout(wsfunction=wsfunction, reason="total")
        return bytes(body)

    def _session(self, repeatable: bool) -> requests.Session:
        name = "repeating" if repeatable else "once"
        session: requests.Session | None = getattr(self._local, name, None)
        if session is None:
            session = self._new_session(repeatable)
            setattr(self._local, name, session)
            self._sessions.add(session)
        return session

    def _new_session(self, repeatable: bool) -> requests.Session:
        retries = ReadRetry.of(self.options.retries, self.options.backoff) if repeatable else 0
        session = requests.Session()
        # A callable in place of credentials, so that no .netrc password is added to the request.
        session.auth = _no_credentials
        session.trust_env = not _is_loopback(self.base_url)
        session.headers["User-Agent"] = self.options.user_agent
        session.headers["Accept"] = "application/json"
        for scheme in ("http://", "https://"):
            session.mount(scheme, self.options.connector(retries, self.options.total_timeout))
        return session


def _without_secrets(message: str | None, form: list[tuple[str, str]]) -> str | None:
    for name, value in form:
        if message and value and name in ("wstoken", "password"):
            message = message.replace(value, "***")
    return message


def _no_credentials(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _checked_address(base_url: str) -> str:
    """Give the site's address without its trailing slash, or refuse it."""
    parts = urlsplit(base_url.strip())
    sound = parts.scheme in ("http", "https") and parts.hostname and not parts.username
    if not sound or parts.query or parts.fragment:
        raise errors.NotMoodle(reason="address")
    return base_url.strip().rstrip("/")


def _is_loopback(base_url: str) -> bool:
    host = urlsplit(base_url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

"""What may be repeated on the wire, and the names of what goes wrong there."""

from typing import Self

import requests
from urllib3 import exceptions as wire
from urllib3.connectionpool import ConnectionPool
from urllib3.response import BaseHTTPResponse
from urllib3.util.retry import Retry

from moodle_client import errors
from moodle_client.errors import MoodleError
from moodle_client.transport.certificates import certificate_fault


class ReadRetry(Retry):
    """Repeats reads after a cut connection or a gateway failure.

    Never after a silence (the site is busy with the call and would do it twice), and never when a
    503 says when to return: that is maintenance, not a hiccup.
    """

    @classmethod
    def of(cls, times: int, backoff: float) -> Self:
        """Make the policy: how many repetitions, with what pause in seconds."""
        return cls(
            total=times,
            other=0,
            redirect=0,
            status_forcelist=(502, 503, 504),
            allowed_methods=None,
            backoff_factor=backoff,
            backoff_jitter=backoff / 2,
            raise_on_status=False,
            respect_retry_after_header=False,
        )

    def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:
        """Whether an answer with this status is worth another try."""
        if has_retry_after:
            return False
        return super().is_retry(method, status_code, has_retry_after)

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: ConnectionPool | None = None,
        _stacktrace: object = None,
    ) -> Self:
        """Count one failure, or give up at once on a silence."""
        if isinstance(error, wire.ReadTimeoutError):
            raise error
        return super().increment(method, url, response, error, _pool, _stacktrace)  # type: ignore[arg-type]  # urllib3 types the traceback


def network_failure(error: Exception, wsfunction: str) -> MoodleError:
    """Name a failure of the network; the text of the original is left behind on purpose."""
    if isinstance(error, requests.exceptions.ReadTimeout | wire.ReadTimeoutError):
        return errors.MoodleTimeout(wsfunction=wsfunction, reason="read")
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
        return errors.NotMoodle(wsfunction=wsfunction, reason="address")
    if isinstance(error, wire.IncompleteRead | wire.DecodeError):
        return errors.TruncatedAnswer(wsfunction=wsfunction, reason="cut")
    if isinstance(error, wire.ProtocolError):
        # Raised here only while a body is read: the headers had arrived.
        return errors.TruncatedAnswer(wsfunction=wsfunction, reason="cut")
    return errors.Unreachable(wsfunction=wsfunction, reason=_reason(error))


def _reason(error: Exception) -> str:
    if isinstance(error, requests.exceptions.SSLError | wire.SSLError):
        fault = certificate_fault(error)
        return f"certificate_{fault}" if fault else "tls"
    if isinstance(error, requests.exceptions.ProxyError):
        return "proxy"
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return "connect_timeout"
    cause = error.args[0] if error.args else None
    cause = getattr(cause, "reason", cause)
    if isinstance(cause, wire.NameResolutionError):
        return "unknown_name"
    if isinstance(cause, wire.NewConnectionError):
        return "connection_refused"
    return "connection_cut"

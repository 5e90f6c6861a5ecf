"""How patient and how cautious a transport is, and what it tells of each call."""

from collections.abc import Callable
from dataclasses import dataclass

from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

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
        max_reply_bytes: size, once decompressed, above which an answer held in memory is refused.
        max_streamed_bytes: the same for an answer read item by item, which waits in a file.
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
    max_streamed_bytes: int = 1024 * 1024 * 1024
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

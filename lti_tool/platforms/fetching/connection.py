"""Connections that go to judged addresses only, under a watch that ends them when time is over.

The name is resolved here, once, in the very step that connects: between the judgement and the
connection there is no second question to the DNS. Host header, SNI and the verification of the
certificate keep the name.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import Any

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.response import HTTPResponse
from urllib3.util.retry import Retry

from lti_tool.platforms.fetching.addresses import Policy
from lti_tool.platforms.fetching.errors import FetchFailed
from lti_tool.platforms.fetching.trust import tls_context

Opener = Callable[[str, HTTPConnection], socket.socket]
"""Opens the socket of a connection to a name; the connection has the port, and the seconds allowed."""


class Watch:
    """Ends every connection made under it ``seconds`` after it began."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._seconds = seconds
        self._sockets: list[socket.socket] = []
        self._timer: threading.Timer | None = None
        self._rung = False

    def __enter__(self) -> Watch:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
        for held in self._sockets:
            held.close()

    @property
    def over(self) -> bool:
        """Whether the time is over."""
        return self._rung or time.monotonic() >= self._end

    def left(self) -> float:
        """Seconds left, never negative."""
        return max(self._end - time.monotonic(), 0.0)

    def keep(self, sock: socket.socket) -> None:
        """Cut ``sock`` when the time is over, whatever reads from it."""
        # A second handle: the TLS layer takes the first one away.
        handle = socket.dup(sock.fileno())
        self._sockets.append(socket.socket(sock.family, sock.type, sock.proto, fileno=handle))
        if self._timer is None:
            self._timer = threading.Timer(self.left(), self._ring)
            self._timer.daemon = True
            self._timer.start()

    def _ring(self) -> None:
        self._rung = True
        for held in self._sockets:
            with contextlib.suppress(OSError):
                held.shutdown(socket.SHUT_RDWR)


def open_socket(
    host: str, port: int, policy: Policy, seconds: Callable[[], float]
) -> socket.socket:
    """Resolve a name, judge every address, and connect to one of them.

    Args:
        seconds: asked before each address is tried, how long it may take; 0: no time is left.

    Raises:
        FetchRefused: one address may not be asked; the others are not either.
        FetchFailed: no address, or none that takes the connection.
    """
    failure = FetchFailed("no-answer", host)
    for family, kind, protocol, place in resolve(host, port, policy):
        left = seconds()
        if left <= 0:
            raise FetchFailed("too-slow", host)
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(left)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.connect(place)
        except OSError as error:
            sock.close()
            reason = "timeout" if isinstance(error, TimeoutError) else "no-answer"
            failure = FetchFailed(reason, host)
            continue
        return sock
    raise failure


def resolve(
    host: str, port: int, policy: Policy
) -> list[tuple[socket.AddressFamily, socket.SocketKind, int, Any]]:
    """Return where ``host`` stands, once every one of its addresses was judged.

    Raises:
        FetchRefused: one of them may not be asked.
        FetchFailed: the name has no address.
    """
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise FetchFailed("unresolved", host) from None
    if not found:
        raise FetchFailed("unresolved", host)
    for _family, _kind, _protocol, _name, place in found:
        policy.check_ip(host, str(place[0]))
    return [(family, kind, protocol, place) for family, kind, protocol, _name, place in found]


class JudgedAdapter(HTTPAdapter):
    """A ``requests`` adapter that speaks to judged addresses only, without a proxy.

    Certificates are always verified, with the authorities of the policy.
    """

    def __init__(
        self,
        policy: Policy,
        opener: Opener,
        *,
        retries: Retry | int = 0,
        head_seconds: float | None = None,
    ) -> None:
        self._policy = policy
        self._opening: dict[str, Any] = {"opener": opener, "head_seconds": head_seconds}
        super().__init__(pool_connections=1, max_retries=retries)

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any
    ) -> None:
        """Make pools whose connections open their socket with the opener."""
        manager = PoolManager(
            num_pools=connections,
            maxsize=maxsize,
            block=block,
            ssl_context=tls_context(self._policy.ca_file),
            **pool_kwargs,
        )
        makers: dict[str, Any] = {
            "http": partial(_pool, HTTPConnectionPool, partial(_Judged, **self._opening)),
            "https": partial(_pool, HTTPSConnectionPool, partial(_JudgedTls, **self._opening)),
        }
        manager.pool_classes_by_scheme = makers
        self.poolmanager = manager

    def send(self, request: PreparedRequest, *args: Any, **values: Any) -> Response:
        """Send to the address itself: a proxy would resolve the name anew.

        Raises:
            FetchRefused: the address is not of a form that may be asked.
        """
        self._policy.check_url(request.url or "")
        return super().send(request, *args, **{**values, "proxies": None})

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Leave the pool as it was made: its context holds the authorities."""


class _Judged(HTTPConnection):
    """Opens its socket with the opener; gives the head of each answer ``head_seconds``, if told."""

    def __init__(
        self, *args: Any, opener: Opener, head_seconds: float | None, **values: Any
    ) -> None:
        super().__init__(*args, **values)
        self._opener = opener
        self._head_seconds = head_seconds

    def _new_conn(self) -> socket.socket:
        return self._opener(self._dns_host, self)

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as urllib3 itself does
        if self._head_seconds is None:
            return super().getresponse()
        with Watch(self._head_seconds) as watch:
            watch.keep(self.sock)
            try:
                return super().getresponse()
            finally:
                # A connection that was cut can look like the end of a head.
                if watch.over:
                    raise TimeoutError


class _JudgedTls(_Judged, HTTPSConnection):
    """The same, encrypted."""


def _pool(kind: Any, connection: Any, host: str, port: int, **values: Any) -> HTTPConnectionPool:
    pool: HTTPConnectionPool = kind(host, port, **values)
    pool.ConnectionCls = connection
    return pool

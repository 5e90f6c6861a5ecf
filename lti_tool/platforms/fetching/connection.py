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
from functools import partial
from types import TracebackType
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from lti_tool.platforms.fetching.addresses import Policy
from lti_tool.platforms.fetching.errors import FetchFailed


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
        self._sockets.append(sock.dup())
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
    host: str, port: int, *, policy: Policy, watch: Watch, connect_timeout: float
) -> socket.socket:
    """Resolve a name, judge every address, and connect to one of them.

    Raises:
        FetchRefused: one address may not be asked; the others are not either.
        FetchFailed: no address, or none that takes the connection.
    """
    failure = FetchFailed("no-answer", host)
    for family, kind, protocol, place in resolve(host, port, policy):
        if watch.over:
            raise FetchFailed("too-slow", host)
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(max(min(connect_timeout, watch.left()), 0.001))
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.connect(place)
            watch.keep(sock)
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
    """A ``requests`` adapter for one exchange: no proxy, no retry, judged addresses only."""

    def __init__(self, policy: Policy, watch: Watch, connect_timeout: float) -> None:
        self._open = partial(
            open_socket, policy=policy, watch=watch, connect_timeout=connect_timeout
        )
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any
    ) -> None:
        """Make pools whose connections open their socket with ``open_socket``."""
        manager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, **pool_kwargs)
        makers: dict[str, Any] = {
            "http": partial(_plain_pool, self._open),
            "https": partial(_secure_pool, self._open),
        }
        manager.pool_classes_by_scheme = makers
        self.poolmanager = manager


class _Plain(HTTPConnection):
    def __init__(self, *args: Any, opener: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self._opener = opener

    def _new_conn(self) -> socket.socket:
        opened: socket.socket = self._opener(self._dns_host, self.port)
        return opened


class _Secure(HTTPSConnection):
    def __init__(self, *args: Any, opener: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self._opener = opener

    def _new_conn(self) -> socket.socket:
        opened: socket.socket = self._opener(self._dns_host, self.port)
        return opened


def _plain_pool(opener: Any, host: str, port: int, **values: Any) -> HTTPConnectionPool:
    pool = HTTPConnectionPool(host, port, **values)
    pool.ConnectionCls = partial(_Plain, opener=opener)  # type: ignore[assignment]  # a maker of connections is enough
    return pool


def _secure_pool(opener: Any, host: str, port: int, **values: Any) -> HTTPSConnectionPool:
    pool = HTTPSConnectionPool(host, port, **values)
    pool.ConnectionCls = partial(_Secure, opener=opener)  # type: ignore[assignment]  # a maker of connections is enough
    return pool

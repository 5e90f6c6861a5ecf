"""A server in front of the demonstration's Moodle that does wrong, in some calls, what a test asks.

Real sockets and TLS: what the tool meets is what a network, a web server or a site would do to it.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import parse_qs, urlsplit

from tests.contract.moodle_client.faulty import Behaviour, read_request

Ask = Callable[[], bytes]
"""Gives what the Moodle behind would have answered, from the status line on."""
Wrong = Callable[[socket.socket, Ask], None]


@dataclass(slots=True)
class Breakage:
    """What goes wrong, in which calls."""

    wrong: Wrong
    function: str
    """The web-service function; empty: every call."""
    after: int
    """How many of these calls go well first."""
    times: int | None
    """How many go wrong then; None: all."""
    met: int = 0

    def meets(self, function: str) -> bool:
        """Count a call; return whether it goes wrong."""
        if self.function not in ("", function):
            return False
        self.met += 1
        late = self.times is not None and self.met > self.after + self.times
        return self.met > self.after and not late


@dataclass
class Proxy:
    """Answers for a Moodle, but for the calls that are broken."""

    behind: str
    """Address of the Moodle."""
    tls: ssl.SSLContext
    """May be changed while it runs: each connection takes the present one."""
    breakages: list[Breakage] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    """The functions called so far."""
    rewritten: Callable[[bytes], bytes] | None = None
    """What becomes of every sound answer on its way."""
    others: dict[str, ssl.SSLContext] = field(default_factory=dict)
    """Certificates that a fault may show, by name."""

    def __post_init__(self) -> None:
        """Listen on a free port."""
        self._good = self.tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self._closing = threading.Event()
        self._counting = threading.Lock()
        self.url = f"https://127.0.0.1:{self._listener.getsockname()[1]}"

    def breaks(
        self, wrong: Wrong, function: str = "", *, after: int = 0, times: int | None = None
    ) -> None:
        """Have calls go wrong from now on."""
        self.breakages.append(Breakage(wrong, function, after, times))

    def mend(self) -> None:
        """Have every call go well again."""
        self.breakages.clear()
        self.rewritten, self.tls = None, self._good

    def run(self) -> None:
        """Serve until closed, a thread for each connection."""
        while not self._closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(connection,))
            thread.start()
            self._threads.append(thread)

    def close(self) -> None:
        """Stop, and wait until it has."""
        self._closing.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _serve(self, plain: socket.socket) -> None:
        with suppress(OSError), plain, self.tls.wrap_socket(plain, server_side=True) as connection:
            connection.settimeout(10)
            request = read_request(connection)
            function = _function(request)
            with self._counting:
                self.calls.append(function)
                broken = [one for one in self.breakages if one.meets(function)]
            if broken:
                broken[0].wrong(connection, lambda: self._ask(request))
            else:
                answer = self._ask(request)
                connection.sendall(self.rewritten(answer) if self.rewritten else answer)

    def _ask(self, request: bytes) -> bytes:
        head, _, body = request.partition(b"\r\n\r\n")
        path = head.split(b" ", 2)[1].decode()
        inner = HTTPConnection(urlsplit(self.behind).netloc, timeout=10)
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        try:
            inner.request("POST", path, body, form)
            return _whole(inner.getresponse())
        finally:
            inner.close()


@contextmanager
def proxy_of(behind: str, tls: ssl.SSLContext) -> Iterator[Proxy]:
    """Run such a server until the end of the block."""
    proxy = Proxy(behind, tls)
    thread = threading.Thread(target=proxy.run)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.close()
        thread.join()


def alone(behaviour: Behaviour) -> Wrong:
    """Do this, whatever the Moodle behind would have said."""
    return lambda connection, _ask: behaviour(connection)


def cut(share: float) -> Wrong:
    """Announce the whole answer, send that share of its body, and hang up cleanly."""

    def behave(connection: socket.socket, ask: Ask) -> None:
        head, _, body = ask().partition(b"\r\n\r\n")
        kept = body[: int(len(body) * share)]
        # As a proxy does that closed its own side early: the size told is that of what is sent.
        lines = [
            one for one in head.split(b"\r\n") if not one.lower().startswith(b"content-length")
        ]
        lines.append(b"Content-Length: %d" % len(kept))
        connection.sendall(b"\r\n".join(lines) + b"\r\n\r\n" + kept)

    return behave


def first(act: Callable[[], object]) -> Wrong:
    """Have something happen on the site just before it answers as it should."""

    def behave(connection: socket.socket, ask: Ask) -> None:
        act()
        connection.sendall(ask())

    return behave


def _function(request: bytes) -> str:
    form = parse_qs(request.partition(b"\r\n\r\n")[2].decode("latin-1"))
    return form.get("wsfunction", [""])[0]


def _whole(answer: HTTPResponse) -> bytes:
    body = answer.read()
    head = [f"HTTP/1.1 {answer.status} {answer.reason}", f"Content-Length: {len(body)}"]
    head += [
        f"{name}: {value}"
        for name, value in answer.getheaders()
        if name.lower() not in ("content-length", "transfer-encoding", "connection")
    ]
    return "\r\n".join([*head, "Connection: close"]).encode() + b"\r\n\r\n" + body

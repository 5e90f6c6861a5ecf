"""A server that does wrong what a test asks: cuts, drips, hangs up, keeps silent."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Behaviour = Callable[[socket.socket], None]


class FaultyServer:
    """Answers each request with the next behaviour, the last one for ever; counts requests."""

    def __init__(self, behaviours: list[Behaviour], tls: ssl.SSLContext | None) -> None:
        self._behaviours = behaviours
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._run)
        self.requests: list[bytes] = []
        self.closing = threading.Event()
        scheme = "https" if tls else "http"
        self.url = f"{scheme}://127.0.0.1:{self._listener.getsockname()[1]}"

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """Stop, and wait until it has."""
        self.closing.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _run(self) -> None:
        while not self.closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with suppress(OSError), connection:
                if self._tls is not None:
                    connection = self._tls.wrap_socket(connection, server_side=True)
                with connection:
                    self._serve(connection)

    def _serve(self, connection: socket.socket) -> None:
        self.requests.append(read_request(connection))
        position = min(len(self.requests), len(self._behaviours)) - 1
        self._behaviours[position](connection)


def read_request(connection: socket.socket) -> bytes:
    """Return one request, head and body.

    Raises:
        ConnectionError: the other side left before its end.
    """
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next(int(x.split(b":")[1]) for x in lines if x.startswith(b"content-length:"))
    while len(body) < length:
        body += _more(connection)
    return head + b"\r\n\r\n" + body


def _more(connection: socket.socket) -> bytes:
    received = connection.recv(65536)
    if not received:
        raise ConnectionError("cut before the end of the request")
    return received


def says(status: str, body: bytes, *headers: str, length: int | None = None) -> Behaviour:
    """Answer with this status line and body; `length` announces another size than the real one."""
    announced = len(body) if length is None else length
    head = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {announced}", "Connection: close"]

    def behave(connection: socket.socket) -> None:
        connection.sendall("\r\n".join(head).encode() + b"\r\n\r\n" + body)

    return behave


def says_raw(text: bytes) -> Behaviour:
    """Send these bytes and close."""
    return lambda connection: connection.sendall(text)


def hangs_up(connection: socket.socket) -> None:
    """Close without a word."""


def keeps_silent(connection: socket.socket) -> None:
    """Say nothing until the client goes away."""
    with suppress(OSError):
        connection.recv(1)


def drips(connection: socket.socket) -> None:
    """Send a body one byte at a time for a second, never slow enough for the silence limit."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n[")
    pause = threading.Event()
    with suppress(OSError):
        for _ in range(100):
            pause.wait(0.01)
            connection.sendall(b" ")


def drips_a_head(connection: socket.socket) -> None:
    """Send a header one letter at a time, never slow enough for the silence limit, for a second."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    pause = threading.Event()
    with suppress(OSError):
        for _ in range(100):
            pause.wait(0.01)
            connection.sendall(b"a")
        connection.sendall(b"\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[]")


def floods(connection: socket.socket) -> None:
    """Send a body of 30 MB without saying its size."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n[")
    with suppress(OSError):
        for _ in range(2000):
            connection.sendall(b"1," * 8192)


@contextmanager
def faulty(*behaviours: Behaviour, tls: ssl.SSLContext | None = None) -> Iterator[FaultyServer]:
    """Run such a server until the end of the block."""
    server = FaultyServer(list(behaviours), tls)
    server.start()
    try:
        yield server
    finally:
        server.stop()

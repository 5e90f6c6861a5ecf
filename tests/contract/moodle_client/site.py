"""A web server on the loopback that answers what a test tells it and keeps what it was sent."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

RECORDINGS = Path(__file__).parents[2] / "recordings" / "4.5" / "ws"


@dataclass(frozen=True)
class Answer:
    """One HTTP answer, exactly."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    body: bytes = b"[]"

    @classmethod
    def of(cls, value: object) -> Answer:
        """An answer that carries this value as JSON."""
        return cls(body=json.dumps(value).encode())


@dataclass(frozen=True)
class Received:
    """One request as it came: where, with what in the address, and the form in its body."""

    path: str
    headers: Mapping[str, str]
    form: dict[str, str]


def load(name: str) -> dict[str, Any]:
    """The recording of this name."""
    return json.loads((RECORDINGS / f"{name}.json").read_text(encoding="utf-8"))


def recorded(name: str) -> Answer:
    """The answer of a recording, with its status and headers."""
    response = load(name)["response"]
    text = response["body_text"] if "body_text" in response else json.dumps(response["body"])
    return Answer(response["status"], response["headers"], text.encode())


class Site:
    """What the server answers next, and what it received."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.received: list[Received] = []
        self._script: deque[Answer | Callable[[Received], Answer]] = deque()
        self._always: Answer | Callable[[Received], Answer] = Answer()

    def always(self, answer: Answer | Callable[[Received], Answer]) -> None:
        """Give this answer from now on."""
        self._always = answer

    def then(self, *answers: Answer) -> None:
        """Give these answers in turn, before the usual one."""
        self._script.extend(answers)

    def reset(self) -> None:
        """Forget everything."""
        self.received.clear()
        self._script.clear()
        self._always = Answer()

    def answer(self, request: Received) -> Answer:
        """Choose the answer of a request."""
        self.received.append(request)
        chosen = self._script.popleft() if self._script else self._always
        return chosen(request) if callable(chosen) else chosen

    @property
    def forms(self) -> list[dict[str, str]]:
        """The forms received."""
        return [request.form for request in self.received]


@contextmanager
def running_site() -> Iterator[Site]:
    """Run a server until the end of the block."""
    site = Site("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = dict(parse_qsl(text, keep_blank_values=True))
            answer = site.answer(Received(self.path, dict(self.headers), form))
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def do_GET(self) -> None:
            raise AssertionError("the client only posts")

        def log_message(self, *_: object) -> None:
            """Keep the run quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    site.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

"""A Redis for the suite: the one given, or a private one from the system's program."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

from redis import Redis
from redis.exceptions import RedisError

PROGRAM = "redis-server"


class RedisServer:
    """A server in which each database is used by one run; started and stopped when it is private."""

    def __init__(self, url: str, folder: Path | None = None, port: int = 0) -> None:
        self.url = url
        self._folder = folder
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        if self._folder is not None:
            self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def start(self) -> None:
        """Start a private server and wait until it answers; what it held before is gone."""
        options = ["--port", str(self._port), "--bind", "127.0.0.1", "--save", ""]
        self._process = subprocess.Popen(
            [PROGRAM, *options, "--dir", str(self._folder)], stdout=subprocess.DEVNULL
        )
        limit = time.monotonic() + 10
        with Redis.from_url(self.url) as client:
            while True:
                try:
                    client.ping()
                except RedisError:
                    assert time.monotonic() < limit, "redis-server does not answer"
                    time.sleep(0.01)
                else:
                    return

    def kill(self) -> None:
        """Kill a private server as a machine that stops does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def empty(self) -> None:
        """Forget what a test left."""
        with Redis.from_url(self.url) as client:
            client.flushdb()


def private_redis() -> RedisServer | None:
    """Return a server of our own, None where its program is not installed."""
    if shutil.which(PROGRAM) is None:
        return None
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="ancrage-redis-"))
    return RedisServer(f"redis://127.0.0.1:{port}/0", folder, port)


def find_redis(url: str) -> RedisServer | None:
    """Return the server at ``url``, a private one, or None where there is neither."""
    return RedisServer(url) if url else private_redis()

"""A whole demonstration in a folder of its own: its Moodle, the tool, a worker, filled with data."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

READY = "Ancrage est prêt"
PATIENCE = 120.0
"""Seconds given to the demonstration to be ready; a busy machine needs many."""


@dataclass(frozen=True, slots=True)
class Demonstration:
    """Where a running demonstration answers."""

    port: int
    data: Path
    """Folder of its data."""

    @property
    def tool(self) -> str:
        """Address of the tool."""
        return f"http://localhost:{self.port}"

    @property
    def moodle(self) -> str:
        """Address of its Moodle."""
        return f"http://localhost:{self.port + 1}"


@contextmanager
def running_demonstration(folder: Path, port: int = 0) -> Iterator[Demonstration]:
    """Start a demonstration that keeps its data in ``folder``; stop it when the block ends.

    It takes ``port`` and the next one when both are free, else two others.
    """
    port = port if port and _are_free(port) else _free_pair()
    log = folder / "demonstration.log"
    command = [sys.executable, "-m", "lti_tool.cli", "demo", "--port", str(port)]
    command += ["--data-dir", str(folder / "data")]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            _wait(process, log)
            yield Demonstration(port, folder / "data")
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def _wait(process: subprocess.Popen[bytes], log: Path) -> None:
    limit = time.monotonic() + PATIENCE
    while READY not in log.read_text(encoding="utf-8", errors="replace"):
        if process.poll() is not None or time.monotonic() > limit:
            raise RuntimeError(f"the demonstration did not start:\n{log.read_text()}")
        time.sleep(0.05)


def _free_pair() -> int:
    """Return a port that is free, and the next one with it."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        if _are_free(port):
            return port


def _are_free(port: int) -> bool:
    with socket.socket() as first, socket.socket() as second:
        try:
            first.bind(("127.0.0.1", port))
            second.bind(("127.0.0.1", port + 1))
        except (OSError, OverflowError):
            return False
    return True

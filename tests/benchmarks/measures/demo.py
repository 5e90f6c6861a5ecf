"""The demonstration as a newcomer starts it: how long until it is ready, and its memory.

Starting is a matter of several processes at once: its time holds whatever other programs take of the
cores, and a missed limit is not held against it when they took much.
"""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from tests.benchmarks.figures import Figure
from tests.benchmarks.processes import cpu_of, family, memory_of
from tests.benchmarks.size import Size
from tests.benchmarks.stopwatch import Company

READY_LIMIT_S = 5.0
MEMORY_LIMIT_MB = 400.0
READY = "est prêt"
PATIENCE = 120.0
DRAWING_PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Started:
    """A demonstration that is ready."""

    pid: int
    seconds: float
    others: float
    cpu: float


def measure(size: Size) -> Iterator[Figure]:
    """Start with an empty folder, weigh, then start again on what is there."""
    with tempfile.TemporaryDirectory(prefix="ancrage-bench-") as folder:
        data, port = Path(folder) / "demo", _free_ports()
        with _running(data, port) as first:
            _open_pages(port)
            _wait_for_a_certificate(data)
            rss, pss = memory_of(family(first.pid))
        yield Figure("first start, with its filling", "s", (first.seconds,), others=first.others)
        yield Figure("first start: CPU of all processes", "s", (first.cpu,))
        yield Figure("memory of all processes (PSS)", "MB", (pss,), MEMORY_LIMIT_MB)
        yield Figure("the same, shared pages counted in each (RSS)", "MB", (rss,))
        again = []
        for _ in range(size.starts):
            with _running(data, port) as started:
                again.append(started)
    if again:
        yield Figure(
            "start, once filled",
            "s",
            tuple(one.seconds for one in again),
            READY_LIMIT_S,
            judged="median",
            others=max(one.others for one in again),
        )
        yield Figure("start: CPU of all processes", "s", tuple(one.cpu for one in again))


@contextmanager
def _running(data: Path, port: int) -> Iterator[Started]:
    command = [sys.executable, "-m", "lti_tool.cli", "demo"]
    command += ["--port", str(port), "--data-dir", str(data)]
    company, start = Company(), time.monotonic()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8"
    )
    try:
        _wait_until_ready(process)
        seconds = time.monotonic() - start
        ours = cpu_of(family(process.pid))
        yield Started(process.pid, seconds, company.others(ours), ours)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()


def _wait_until_ready(process: subprocess.Popen[str]) -> None:
    for line in process.stdout or ():
        if READY in line:
            return
    raise RuntimeError("the demonstration did not start")


def _open_pages(port: int) -> None:
    """Open one page of each site."""
    for address in (f"http://localhost:{port + 1}/", f"http://localhost:{port}/verifier"):
        with urlopen(address, timeout=PATIENCE) as answer:  # noqa: S310  # our own addresses
            answer.read()


def _wait_for_a_certificate(data: Path) -> None:
    """Wait until the worker holds the renderer: that is when it weighs most."""
    limit = time.monotonic() + DRAWING_PATIENCE
    while not list(data.glob("tool/certificates/*.pdf")):
        if time.monotonic() > limit:
            raise RuntimeError("the worker drew no certificate")
        time.sleep(0.1)


def _free_ports() -> int:
    """Return a free port whose next one is free too."""
    for _ in range(100):
        with socket.create_server(("127.0.0.1", 0)) as first:
            port: int = first.getsockname()[1]
            try:
                socket.create_server(("127.0.0.1", port + 1)).close()
            except OSError:
                continue
            return port
    raise RuntimeError("no two free ports in a row")

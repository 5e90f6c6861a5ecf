"""The processes of a real installation: ``ancrage serve`` and ``ancrage worker``, started and stopped."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from lti_tool.settings import Settings

PATIENCE = 60.0


def environment(settings: Settings) -> dict[str, str]:
    """Return the variables that make another process read the same settings."""
    chosen = {
        "ENVIRONMENT": settings.environment,
        "BASE_URL": settings.base_url,
        "PRIVATE_PLATFORMS": ",".join(settings.private_platforms),
        "DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url,
        "QUEUE_URL": settings.queue_url,
        "SECRET_KEYS": ",".join(key.get_secret_value() for key in settings.secret_keys),
        "WATCH_MINUTES": str(settings.watch_minutes),
        "LOG_LEVEL": "ERROR",
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANCRAGE_")}
    return kept | {f"ANCRAGE_{name}": value for name, value in chosen.items()}


@contextmanager
def process(settings: Settings, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    """A command of ``ancrage`` that runs until the end of the block, and must stop when told to."""
    started = subprocess.Popen(
        [sys.executable, "-m", "lti_tool.cli", *command],
        env=environment(settings),
        cwd=Path(__file__).parents[2],
        stderr=subprocess.DEVNULL,
    )
    try:
        yield started
    finally:
        started.send_signal(signal.SIGTERM)
        started.wait(PATIENCE)


@contextmanager
def web(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """The site, once it answers."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    with process(settings, "serve", "--port", str(port)) as started:
        wait_until(lambda: _answers(f"http://127.0.0.1:{port}/readyz"), "the site answers")
        yield started


def wait_until(true: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    """Wait until something is so.

    Raises:
        RuntimeError: it is not so after a while.
    """
    limit = time.monotonic() + patience
    while not true():
        if time.monotonic() > limit:
            raise RuntimeError(f"in vain: {what}")
        time.sleep(0.05)


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=5):  # noqa: S310  # our own address
            return True
    except (URLError, OSError):
        return False

"""Serves a demo Moodle over HTTP: from the command line, or in a thread for tests and stories."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from waitress import serve
from waitress.server import create_server

from lti_tool.demo.moodle.app import create_moodle_app
from lti_tool.demo.moodle.site import DemoMoodle

THREADS = 6


def serve_moodle(site: DemoMoodle, host: str, port: int) -> None:
    """Serve until interrupted."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a short queue is no news
    serve(create_moodle_app(site), host=host, port=port, threads=THREADS, ident=None)


@contextmanager
def running_moodle(
    *, host: str = "127.0.0.1", port: int = 0, name: str = "", **settings: Any
) -> Iterator[DemoMoodle]:
    """Serve a demo Moodle in a thread while the block runs.

    Args:
        host: address to listen on.
        port: port to listen on; 0: one that is free.
        name: host name in the site's address, e.g. ``moodle.localhost``; default: ``host``.
        settings: everything else that ``DemoMoodle`` takes, ``tool_url`` at least.

    Yields:
        The site, whose ``base_url`` is where it listens.
    """
    listening = socket.create_server((host, port))
    address = f"http://{name or host}:{listening.getsockname()[1]}"
    site = DemoMoodle(base_url=address, **settings)
    server = create_server(
        create_moodle_app(site), sockets=[listening], threads=THREADS, ident=None
    )
    stopping = threading.Event()
    thread = threading.Thread(target=_run, args=(server, stopping), name="demo-moodle", daemon=True)
    thread.start()
    try:
        yield site
    finally:
        stopping.set()
        server.pull_trigger()
        thread.join()
        server.task_dispatcher.shutdown()
        server.asyncore.close_all(server._map)  # noqa: SLF001  # waitress closes no channel by itself


def _run(server: Any, stopping: threading.Event) -> None:
    """Turn the server's loop until told to stop: waitress's own ends only when idle."""
    while not stopping.is_set():
        server.asyncore.loop(timeout=1, map=server._map, count=1)  # noqa: SLF001  # see above

"""Serving the application over HTTP."""

from __future__ import annotations

import gc
from typing import Any

from flask import Flask

from lti_tool.app import create_app
from lti_tool.settings import Settings


def load_app(settings: Settings) -> Flask:
    """Return the application, its own objects put out of the collector's way.

    They last as long as the process: to look through them again and again cost a page over
    thousands of people a quarter of its time.
    """
    app = create_app(settings)
    gc.collect()
    gc.freeze()
    return app


def serve_with_waitress(settings: Settings, host: str, port: int, threads: int) -> None:
    """Serve from one process, until told to stop."""
    import waitress

    waitress.serve(load_app(settings), host=host, port=port, threads=threads, ident=None)


def serve_with_gunicorn(
    settings: Settings, host: str, port: int, workers: int, threads: int
) -> None:
    """Serve from several processes, until told to stop; each opens its own database."""
    from gunicorn.app.base import BaseApplication

    class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
        def load_config(self) -> None:
            options: dict[str, Any] = {
                "bind": f"{host}:{port}",
                "workers": workers,
                "threads": threads,
                "worker_class": "gthread",
                "timeout": 90,
                "accesslog": None,
            }
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Flask:
            return load_app(settings)

    Server().run()

"""Static files addressed by content, so that browsers keep them for a year (UI: weight).

Owns ``static_url`` and the caching of what it points to. Serving the files is Flask's.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for

from lti_tool.paths import static_dir

YEAR = 31_536_000


def static_url(name: str) -> str:
    """Return the address of a static file, with the hash of its content.

    Args:
        name: path below ``web/static``, e.g. ``vendor/htmx.min.js``.

    Raises:
        FileNotFoundError: no such file.
    """
    return url_for("static", filename=name, v=content_hash(static_dir() / name))


@cache
def content_hash(path: Path) -> str:
    """Return the first 12 hexadecimal digits of a file's SHA-256."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def has_endpoint(name: str) -> bool:
    """Say whether a view of that name exists: the layout shows no link to a room not installed."""
    return name in current_app.view_functions


def register(app: Flask) -> None:
    """Give templates ``static_url`` and ``has_endpoint``; let browsers keep what is addressed by hash."""
    app.jinja_env.globals["static_url"] = static_url
    app.jinja_env.globals["has_endpoint"] = has_endpoint

    @app.after_request
    def keep(response: Response) -> Response:
        if request.endpoint == "static" and response.status_code in (200, 304):
            file = static_dir() / (request.view_args or {}).get("filename", "")
            if request.args.get("v") == content_hash(file):
                response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
        return response

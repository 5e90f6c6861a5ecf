"""One database session for each request, opened when first asked for."""

from __future__ import annotations

from flask import Flask, g, request
from sqlalchemy.orm import Session

from lti_tool.store import reading
from lti_tool.web.runtime import runtime

SAFE = ("GET", "HEAD", "OPTIONS")


def db() -> Session:
    """Return the session of this request: reading only for GET and HEAD, else writing.

    Nothing is committed here: services commit.
    """
    if "db" not in g:
        parts = runtime()
        if request.method in SAFE:
            g.db = parts.sessions(bind=reading(parts.engine))
        else:
            g.db = parts.sessions()
    session: Session = g.db
    return session


def register(app: Flask) -> None:
    """Close the session when the request ends; what was not committed is rolled back."""

    @app.teardown_request
    def close_session(_error: BaseException | None) -> None:
        session = g.pop("db", None)
        if session is not None:
            session.close()

"""The session of a page whose browser keeps no cookie at all: held by the page itself, in memory.

What the session's cookie would carry travels instead in ``Authorization: Bearer …``, signed apart
(no cookie serves as a bearer, nor the other way), good for ten minutes and given anew by each
answer in ``Ancrage-Session``. The page's script (``page-memory.js``) keeps it in a variable: never
in an address, never in a storage of the browser. It names the same row of sessions as a cookie
would, and ends with it. Forms keep their CSRF token, which travels with the rest.
``docs/decisions/0025``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Flask, Request, Response, session
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature, URLSafeTimedSerializer

GOOD_FOR = timedelta(minutes=10)
HEADER = "Ancrage-Session"
"""Of an answer: the bearer for the next request."""
ONWARD = "Ancrage-Location"
"""Of an answer: where a redirection leads. The script follows it with the new bearer, since what a
redirection followed by the browser itself answers cannot be read."""
SALT = "page-memory"


class PageSession(SecureCookieSession):
    """A session that came in a bearer and goes back in one."""


class Sessions(SecureCookieSessionInterface):
    """Flask's signed cookie, or the bearer when the request carries one: never both."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Read the session of a request; a bearer too old, or of another hand, is an empty one."""
        kind, _space, bearer = request.headers.get("Authorization", "").partition(" ")
        if kind != "Bearer":
            return super().open_session(app, request)
        try:
            held = _serializer(app).loads(bearer, max_age=int(GOOD_FOR.total_seconds()))
        except BadSignature:
            held = {}
        return PageSession(held)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Give the session back the way it came."""
        if not isinstance(session, PageSession):
            super().save_session(app, session, response)
            return
        response.vary.add("Authorization")
        if "sid" in session:
            response.headers[HEADER] = issue(app, session)


def issue(app: Flask, held: Mapping[str, Any]) -> str:
    """Return a bearer for what the session holds."""
    return str(_serializer(app).dumps(dict(held)))


def register(app: Flask) -> None:
    """Install the sessions, and answer redirections in the way that a page can follow."""
    app.session_interface = Sessions()

    @app.after_request
    def onward(response: Response) -> Response:
        if _is_redirection(response) and isinstance(session, PageSession):
            response.headers[ONWARD] = response.headers.pop("Location")
            response.status_code = 204
            response.set_data(b"")
        return response


def _is_redirection(response: Response) -> bool:
    return response.status_code in (301, 302, 303) and "Location" in response.headers


def _serializer(app: Flask) -> URLSafeTimedSerializer:
    # Oldest first, as the serializer wants them.
    keys = [*reversed(app.config["SECRET_KEY_FALLBACKS"] or []), app.config["SECRET_KEY"]]
    return URLSafeTimedSerializer(keys, SALT, serializer=TaggedJSONSerializer())

"""What a request of the demo's Moodle works with: the site and the browser's session."""

from __future__ import annotations

from flask import current_app, g, request

from lti_tool.demo.moodle.people import Person
from lti_tool.demo.moodle.sessions import COOKIE, MoodleSession
from lti_tool.demo.moodle.site import DemoMoodle

EXTENSION = "demo-moodle"


def moodle() -> DemoMoodle:
    """Return the site that this application serves."""
    site = current_app.extensions[EXTENSION]
    assert isinstance(site, DemoMoodle)  # noqa: S101  # set by create_moodle_app alone
    return site


def current_session() -> MoodleSession:
    """Return the session of this browser; a new one gets its cookie with the answer."""
    if "session" not in g:
        g.session = moodle().sessions.open(request.cookies.get(COOKIE))
    session: MoodleSession = g.session
    return session


def known_session() -> MoodleSession | None:
    """Return the session of this browser if it has one: pages for anyone make none."""
    if "session" in g:
        return current_session()
    return moodle().sessions.find(request.cookies.get(COOKIE))


def current_person() -> Person | None:
    """Return who is logged in."""
    session = known_session()
    return moodle().world.people.get(session.person or 0) if session else None

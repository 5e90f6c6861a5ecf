"""Entering as one of the invented people, without a password, and leaving."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from lti_tool.demo.moodle.runtime import current_session, moodle
from lti_tool.demo.moodle.sessions import COOKIE

blueprint = Blueprint("login", __name__)


@blueprint.post("/login/index.php")
def enter() -> Response:
    """Become the person named ``username``; then show their courses, or the page asked in ``next``."""
    site = moodle()
    try:
        person = site.world.person_named(request.form.get("username", ""))
    except KeyError:
        abort(404, "Cette personne n’existe pas dans la démonstration.")
    if person.suspended or person.deleted or "webservice/rest:use" in person.capabilities:
        abort(403, "Ce compte ne peut pas se connecter.")
    site.sessions.close(request.cookies.get(COOKIE))
    session = current_session()
    session.person = person.id
    return redirect(_local(request.form.get("next", "")) or url_for("courses.mine"), 303)


@blueprint.post("/login/logout.php")
def leave() -> Response:
    """Forget who this browser is."""
    moodle().sessions.close(request.cookies.get(COOKIE))
    return redirect(url_for("home.front_page"), 303)


def _local(address: str) -> str:
    """Return ``address`` if it is a path of this site."""
    parts = urlsplit(address)
    inside = not parts.scheme and not parts.netloc and address.startswith("/")
    return address if inside and not address.startswith("//") else ""

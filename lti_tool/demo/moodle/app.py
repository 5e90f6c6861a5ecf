"""Builds the WSGI application of the demo's Moodle: blueprints, errors, session cookie."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, g, render_template, request
from jinja2 import ChoiceLoader, FileSystemLoader
from werkzeug.exceptions import HTTPException

from lti_tool.demo.moodle.french import in_french
from lti_tool.demo.moodle.lti import (
    authorization,
    configuration,
    deep_linking,
    launching,
    registering,
    services,
    tokens,
)
from lti_tool.demo.moodle.pages import courses, gradebook, gradesetup, home, login, tools
from lti_tool.demo.moodle.runtime import EXTENSION, current_person, known_session, moodle
from lti_tool.demo.moodle.sessions import COOKIE
from lti_tool.demo.moodle.site import DemoMoodle
from lti_tool.demo.moodle.webservice import server
from lti_tool.paths import templates_dir

BLUEPRINTS = tuple(
    room.blueprint
    for room in (
        launching,
        authorization,
        tokens,
        configuration,
        registering,
        services,
        deep_linking,
        server,
        home,
        login,
        courses,
        gradebook,
        gradesetup,
        tools,
    )
)


def create_moodle_app(site: DemoMoodle) -> Flask:
    """Return the WSGI application that serves ``site``."""
    app = Flask(__name__, static_folder="static", static_url_path="/theme")
    app.jinja_loader = ChoiceLoader([FileSystemLoader(templates_dir())])
    app.extensions[EXTENSION] = site
    app.config["MAX_CONTENT_LENGTH"] = 4 * 1024 * 1024
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.context_processor(_shared)
    app.before_request(_maintenance)
    app.after_request(_keep_session)
    app.register_error_handler(HTTPException, _error_page)
    return app


def _maintenance() -> tuple[str, int] | None:
    if moodle().switches.maintenance == "cli":
        return render_template("demo/maintenance.html"), 503
    return None


def _shared() -> dict[str, Any]:
    """What every page shows: the site, who is logged in, sentences left by the last action."""
    session = known_session()
    notices = list(session.notices) if session else []
    if session:
        session.notices.clear()
    return {"site": moodle().world, "person": current_person(), "notices": notices}


def _keep_session(response: Response) -> Response:
    if "session" in g and request.cookies.get(COOKIE) != g.session.id:
        address = urlsplit(moodle().base_url)
        # On names under .localhost and on https the frames of other sites get the cookie too.
        cross_site = address.scheme == "https" or (address.hostname or "").endswith(".localhost")
        response.set_cookie(
            COOKIE,
            g.session.id,
            httponly=True,
            secure=cross_site,
            samesite="None" if cross_site else "Lax",
        )
    return response


def _error_page(error: HTTPException) -> tuple[str, int, dict[str, str]] | Response:
    if error.response is not None:
        return error  # type: ignore[return-value]  # a redirect or an answer made by hand
    page = render_template("demo/error.html", message=in_french(error.description or ""))
    return page, error.code or 500, {"X-Frame-Options": "sameorigin"}

"""The door: login, launch, and the public keys of the tool.

Login and launch come from a platform, without our CSRF token: state and nonce protect them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from flask import (
    Blueprint,
    Response,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from sqlalchemy.orm import Session

from lti_tool.errors import NotFound
from lti_tool.lti import cookies
from lti_tool.lti.logins import LOGIN_LIFETIME, begin_login, check_login
from lti_tool.lti.service import finish_launch
from lti_tool.platforms.keys import key_set, public_key, signing_key
from lti_tool.web.access import public
from lti_tool.web.database import db
from lti_tool.web.limits import limiter
from lti_tool.web.runtime import runtime

blueprint = Blueprint("lti", __name__)

LOGIN_PARAMETERS = (
    "iss",
    "login_hint",
    "target_link_uri",
    "lti_message_hint",
    "client_id",
    "lti_deployment_id",
)
GENEROUS = "1200 per minute"
"""A whole school may stand behind one address."""


@blueprint.route("/lti/login", methods=["GET", "POST"])
@limiter.limit(GENEROUS)
@public
def login() -> Any:
    """Answer a third-party-initiated login: straight on to the platform, or test cookies first."""
    settings = runtime().settings
    params = _login_parameters()
    if not cookies.probe_works(request.cookies):
        check_login(db(), params, base_url=settings.base_url)
        response = make_response(render_template("lti/cookies.html", **_cookie_page(params)))
        cookies.set_probe(response, settings)
        return response
    with _writing() as writing:
        begun = begin_login(writing, params, base_url=settings.base_url)
    response = make_response(redirect(begun.url, 302))
    cookies.keep_state(response, begun.state, int(LOGIN_LIFETIME.total_seconds()), settings)
    cookies.set_probe(response, settings)
    return response


@blueprint.post("/lti/launch")
@limiter.limit(GENEROUS)
@public
def launch() -> Any:
    """Turn the platform's answer into a session and go to the page of the course."""
    settings = runtime().settings
    state = request.form.get("state", "")
    previous = session.get("sid")
    done = finish_launch(
        db(),
        request.form,
        cookie=cookies.kept_state(request.cookies, state, settings),
        base_url=settings.base_url,
        previous=previous if isinstance(previous, str) else None,
        lifetime=timedelta(hours=settings.session_hours),
    )
    session.clear()
    session["sid"] = done.token
    g.pop("viewer", None)
    response = make_response(redirect(url_for("web.arrival", course_id=done.course_id), 303))
    cookies.forget_state(response, state, settings)
    return response


@blueprint.get("/lti/jwks")
@blueprint.get("/lti/jwks.json")
@blueprint.get("/.well-known/jwks.json")
@public
def jwks() -> Response:
    """Give the public keys of the tool to the platforms."""
    found = key_set(db())
    if not found["keys"]:
        with runtime().sessions() as writing:
            signing_key(writing)
            writing.commit()
            found = key_set(writing)
    return _public_json(found)


@blueprint.get("/lti/keys/<kid>.jwk")
@public
def key(kid: str) -> Response:
    """Give one public key, to platforms that take a single one."""
    found = public_key(db(), kid)
    if found is None:
        raise NotFound("no such tool key")
    return _public_json(found)


def _login_parameters() -> dict[str, Any]:
    sent = request.form if request.method == "POST" else request.args
    return {name: sent[name] for name in LOGIN_PARAMETERS if name in sent}


def _cookie_page(params: dict[str, Any]) -> dict[str, Any]:
    """Return what the page of the cookie test needs to go on, here or in a new tab."""
    sent = request.form if request.method == "POST" else request.args
    onward = url_for("lti.login", new_tab=1, **params)
    return {
        "params": params,
        "tried": "cookies_tested" in sent,
        "in_new_tab": "new_tab" in sent,
        "new_tab_login": onward,
        "new_tab_url": onward,
    }


@contextmanager
def _writing() -> Iterator[Session]:
    """Give a writing session also to a login that comes by GET."""
    if request.method == "POST":
        yield db()
        return
    with runtime().sessions() as opened:
        yield opened


def _public_json(document: dict[str, Any]) -> Response:
    response = jsonify(document)
    response.headers["Cache-Control"] = "public, max-age=300"
    return response

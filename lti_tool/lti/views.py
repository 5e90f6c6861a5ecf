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
    current_app,
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
from werkzeug.datastructures import MultiDict

from lti_tool import clock
from lti_tool.errors import NotFound
from lti_tool.lti import cookies
from lti_tool.lti.errors import LoginUnfit, Reason
from lti_tool.lti.logins import LOGIN_LIFETIME, begin_login, check_login, storage_of_login
from lti_tool.lti.refusals import counted
from lti_tool.lti.refused_frames import frame
from lti_tool.lti.service import LaunchDone, finish_launch
from lti_tool.lti.storage import is_proof, platform_storage, proof_of, storage_target
from lti_tool.platforms.keys import key_set, public_key, signing_key
from lti_tool.web import page_memory
from lti_tool.web.access import public
from lti_tool.web.database import db
from lti_tool.web.limits import limiter
from lti_tool.web.runtime import runtime

blueprint = Blueprint("lti", __name__)
blueprint.after_request(frame)

LOGIN_PARAMETERS = (
    "iss",
    "login_hint",
    "target_link_uri",
    "lti_message_hint",
    "client_id",
    "lti_deployment_id",
    "lti_storage_target",
)
LAUNCH_PARAMETERS = ("state", "id_token", "error", "error_description", "kept")
GENEROUS = "1200 per minute"
"""A whole school may stand behind one address."""


@blueprint.route("/lti/login", methods=["GET", "POST"])
@limiter.limit(GENEROUS)
@public
@counted
def login() -> Any:
    """Answer a third-party-initiated login: straight on to the platform, or test cookies first."""
    settings = runtime().settings
    params = _login_parameters()
    if not cookies.probe_works(request.cookies):
        target = storage_target(params)
        if target and "by_storage" in request.form:
            return _begin_by_storage(params, target)
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
@counted
def launch() -> Any:
    """Turn the platform's answer into a session and go to the page of the course."""
    settings = runtime().settings
    _check_each_once(request.form, LAUNCH_PARAMETERS)
    state = request.form.get("state", "")
    kept = cookies.kept_state(request.cookies, state, settings) or _state_proven(state)
    storage = storage_of_login(db(), request.form, clock.now()) if kept is None else None
    if storage is not None and "kept" not in request.form:
        return render_template("lti/storage_get.html", storage=storage, sent=request.form)
    previous = session.get("sid")
    done = finish_launch(
        db(),
        request.form,
        cookie=kept,
        base_url=settings.base_url,
        previous=previous if isinstance(previous, str) else None,
        lifetime=timedelta(hours=settings.session_hours),
    )
    return _enter(done, state)


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


def _enter(done: LaunchDone, state: str) -> Response:
    """Open the page of the launch: by the session's cookie, else in the memory of the page."""
    session.clear()
    g.pop("viewer", None)
    onward = _onward(done)
    if "kept" in request.form and not cookies.probe_works(request.cookies):
        bearer = page_memory.issue(current_app, {"sid": done.token})
        page = render_template("lti/in_page.html", bearer=bearer, onward=onward)
        return make_response(page)
    session["sid"] = done.token
    response = make_response(redirect(onward, 303))
    cookies.forget_state(response, state, runtime().settings)
    return response


def _onward(done: LaunchDone) -> str:
    """Return where a launch leads: to the choice of content, or to what its activity shows."""
    if done.selection:
        return url_for("deep_linking.choose", course_id=done.course_id, public_id=done.selection)
    return url_for(
        "web.arrival",
        course_id=done.course_id,
        place=done.placement,
        domaine=(done.domain or None) if done.placement else None,
    )


def _begin_by_storage(params: dict[str, Any], target: str) -> str:
    """Have the platform keep the proof of this login, then go on to it."""
    begun = begin_login(db(), params, base_url=runtime().settings.base_url, storage_target=target)
    return render_template(
        "lti/storage_put.html",
        storage=platform_storage(begun.state, target, begun.url),
        proof=proof_of(begun.state, _keys()[0]),
        onward=begun.url,
        new_tab_login=_new_tab_login(params),
    )


def _state_proven(state: str) -> str | None:
    """Return ``state`` when the platform's storage gave its proof to a page of ours."""
    ours = request.headers.get("Origin") == runtime().settings.origin
    return state if ours and is_proof(request.form.get("kept", ""), state, _keys()) else None


def _keys() -> list[str]:
    return [current_app.config["SECRET_KEY"], *(current_app.config["SECRET_KEY_FALLBACKS"] or [])]


def _login_parameters() -> dict[str, Any]:
    sent = request.form if request.method == "POST" else request.args
    _check_each_once(sent, LOGIN_PARAMETERS)
    return {name: sent[name] for name in LOGIN_PARAMETERS if name in sent}


def _check_each_once(sent: MultiDict[str, str], names: tuple[str, ...]) -> None:
    """Refuse a parameter that comes twice (RFC 6749 §3.1): two readers could take two values."""
    if any(len(sent.getlist(name)) > 1 for name in names):
        raise LoginUnfit(Reason.PARAMETER_TWICE)


def _cookie_page(params: dict[str, Any]) -> dict[str, Any]:
    """Return what the page of the cookie test needs to go on, here or in a new tab."""
    sent = request.form if request.method == "POST" else request.args
    return {
        "params": params,
        "tried": "cookies_tested" in sent,
        "in_new_tab": "new_tab" in sent,
        "has_storage": storage_target(params) is not None,
        "new_tab_login": _new_tab_login(params),
    }


def _new_tab_login(params: dict[str, Any]) -> str:
    # A new tab is no frame of the platform: it has no storage, and needs none.
    kept = {name: value for name, value in params.items() if name != "lti_storage_target"}
    return url_for("lti.login", new_tab=1, **kept)


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

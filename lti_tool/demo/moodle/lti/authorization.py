"""The authorization endpoint: answers a launch by posting a signed id_token to the tool.

Errors before the tool is known are an HTML page with status 404; the others reach the tool's redirect
URI as a form with ``error``. Source: the recordings ``auth-*.json``; OpenID Connect Core §3.2.2.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from flask import Blueprint, Response, abort, redirect, render_template, request
from werkzeug.datastructures import MultiDict

from lti_tool.demo.moodle.lti.claims import launch_claims
from lti_tool.demo.moodle.lti.launching import posted_form
from lti_tool.demo.moodle.lti.tooltypes import seen_by
from lti_tool.demo.moodle.people import LTI_ADD, MANAGE_ACTIVITIES, Person
from lti_tool.demo.moodle.runtime import moodle
from lti_tool.demo.moodle.sessions import COOKIE, Launch, MoodleSession
from lti_tool.demo.moodle.site import DemoMoodle

blueprint = Blueprint("authorization", __name__)

INVALID = "Invalid request"


@dataclass(frozen=True, slots=True)
class _Refusal:
    """An error that the tool is told."""

    error: str
    description: str = ""


@blueprint.route("/mod/lti/auth.php", methods=["GET", "POST"])
def authorize() -> Response:
    """Answer an authentication request."""
    site = moodle()
    asked = request.values
    session = site.sessions.find(request.cookies.get(COOKIE))
    if session is None and "repost" not in request.form:
        # Moodle: the cookie was held back on a cross-site request; the page posts to itself once.
        sent = list(request.form.items())
        return Response(render_template("demo/repost.html", action=request.full_path, fields=sent))
    if session is None:
        abort(404, INVALID)
    with site.lock:
        launch = _consume(session, asked)
    site = seen_by(site, launch.tool)
    _check_openid(site, asked)
    refusal = _refusal(site, session, asked)
    if refusal is None:
        person = site.world.people[session.person or 0]
        barred = _bar(site, person, launch)
        if barred is not None:
            return barred
        fields = {
            "id_token": site.key.sign(launch_claims(site, session, person, launch, asked["nonce"]))
        }
    else:
        fields = {"error": refusal.error}
        if refusal.description:
            fields["error_description"] = refusal.description
    if "state" in asked:
        fields["state"] = asked["state"]
    return posted_form("ltiAuthForm", asked["redirect_uri"], fields)


def _consume(session: MoodleSession, asked: MultiDict[str, str]) -> Launch:
    """Return the launch of the hint and forget it: a hint works once."""
    try:
        hint = json.loads(asked.get("lti_message_hint", ""))
        launch = session.launches.pop(hint["launchid"])
    except (ValueError, KeyError, TypeError):
        abort(404, INVALID)
    return launch


def _check_openid(site: DemoMoodle, asked: MultiDict[str, str]) -> None:
    """Stop with an HTML page when the request is not one that the tool may be told about."""
    wanted = {"scope": "openid", "response_type": "id_token"}
    exact = all(asked.get(name) == value for name, value in wanted.items())
    if not exact or not asked.get("nonce") or asked.get("redirect_uri") not in _uris(site):
        abort(404, INVALID)


def _uris(site: DemoMoodle) -> set[str]:
    return {site.tool_launch_url, f"{site.tool_url}/lti/deeplink"}


def _refusal(
    site: DemoMoodle, session: MoodleSession, asked: MultiDict[str, str]
) -> _Refusal | None:
    if asked.get("client_id") != site.client_id:
        return _Refusal("unauthorized_client")
    if asked.get("response_mode") != "form_post":
        return _Refusal("invalid_request", "Invalid response_mode")
    if asked.get("prompt", "none") != "none":
        return _Refusal("invalid_request", "Invalid prompt")
    if session.person is None:
        return _Refusal("login_required")
    if asked.get("login_hint") != str(session.person):
        return _Refusal("access_denied")
    return None


def _bar(site: DemoMoodle, person: Person, launch: Launch) -> Response | None:
    """Stop those whom the platform keeps out of the course or of content selection."""
    course = site.world.courses[launch.course]
    if not site.world.may_enter(person, course, site.now):
        return redirect(f"{site.base_url}/enrol/index.php?id={course.id}", 303)  # type: ignore[return-value]  # werkzeug's response, as Flask sends it
    if launch.message_type == "LtiDeepLinkingRequest" and not person.admin:
        held = site.capabilities(person, course.id)
        for capability, name in (
            (MANAGE_ACTIVITIES, "Manage activities"),
            (LTI_ADD, "Add course-specific tool configurations"),
        ):
            if capability not in held:
                abort(404, f"Sorry, but you do not currently have permissions to do that ({name}).")
    return None

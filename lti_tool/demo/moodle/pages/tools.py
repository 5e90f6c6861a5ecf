"""« Gérer les outils »: the administrator pastes a tool's address, and activates what registered itself.

Moodle's page works by script: here one small file listens for the closing message of the frame.
"""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lti_tool.demo.moodle.lti.registering import registration_token
from lti_tool.demo.moodle.lti.tooltypes import ACTIVE, find_tool, save_tool, tool_types
from lti_tool.demo.moodle.runtime import current_person, current_session, moodle

blueprint = Blueprint("tools", __name__)


@blueprint.get("/mod/lti/toolconfigure.php")
def manage() -> str:
    """List the tools; with ``url``, open the frame of a registration."""
    _administrator()
    site = moodle()
    own = urlsplit(site.tool_launch_url).netloc
    return render_template(
        "demo/tools.html",
        builtin={"name": "Ancrage", "domain": own},
        tools=tool_types(site),
        url=request.args.get("url", ""),
        sesskey=current_session().sesskey,
        courses=sorted(site.world.courses.values(), key=lambda course: course.id)[1:],
    )


@blueprint.get("/mod/lti/startltiadvregistration.php")
def start() -> str | Response:
    """Send the frame on to the tool; where a tool of that domain exists, ask which one first."""
    _administrator()
    site = moodle()
    url = request.args.get("url", "")
    same = [tool for tool in tool_types(site) if tool.domain == urlsplit(url).netloc]
    if "type" not in request.args and same:
        return render_template(
            "demo/tools_choice.html", tools=same, url=url, sesskey=current_session().sesskey
        )
    _check_sesskey()
    query = urlencode(
        {
            "openid_configuration": f"{site.base_url}/mod/lti/openid-configuration.php",
            "registration_token": registration_token(site, request.args.get("type", 0, int)),
        }
    )
    return redirect(f"{url}{'&' if '?' in url else '?'}{query}", 302)


@blueprint.post("/mod/lti/activate.php")
def activate() -> Response:
    """Activate a tool that waits."""
    _administrator()
    _check_sesskey()
    site = moodle()
    tool = find_tool(site, request.form.get("id", 0, int))
    if tool is None:
        abort(404, "Cet outil n’existe pas.")
    tool.state = ACTIVE
    save_tool(site, tool)
    return redirect(url_for("tools.manage"), 303)


def _administrator() -> None:
    person = current_person()
    if person is None or not person.admin:
        abort(404, "Cette page est réservée à l’administration du site.")


def _check_sesskey() -> None:
    if request.values.get("sesskey") != current_session().sesskey:
        abort(404, "A required parameter (sesskey) was missing")

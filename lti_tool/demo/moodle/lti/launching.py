"""Beginning a launch: the pages whose form posts the third-party-initiated login to the tool.

Source: the recordings ``launch-*.json``; 1EdTech Security Framework §5.1.1.
"""

from __future__ import annotations

import json

from flask import Blueprint, Response, abort, request
from markupsafe import Markup, escape

from lti_tool.demo.moodle.lti.claims import target_link_uri
from lti_tool.demo.moodle.lti.tooltypes import ACTIVE, find_tool, seen_by
from lti_tool.demo.moodle.runtime import current_session, moodle
from lti_tool.demo.moodle.sessions import Launch, MoodleSession

blueprint = Blueprint("launching", __name__)


@blueprint.get("/mod/lti/launch.php")
def launch_activity() -> Response:
    """Open an external-tool activity; works without a session, with ``login_hint`` 0."""
    site = moodle()
    activity = site.world.activity(request.args.get("id", 0, int))
    if activity is None or activity.modname != "lti":
        abort(404, "Can't find data record in database table course_modules.")
    for_user = request.args.get("user", None, int)
    review = request.args.get("action") == "gradeReport" and for_user is not None
    session = current_session()
    launch = site.sessions.begin(
        session,
        instance=activity.instance,
        course=activity.course,
        cmid=activity.cmid,
        message_type="LtiSubmissionReviewRequest" if review else "LtiResourceLinkRequest",
        container=4 if request.args.get("newwindow") else 3,
        for_user=for_user if review else None,
    )
    return login_form(session, launch, target_link_uri(site, activity))


@blueprint.get("/mod/lti/trytool.php")
def launch_tool() -> Response:
    """Open a tool that registered itself in an activity of the course, as if it were placed there."""
    site = moodle()
    tool = find_tool(site, request.args.get("type", 0, int))
    course = request.args.get("course", 0, int)
    activity = next((one for one in site.world.activities_of(course) if one.modname == "lti"), None)
    if tool is None or tool.state != ACTIVE or activity is None:
        abort(404, "Invalid request")
    session = current_session()
    launch = site.sessions.begin(
        session, instance=activity.instance, course=course, cmid=activity.cmid, tool=tool.id
    )
    return login_form(session, launch, tool.launch_url)


@blueprint.get("/mod/lti/contentitem.php")
def select_content() -> Response:
    """Open the tool's content selection for a course (deep linking)."""
    site = moodle()
    course = request.args.get("course", 0, int)
    if course not in site.world.courses:
        abort(404, "Can't find data record in database table course.")
    session = current_session()
    launch = site.sessions.begin(
        session,
        course=course,
        message_type="LtiDeepLinkingRequest",
        title=request.args.get("title", ""),
        text=request.args.get("text", ""),
    )
    return login_form(session, launch, site.tool_launch_url)


def login_form(session: MoodleSession, launch: Launch, target: str) -> Response:
    """Return the self-submitting form of the third-party-initiated login."""
    site = seen_by(moodle(), launch.tool)
    hint: dict[str, object] = {"cmid": launch.cmid} if launch.cmid else {}
    hint["launchid"] = launch.id
    return posted_form(
        "ltiInitiateLoginForm",
        site.tool_login_url,
        {
            "iss": site.base_url,
            "target_link_uri": target,
            "login_hint": str(session.person or 0),
            "lti_message_hint": json.dumps(hint, separators=(",", ":")),
            "client_id": site.client_id,
            "lti_deployment_id": site.deployment_id,
        },
    )


def posted_form(name: str, action: str, fields: dict[str, str]) -> Response:
    """Return a page that posts ``fields`` to ``action`` by itself."""
    inputs = Markup("").join(
        Markup('  <input type="hidden" name="{}" value="{}"/>\n').format(key, value)
        for key, value in fields.items()
    )
    page = Markup(
        '<form action="{action}" name="{name}" id="{name}" method="post" '
        'enctype="application/x-www-form-urlencoded">\n{inputs}</form>\n'
        '<script type="text/javascript">\n//<![CDATA[\ndocument.{name}.submit();\n//]]>\n</script>\n'
    ).format(action=escape(action), name=name, inputs=inputs)
    return Response(
        str(page),
        content_type="text/html; charset=utf-8",
        headers={
            "Expires": "Thu, 19 Nov 1981 08:52:00 GMT",
            "Cache-Control": "no-store, no-cache, must-revalidate",
        },
    )

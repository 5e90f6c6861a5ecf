"""The end of deep linking: the tool's selection comes back, the trainer saves the activities.

The platform fills its form with the items (``activity_form_values``) and creates nothing before the
trainer saves. Source: the recordings ``deep-linking-*.json``; LTI Deep Linking 2.0 §4.
"""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lti_tool.demo.moodle.french import in_french
from lti_tool.demo.moodle.keys import AssertionRefusedError, KeySetUnreachableError
from lti_tool.demo.moodle.lti.claims import DEEP_LINKING
from lti_tool.demo.moodle.people import MANAGE_ACTIVITIES
from lti_tool.demo.moodle.runtime import current_person, current_session, moodle
from lti_tool.demo.moodle.site import DemoMoodle

blueprint = Blueprint("deep_linking", __name__)

_CHECKED = (
    '<i class="icon fa fa-check text-success fa-fw "  title="Yes" role="img" '
    'aria-label="Yes"></i>Content selected'
)
_FETCHED = "Successfully fetched tool configuration from the selected content."


@blueprint.post("/mod/lti/contentitem_return.php")
def receive() -> str:
    """Read the tool's response and show what would be added to the course."""
    site = moodle()
    course = _course_of_trainer(site)
    claims = _verified(site, request.form.get("JWT", ""))
    items = claims.get(f"{DEEP_LINKING}/content_items") or []
    failure = claims.get(f"{DEEP_LINKING}/errormsg")
    values = [] if failure else [_form_values(site, item) for item in items]
    messages = [failure] if failure else [claims.get(f"{DEEP_LINKING}/msg") or in_french(_FETCHED)]
    current_session().selection = {"course": course, "values": values}
    return render_template(
        "demo/selection.html",
        course=site.world.courses[course],
        messages=messages if items or failure else [],
        values=values,
        form_values=(values[0] if len(values) == 1 else {"multiple": values}) if values else None,
        sesskey=current_session().sesskey,
    )


@blueprint.post("/course/modedit.php")
def save() -> Response:
    """Create the activities that were selected."""
    site = moodle()
    course = _course_of_trainer(site)
    selection = current_session().selection or {}
    if selection.get("course") != course:
        abort(404, "Invalid request")
    with site.lock:
        for values in selection["values"]:
            _add_activity(site, course, values)
    current_session().selection = None
    return redirect(url_for("courses.view", id=course), 303)


def _course_of_trainer(site: DemoMoodle) -> int:
    course = request.args.get("course", 0, int)
    person = current_person()
    if request.args.get("sesskey") != current_session().sesskey:
        abort(404, "A required parameter (sesskey) was missing")
    if person is None or course not in site.world.courses:
        abort(404, "Invalid request")
    if MANAGE_ACTIVITIES not in site.capabilities(person, course):
        abort(
            404, "Sorry, but you do not currently have permissions to do that (Manage activities)."
        )
    return course


def _verified(site: DemoMoodle, token: str) -> dict[str, Any]:
    try:
        claims = site.tool_keys.verify(token, site.clock())
    except AssertionRefusedError as refused:
        text = str(refused)
        abort(404, text if text.startswith("error/") else f"Exception - {text}")
    except KeySetUnreachableError:
        abort(404, "The tool's key set could not be fetched.")
    if claims.get("iss") != site.client_id:
        abort(404, "Consumer key is incorrect.")
    return claims


def _form_values(site: DemoMoodle, item: dict[str, Any]) -> dict[str, Any]:
    """Return what Moodle writes in the activity form for one item."""
    values: dict[str, Any] = {
        "name": item.get("title") or "",
        "introeditor": {"text": _plain(item.get("text") or ""), "format": "2"},
    }
    if item.get("url"):
        values |= {"toolurl": item["url"], "typeid": 0}
    else:
        values["typeid"] = site.deployment_id
    column = item.get("lineItem")
    values |= {
        "instructorchoiceacceptgrades": 1,
        "grade_modgrade_point": (column or {}).get("scoreMaximum", 100),
    }
    if column:
        values |= {
            "lineitemresourceid": column.get("resourceId", ""),
            "lineitemtag": column.get("tag", ""),
            "lineitemsubreviewurl": "",
            "lineitemsubreviewparams": "",
        }
    values |= {
        "instructorchoicesendname": 0,
        "instructorchoicesendemailaddr": 0,
        "launchcontainer": 1,
    }
    if item.get("custom"):
        lines = [f"{name}={value}" for name, value in item["custom"].items()]
        values["instructorcustomparameters"] = "\n".join(lines)
    return values | {"selectcontentindicator": _CHECKED}


def _plain(text: str) -> str:
    return re.sub(r"<[^<>]+>", "", text)


def _add_activity(site: DemoMoodle, course: int, values: dict[str, Any]) -> None:
    world = site.world
    custom = dict(
        line.split("=", 1) for line in values.get("instructorcustomparameters", "").splitlines()
    )
    instance = 1 + max(
        (one.instance for one in world.activities if one.modname == "lti"), default=0
    )
    root = next(one for one in world.grade_categories if one.course == course and not one.parent)
    site.changes.make(
        world,
        "add_activity",
        activity={
            "cmid": 1 + max(one.cmid for one in world.activities),
            "course": course,
            "modname": "lti",
            "instance": instance,
            "name": values["name"],
            "intro": values["introeditor"]["text"],
            "url": values.get("toolurl", ""),
            "custom": custom,
        },
        column={
            "id": 1 + max(one.id for one in world.grade_items),
            "course": course,
            "label": values["name"],
            "maximum": str(values["grade_modgrade_point"]),
            "category": root.id,
            "resource_id": values.get("lineitemresourceid", ""),
            "tag": values.get("lineitemtag", ""),
            "resource_link": None,
            "tool": int(site.deployment_id),
        },
    )

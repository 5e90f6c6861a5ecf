"""AGS line items: the tool's activities and the columns that it created.

Creating never looks for duplicates; PUT needs label and maximum; the activity's own column can be
deleted. Source: ``ags-lineitem*.json``; LTI AGS 2.0 §3.
"""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Response, request

from lti_tool.demo.moodle.gradebook.display import php_number
from lti_tool.demo.moodle.gradebook.items import GradeItem
from lti_tool.demo.moodle.lti.addresses import services_url
from lti_tool.demo.moodle.lti.claims import AGS_SCOPES
from lti_tool.demo.moodle.lti.service import (
    Asked,
    ServiceError,
    answer,
    broken_links,
    item_url,
    known_item,
    page_bounds,
)
from lti_tool.demo.moodle.site import DemoMoodle

CONTAINER = "application/vnd.ims.lis.v2.lineitemcontainer+json"
LINE_ITEM = "application/vnd.ims.lis.v2.lineitem+json"
READ_SCOPES = (AGS_SCOPES[0], AGS_SCOPES[1])
WRITE_SCOPES = (AGS_SCOPES[0],)


def list_items(site: DemoMoodle, asked: Asked) -> Response:
    """List the line items of a course, with the filters of the query."""
    if asked.accept != CONTAINER:
        raise ServiceError(400, "No context or unsupported content type")
    found = [item for item in _items_of(site, asked.course) if _matches(item)]
    start, end = page_bounds(len(found))
    response = answer([_document(site, item) for item in found[start:end]], CONTAINER)
    if request.args.get("limit"):
        url = f"{services_url(site)}/{asked.course}/lineitems"
        query = [f"type_id={asked.type_id}"] if asked.type_id else []
        response.headers["Link"] = broken_links(url, query, start, len(found))
    return response


def create(site: DemoMoodle, asked: Asked) -> Response:
    """Create a column for the tool."""
    sent = _sent("No label or Score Maximum")
    link = sent.get("resourceLinkId") or sent.get("ltiLinkId")
    activity = site.world.tool_activity(int(str(link))) if str(link).isdigit() else None
    if link and (activity is None or activity.course != asked.course):
        raise ServiceError(403, "Forbidden")
    number = 1 + max((item.id for item in site.world.grade_items), default=0)
    root = next(
        one for one in site.world.grade_categories if one.course == asked.course and not one.parent
    )
    site.changes.make(
        site.world,
        "add_column",
        column={
            "id": number,
            "course": asked.course,
            "label": sent["label"],
            "maximum": str(sent["scoreMaximum"]),
            "category": root.id,
            "resource_id": sent.get("resourceId", ""),
            "tag": sent.get("tag", ""),
            "resource_link": activity.instance if activity else None,
            "tool": int(site.deployment_id),
        },
    )
    item = site.world.item(number)
    url = item_url(site, item, site.deployment_id) if item else ""
    return answer({**sent, "id": url}, LINE_ITEM, "201 Created")


def read(site: DemoMoodle, asked: Asked) -> Response:
    """Return one line item."""
    return answer(_document(site, known_item(site, asked)), LINE_ITEM)


def change(site: DemoMoodle, asked: Asked) -> Response:
    """Change label, maximum, resource and tag of a line item."""
    item = known_item(site, asked)
    sent = _sent("Bad Request")
    site.changes.make(
        site.world,
        "change_column",
        item=item.id,
        label=sent["label"],
        maximum=str(sent["scoreMaximum"]),
        resource_id=sent.get("resourceId", ""),
        tag=sent.get("tag", ""),
    )
    return answer({**sent, "id": item_url(site, item, site.deployment_id)}, LINE_ITEM)


def remove(site: DemoMoodle, asked: Asked) -> Response:
    """Delete a line item with its grades, the activity's own too."""
    item = known_item(site, asked)
    site.changes.make(site.world, "remove_column", item=item.id)
    return Response("", "204 OK", content_type="text/html; charset=utf-8")


def _items_of(site: DemoMoodle, course: int) -> list[GradeItem]:
    mine = [
        item
        for item in site.world.grade_items
        if item.course == course and (item.module == "lti" or item.tool == int(site.deployment_id))
    ]
    return sorted(mine, key=lambda item: item.id)


def _matches(item: GradeItem) -> bool:
    wanted = request.args
    link = item.instance if item.module == "lti" else item.resource_link
    return (
        wanted.get("resource_id", item.resource_id or "") == (item.resource_id or "")
        and wanted.get("tag", item.tag) == item.tag
        and wanted.get("resource_link_id", str(link)) == str(link)
    )


def _document(site: DemoMoodle, item: GradeItem) -> dict[str, Any]:
    document: dict[str, Any] = {
        "id": item_url(site, item, site.deployment_id),
        "label": item.name,
        "scoreMaximum": php_number(item.grademax),
    }
    if item.resource_id is not None:
        document["resourceId"] = item.resource_id
    document["tag"] = item.tag
    link = item.instance if item.instance is not None else item.resource_link
    if link is not None:
        document |= {"resourceLinkId": str(link), "ltiLinkId": str(link)}
    return document


def _sent(refusal: str) -> dict[str, Any]:
    """Return the line item that was sent, with its label and a maximum that is a number."""
    try:
        sent = json.loads(request.get_data())
        complete = bool(sent["label"]) and Decimal(str(sent["scoreMaximum"])).is_finite()
    except (ValueError, KeyError, TypeError, InvalidOperation):
        complete = False
    if not complete:
        raise ServiceError(400, refusal)
    return dict(sent)

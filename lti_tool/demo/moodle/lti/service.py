"""What the LTI services share: the request they are asked, their errors, their answers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flask import Response, request

from lti_tool.demo.moodle.gradebook.items import GradeItem
from lti_tool.demo.moodle.lti.addresses import lineitem_url
from lti_tool.demo.moodle.site import DemoMoodle


@dataclass(slots=True)
class Asked:
    """The numbers in the address of a service request, and how its answer is wanted."""

    course: int
    item: int = 0
    tool: int = 0
    accept: str = ""
    type_id: str = ""


class ServiceError(Exception):
    """A refusal: status, sentence, and how Moodle writes it.

    Args:
        content_type: with one, the body is an empty list of that media type (scores).
        html: an HTML page instead (a defect of the platform).
    """

    def __init__(
        self, status: int, reason: str, *, content_type: str = "", html: bool = False
    ) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.content_type = content_type
        self.html = html


def answer(document: Any, media_type: str, status: str = "200 OK") -> Response:
    """Return a JSON answer of an LTI media type."""
    body = json.dumps(document, ensure_ascii=False)
    return Response(body, status, content_type=f"{media_type}; charset=utf-8")


def known_item(site: DemoMoodle, asked: Asked) -> GradeItem:
    """Return the grade item of the address, if the tool may have it.

    An item is recognised by number alone, as in Moodle: the column of an assignment whose instance
    number is that of a tool activity passes for the tool's; the course of the address is not compared.

    Raises:
        ServiceError: 404.
    """
    item = site.world.item(asked.item)
    if item is None:
        raise ServiceError(404, f"Not Found: Grade item {asked.item} doesn't exist")
    own = item.tool == int(site.deployment_id)
    by_number = item.instance is not None and site.world.tool_activity(item.instance) is not None
    if not own and not by_number:
        raise ServiceError(404, "Line item does not exist")
    return item


def item_url(site: DemoMoodle, item: GradeItem, type_id: str) -> str:
    """Return the address of a line item, with the ``type_id`` that was asked."""
    return lineitem_url(site, item.course, item.id) + (f"?type_id={type_id}" if type_id else "")


def page_bounds(total: int) -> tuple[int, int]:
    """Return where the page asked begins and ends among ``total``; all of it without a limit."""
    start = request.args.get("from", 0, int)
    limit = request.args.get("limit", 0, int)
    return (start, min(start + limit, total)) if limit else (0, total)


def broken_links(url: str, query: list[str], start: int, total: int) -> str:
    """Return the ``Link`` header of AGS pages: typographic quotes and HTML entities, as recorded."""
    limit = request.args.get("limit", 0, int)
    places = [("first", 0)]
    if start:
        places.append(("prev", max(start - limit, 0)))
    places.append(("canonical", start))
    if start + limit < total:
        places.append(("next", start + limit))
    places.append(("last", total - 1))
    links = [
        f"<{url}?{'&amp;'.join([*query, f'limit={limit}', f'from={place}'])}>; rel=“{name}”"
        for name, place in places
    ]
    return ", ".join(links).encode().decode("latin-1")

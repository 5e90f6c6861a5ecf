"""``services.php``: finds the LTI service of a request, checks its token, and writes Moodle's errors.

Media types must be the exact LTI ones. Errors carry their sentence in the status line and a JSON body
that repeats the request. Source: the recordings ``ags-*.json`` and ``nrps-*.json``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, request

from lti_tool.demo.moodle.lti import lineitems, memberships, results, scores
from lti_tool.demo.moodle.lti.service import Asked, ServiceError
from lti_tool.demo.moodle.lti.tooltypes import seen_by
from lti_tool.demo.moodle.runtime import moodle
from lti_tool.demo.moodle.site import DemoMoodle

blueprint = Blueprint("services", __name__)

Handler = Callable[[DemoMoodle, Asked], Response]


@dataclass(frozen=True, slots=True)
class Resource:
    """An address of the services: its pattern, its media types and what each method does."""

    pattern: re.Pattern[str]
    formats: tuple[str, ...]
    methods: dict[str, Handler]
    scopes: dict[str, tuple[str, ...]]
    """Scopes that open each method: one of them is enough."""


RESOURCES = (
    Resource(
        re.compile(r"^/(?P<course>\d+)/lineitems$"),
        (lineitems.CONTAINER, lineitems.LINE_ITEM),
        {"GET": lineitems.list_items, "POST": lineitems.create},
        {"GET": lineitems.READ_SCOPES, "POST": lineitems.WRITE_SCOPES},
    ),
    Resource(
        re.compile(r"^/(?P<course>\d+)/lineitems/(?P<item>\d+)/lineitem$"),
        (lineitems.LINE_ITEM,),
        {"GET": lineitems.read, "PUT": lineitems.change, "DELETE": lineitems.remove},
        {
            "GET": lineitems.READ_SCOPES,
            "PUT": lineitems.WRITE_SCOPES,
            "DELETE": lineitems.WRITE_SCOPES,
        },
    ),
    Resource(
        re.compile(r"^/(?P<course>\d+)/lineitems/(?P<item>\d+)/lineitem/scores$"),
        (scores.SCORE,),
        {"POST": scores.receive},
        {"POST": scores.SCOPES},
    ),
    Resource(
        re.compile(r"^/(?P<course>\d+)/lineitems/(?P<item>\d+)/lineitem/results$"),
        (results.CONTAINER,),
        {"GET": results.list_results},
        {"GET": results.SCOPES},
    ),
    Resource(
        re.compile(r"^/CourseSection/(?P<course>\d+)/bindings/(?P<tool>\d+)/memberships$"),
        (memberships.CONTAINER, memberships.OLDER_CONTAINER),
        {"GET": memberships.list_members},
        {"GET": memberships.SCOPES},
    ),
)


@blueprint.route(
    "/mod/lti/services.php/<path:path>", methods=["GET", "POST", "PUT", "DELETE", "PATCH"]
)
def serve(path: str) -> Response:
    """Answer one service request."""
    site = moodle()
    try:
        with site.lock:
            return _dispatch(site, f"/{path}")
    except ServiceError as error:
        return _refuse(error)


def _dispatch(site: DemoMoodle, path: str) -> Response:
    writes = request.method in ("POST", "PUT")
    accept = "" if writes else request.headers.get("Accept", "")
    sent = request.headers.get("Content-Type", "").partition(";")[0].strip()
    wanted = sent if writes else accept
    for resource in RESOURCES:
        match = resource.pattern.match(path)
        if not match or (wanted not in ("", "*/*") and wanted not in resource.formats):
            continue
        if request.method not in resource.methods:
            raise ServiceError(405, "Method Not Allowed")
        numbers = {name: int(number) for name, number in match.groupdict().items()}
        asked = Asked(
            numbers["course"],
            numbers.get("item", 0),
            numbers.get("tool", 0),
            wanted if wanted in resource.formats else "",
            request.args.get("type_id", ""),
        )
        site = _authorize(site, asked, resource.scopes[request.method])
        if asked.course not in site.world.courses:
            raise ServiceError(404, f"Not Found: Course {asked.course} doesn't exist")
        return resource.methods[request.method](site, asked)
    raise ServiceError(400, f"No handler found for {path} {accept} {sent}")


def _authorize(site: DemoMoodle, asked: Asked, scopes: tuple[str, ...]) -> DemoMoodle:
    """Return the site as the tool of the token sees it."""
    scheme, _space, value = request.headers.get("Authorization", "").partition(" ")
    token = site.access_tokens.get(value.strip()) if scheme.lower() == "bearer" else None
    if token:
        site = seen_by(site, token.tool)
    permitted = token and token.expires > site.now and token.scopes & set(scopes)
    tools = {asked.type_id or site.deployment_id, str(asked.tool or site.deployment_id)}
    if not permitted or tools != {site.deployment_id}:
        raise ServiceError(401, "Unauthorized")
    return site


def _refuse(error: ServiceError) -> Response:
    if error.html:
        abort(error.status, error.reason)
    reason = error.reason.strip()
    if error.content_type:
        # The sentence repeats the body that was sent: a line break in it loses the status.
        lost = "\n" in reason or "\r" in reason
        line = "200 OK" if lost else f"{error.status} {_status_text(reason)}"
        return Response("[]", line, content_type=f"{error.content_type}; charset=utf-8")
    body: dict[str, Any] = {
        "status": error.status,
        "reason": error.reason,
        "request": {
            "method": request.method,
            "url": request.full_path if request.query_string else request.path,
            "accept": request.headers.get("Accept", ""),
            "contentType": request.headers.get("Content-Type", ""),
        },
    }
    return Response(
        json.dumps(body),
        f"{error.status} {_status_text(reason)}",
        content_type="application/json; charset=utf-8",
    )


def _status_text(reason: str) -> str:
    return reason.encode().decode("latin-1")

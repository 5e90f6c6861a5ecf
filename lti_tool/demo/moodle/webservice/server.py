"""The REST server: token, service, parameters, the call, and the answer as JSON or XML."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, request

from lti_tool.demo.moodle.people import Person
from lti_tool.demo.moodle.runtime import moodle
from lti_tool.demo.moodle.site import DemoMoodle
from lti_tool.demo.moodle.webservice import (  # each registers its functions
    cohorts,
    competencies,
    completion,
    courses,
    grades,
    gradetree,
    groups,
    people,
    reports,
    siteinfo,
)
from lti_tool.demo.moodle.webservice.errors import (
    WebServiceError,
    access_refused,
    invalid_parameter,
    missing_record,
    moodle_error,
)
from lti_tool.demo.moodle.webservice.functions import FUNCTIONS, UNSERVED, Call
from lti_tool.demo.moodle.webservice.parameters import php_form
from lti_tool.demo.moodle.webservice.xml import error_xml, result_xml

blueprint = Blueprint("webservice", __name__)

__all__ = ["blueprint"]

_ROOMS = (
    cohorts,
    competencies,
    completion,
    courses,
    grades,
    gradetree,
    groups,
    people,
    reports,
    siteinfo,
)

HEADERS = {
    "Cache-Control": "private, must-revalidate, pre-check=0, post-check=0, max-age=0",
    "Expires": "Thu, 01 Jan 1970 00:00:00 GMT",
    "Accept-Ranges": "none",
    "Access-Control-Allow-Origin": "*",
}


@blueprint.route("/webservice/rest/server.php", methods=["GET", "POST"])
def serve() -> Response:
    """Answer one call."""
    site = moodle()
    if not (site.switches.webservices and site.switches.rest):
        return Response("", 403, content_type="text/html; charset=utf-8")
    pairs = [*request.args.items(multi=True), *request.form.items(multi=True)]
    form = php_form(pairs)
    as_json = form.pop("moodlewsrestformat", "") == "json"
    try:
        with site.lock:
            result = _call(site, form)
    except WebServiceError as error:
        document = error.document()
        return _send(document, as_json) if as_json else _xml(error_xml(document))
    return _send(result, as_json)


def _call(site: DemoMoodle, form: dict[str, Any]) -> Any:
    if site.switches.maintenance == "web":
        raise moodle_error(
            "sitemaintenance",
            "The site is undergoing maintenance and is currently not available",
        )
    caller = _authenticate(site, str(form.pop("wstoken", "")))
    name = form.pop("wsfunction", "")
    if not name:
        raise invalid_parameter()
    served = site.service_functions
    if name in UNSERVED or (name in FUNCTIONS and served is not None and name not in served):
        raise access_refused()
    if name not in FUNCTIONS:
        raise missing_record("external_functions")
    settings = {key: form.pop(key) for key in list(form) if key.startswith("moodlewssetting")}
    raw = settings.get("moodlewssettingraw") in ("true", "1")
    function = FUNCTIONS[name]
    return function.answer(Call(site, caller, raw), **function.parameters.read(form))


def _authenticate(site: DemoMoodle, value: str) -> Person:
    token = site.tokens.get(value)
    if token is None:
        raise moodle_error("invalidtoken", "Invalid token - token not found")
    if token.expires and token.expires < site.now:
        del site.tokens[value]  # Moodle deletes an expired token when it is first used
        raise access_refused()
    person = site.world.people[token.person]
    if token.ip_refused or not site.switches.service:
        raise access_refused()
    if person.suspended:
        raise moodle_error(
            "wsaccessusersuspended",
            f"Refused web service access for suspended username: {person.username}",
        )
    if "webservice/rest:use" not in site.capabilities(person):
        raise access_refused()
    return person


def _send(result: Any, as_json: bool) -> Response:
    if not as_json:
        return _xml(result_xml(result))
    body = json.dumps(result, ensure_ascii=True, separators=(",", ":")).replace("/", "\\/")
    return Response(body, headers=HEADERS, content_type="application/json")


def _xml(body: str) -> Response:
    return Response(body, headers=HEADERS, content_type="application/xml; charset=utf-8")

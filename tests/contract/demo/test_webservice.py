"""The demo's web services against the recordings, function by function and field by field.

The demo holds the recorded site; each recorded form is posted to it and the answers must be equal:
values, keys and their order. What may differ is written below, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from lti_tool.demo.moodle import DemoMoodle, create_moodle_app
from lti_tool.demo.moodle.webservice.functions import FUNCTIONS
from tests.contract.demo.recorded_site import recorded_site
from tests.contract.demo.recordings import names, recording

OTHER_SITE = {
    "gradereport_user_get_grade_items-one-user-rank-letter-average": "rank and average, site settings",
    "quirk-too-many-values": "the course of 2,000 learners; a test of parameters covers the limit",
    "core_reportbuilder_retrieve_report-first-page": "compared by test_report.py",
    "error-unknown-format": "the same XML as core_webservice_get_site_info-xml",
}
STATES = frozenset({"error-maintenance-cli"})
"""Recorded as a page of the theme: status alone is compared."""

STALE = frozenset(
    {
        "core_completion_get_course_completion_status-in-progress",
        "gradereport_user_get_grade_items-one-user-excluded",
        "gradereport_user_get_grade_items-one-user-hidden-grade",
        "gradereport_user_get_grade_items-one-user-locked",
        "gradereport_user_get_grade_items-one-user-suspended-enrolment",
        "gradereport_user_get_grade_items-rmp-adl-04-all",
        "quirk-no-mod-quiz-view",
    }
)
"""Recorded before that gradebook was recalculated: totals and weights are those of an earlier state."""


OF_REPORTS = frozenset(
    {"timecreated", "timemodified", "profileimageurl", "profileimageurlsmall", "totalrowcount"}
)
"""When the report was made, and which theme revision its pictures have."""
OF_COMPETENCIES = frozenset(
    {
        "timecreated",
        "timemodified",
        "usermodified",
        "id",
        "usercompetencyid",
        "description",
        "scaleconfiguration",
        "userdate",
        "desca",
        "plans",
        "courseimage",
        "profileimageurl",
        "profileimageurlsmall",
    }
)
"""Rows, moments and pictures of the recorded site; texts, scale and plans, which the demo has not."""


def _deprived(capability: str) -> Callable[[DemoMoodle], None]:
    return lambda site: site.service_account.capabilities.remove(capability)


def _with(capability: str) -> Callable[[DemoMoodle], None]:
    return lambda site: site.service_account.capabilities.add(capability)


def _switch(name: str, value: object) -> Callable[[DemoMoodle], None]:
    return lambda site: setattr(site.switches, name, value)


def _token(**state: object) -> Callable[[DemoMoodle], None]:
    def set_state(site: DemoMoodle) -> None:
        for name, value in state.items():
            setattr(site.tokens[TOKENS["ws_faible"]], name, value)

    return set_state


PREPARE: dict[str, Callable[[DemoMoodle], None]] = {
    "core_course_get_courses-with-course-update": _with("moodle/course:update"),
    "core_course_get_courses_by_field-with-course-update": _with("moodle/course:update"),
    "gradereport_user_get_grade_items-one-user-no-percentage": _switch("percentages_shown", False),
    "quirk-no-grade-viewhidden": _deprived("moodle/grade:viewhidden"),
    "quirk-no-mod-quiz-view": _deprived("mod/quiz:view"),
    "error-one-hidden-course": _deprived("moodle/course:viewhiddencourses"),
    "error-maintenance-cli": _switch("maintenance", "cli"),
    "error-maintenance-web": _switch("maintenance", "web"),
    "error-rest-disabled": _switch("rest", False),
    "error-webservices-disabled": _switch("webservices", False),
    "error-service-disabled": _switch("service", False),
    "error-site-policy-info": _switch("policy_pending", True),
    "error-expired-token": _token(expires=1),
    "error-expired-token-second-use": lambda site: site.tokens.pop(TOKENS["ws_faible"]) and None,
    "error-ip-restriction": _token(ip_refused=True),
}

TOKENS = {
    name: f"{name:0<32}" for name in ("ws_faible", "ws_sansrest", "apprenant01", "apprenant42")
}

NO_FUNCTION = (
    "error-function-not-in-service",
    "error-no-function",
    "error-unknown-function",
    "error-xml-format",
)
"""Recordings that name no function of the demo, and are refused for that."""

EXCHANGES = [
    name
    for name in names("ws", "")
    if name not in OTHER_SITE and recording("ws", name)["request"].get("function") in FUNCTIONS
] + list(NO_FUNCTION)


@pytest.fixture
def site() -> DemoMoodle:
    """The recorded site."""
    site = recorded_site()
    for name, value in TOKENS.items():
        site.issue_token(name, value)
    return site


@pytest.fixture
def client(site: DemoMoodle) -> FlaskClient:
    """Something that speaks HTTP to it."""
    return create_moodle_app(site).test_client()


def _ask(site: DemoMoodle, client: FlaskClient, request: dict[str, Any]) -> Any:
    token = {**TOKENS, "ws_rmp": site.service_token}.get(request.get("token_of") or "", "inconnu")
    form = {name: token if value == "TOKEN" else value for name, value in _form(request).items()}
    if request["method"] == "GET":
        return client.get(request["path"], query_string=form)
    return client.post(request["path"], data=form)


def _form(request: dict[str, Any]) -> dict[str, Any]:
    if request.get("form"):
        return dict(request["form"])
    common = {"wstoken": "TOKEN", "wsfunction": request["function"], "moodlewsrestformat": "json"}
    return {name: value for name, value in common.items() if value} | request["params"]


@pytest.mark.parametrize("name", EXCHANGES)
def test_the_demo_answers_as_moodle_did(site: DemoMoodle, client: FlaskClient, name: str) -> None:
    exchange = recording("ws", name)
    PREPARE.get(name, lambda _site: None)(site)
    answer = _ask(site, client, exchange["request"])
    expected = exchange["response"]
    assert answer.status_code == expected["status"]
    assert answer.headers["Content-Type"] == expected["headers"]["Content-Type"]
    if name in STATES:
        return
    if "body" not in expected:
        assert _tags(answer.text) == _tags(expected["body_text"])
        return
    assert expected["headers"].items() <= dict(answer.headers).items()
    told = _comparable(answer.get_json(), name)
    assert told == _comparable(expected["body"], name)
    assert str(told) == str(_comparable(expected["body"], name)), "keys stand in another order"


def _tags(text: str) -> Any:
    """Return the skeleton of an XML answer (names of keys), or the text itself."""
    if not text.startswith("<?xml"):
        return text
    root = ET.fromstring(text)  # noqa: S314  # our own answer and a recorded one
    single = root.find("SINGLE")
    if single is None:
        return [(one.tag, one.text) for one in root]
    return [
        (key.get("name"), [one.tag for one in key])
        for key in single
        if key.find("VALUE[@null]") is None  # JSON leaves these out, XML says that they are null
    ]


def _comparable(body: Any, name: str) -> Any:
    """Return what of an answer must be equal."""
    if isinstance(body, dict) and "sitename" in body:
        served = [one for one in body["functions"] if one["name"] in FUNCTIONS]
        known = [one for one in served if "reportbuilder" not in one["name"]]
        known.sort(key=lambda one: one["name"])
        return body | {"functions": known, "userprivateaccesskey": ""}
    if isinstance(body, dict) and "debuginfo" in body:
        return {key: value for key, value in body.items() if key != "debuginfo"}
    if isinstance(body, dict) and "usergrades" in body:
        people = [_report(one, stale=name in STALE) for one in body["usergrades"]]
        return body | {"usergrades": sorted(people, key=lambda one: one["userid"])}
    if "reportbuilder" in name and "exception" not in body:
        return _without(body, OF_REPORTS)
    if "competenc" in name and "exception" not in body:
        return _without(body, OF_COMPETENCIES)
    if name in STALE:
        *others, grade = body["completionstatus"]["completions"]
        return others, list(grade), list(grade["details"])
    return body


def _report(report: dict[str, Any], *, stale: bool) -> dict[str, Any]:
    if not stale:
        return report
    kept = []
    for row in report["gradeitems"]:
        if row["itemtype"] in ("category", "course"):
            kept.append({key: row[key] for key in ("id", "itemname", "itemtype", "grademax")})
        else:
            dropped = ("weightraw", "weightformatted", "status")
            kept.append({key: value for key, value in row.items() if key not in dropped})
    return report | {"gradeitems": kept}


def _without(value: Any, names: frozenset[str]) -> Any:
    """Drop some members, however deep."""
    if isinstance(value, dict):
        return {key: _without(one, names) for key, one in value.items() if key not in names}
    if isinstance(value, list):
        return [_without(one, names) for one in value]
    return value


def test_every_function_of_the_demo_was_recorded() -> None:
    recorded = {recording("ws", name)["request"].get("function") for name in names("ws", "")}
    assert set(FUNCTIONS) <= recorded


def test_what_is_left_out_still_exists() -> None:
    assert set(OTHER_SITE) | STALE | STATES <= set(names("ws", ""))

"""Every recorded exchange replays: the same question leaves, and the answer is said or raised.

A recording is asked again by the method made for it. Where no method can ask that question (it is
deliberately wrong, or another program asked it), the tables below say so; nothing is left out in
silence (`test_every_recording_is_replayed`).
"""

from __future__ import annotations

import json
from contextlib import nullcontext
from decimal import Decimal
from typing import Any

import pytest

from moodle_client import Listing, MoodleClient, MoodleError, request_token
from tests.contract.moodle_client.failures import FAILURES
from tests.contract.moodle_client.requests_sent import METHODS, meaning
from tests.contract.moodle_client.site import RECORDINGS, Site, load, recorded
from tests.contract.moodle_client.values import assert_says

NAMES = sorted(path.stem for path in RECORDINGS.glob("*.json"))

UNTYPED = {
    "core_competency_list_competency_frameworks-empty-sort": "the method never sends it empty",
    "core_course_get_courses_by_field-raw": "no method asks for raw texts",
    "core_user_get_users-bad-key": "the method refuses the key before asking",
    "error-empty-sort-debug": "the method never sends it empty",
    "error-files-upload-no-args": "no method writes",
    "error-function-not-in-service": "no method writes",
    "error-invalid-parameter": "wrong type on purpose",
    "error-invalid-parameter-array": "wrong type on purpose",
    "error-invalid-parameter-debug": "wrong type on purpose",
    "error-missing-parameter": "parameter left out on purpose",
    "error-null-bytes": "empty number on purpose",
    "error-unknown-function": "no such function",
    "error-unknown-parameter": "no such parameter",
    "mod_assign_get_assignments-not-enrolled": "the method always includes other courses",
    "core_enrol_get_enrolled_users-past-the-end": "a page that a caller does not ask for",
}
"""Asked again with `MoodleClient.call`, since the methods cannot ask it."""

OTHER_QUESTION = {
    "core_cohort_search_cohorts-query": "without paging",
    "core_course_get_courses_by_field-get": "by GET, with the token in the address",
    "core_webservice_get_site_info-xml": "without JSON format",
    "error-http-404": "at a wrong path",
    "error-maintenance-cli-lti-token": "to the LTI token endpoint",
    "error-maintenance-web-lti-token": "to the LTI token endpoint",
    "error-maintenance-web-page": "to the login page",
    "error-no-function": "without function",
    "error-no-token": "without token",
    "error-unknown-format": "with an unknown format",
    "error-xml-format": "without JSON format",
}
"""Asked by another program in a way this client never asks; only the answer is replayed."""

LOGINS = {name for name in NAMES if name.startswith("login-token-")}
SCENARIOS = {
    "core_enrol_get_enrolled_users-page-1": "test_scenarios",
    "core_enrol_get_enrolled_users-page-2": "test_scenarios",
    "quirk-too-many-values": "test_scenarios",
}
"""Answers that only mean something after one another."""

_LISTS = {
    "core_calendar_get_calendar_events": "events",
    "core_cohort_search_cohorts": "cohorts",
    "core_completion_get_activities_completion_status": "statuses",
    "core_course_get_courses_by_field": "courses",
    "core_grades_get_gradeitems": "gradeItems",
    "core_group_get_course_user_groups": "groups",
    "core_reportbuilder_list_reports": "reports",
    "core_user_get_users": "users",
    "gradereport_overview_get_course_grades": "grades",
    "gradereport_user_get_grade_items": "usergrades",
    "gradereport_user_get_grades_table": "tables",
    "mod_assign_get_assignments": "courses",
    "mod_assign_get_grades": "assignments",
    "mod_assign_get_submissions": "assignments",
    "tool_lp_data_for_plans_page": "plans",
}


def _ask(name: str, client: MoodleClient) -> Any:
    request = load(name)["request"]
    function = request["function"]
    if name in UNTYPED:
        return client.call(function, request["params"])
    method = METHODS.get(function or "", METHODS["core_webservice_get_site_info"])
    return method(client, request["params"])


def _exact_body(name: str) -> Any:
    text = (RECORDINGS / f"{name}.json").read_text(encoding="utf-8")
    return json.loads(text, parse_float=Decimal)["response"]["body"]


def _written(name: str, function: str) -> Any:
    """What Moodle wrote, reduced to what the method gives."""
    body = _exact_body(name)
    if function == "core_grades_get_grade_tree":
        return json.loads(body)
    if function == "core_competency_list_course_competencies":
        return [entry["competency"] for entry in body]
    return body[_LISTS[function]] if function in _LISTS else body


TYPED = [n for n in NAMES if n not in FAILURES.keys() | UNTYPED.keys() | LOGINS | SCENARIOS.keys()]
ASKED_THE_SAME = [
    name for name in NAMES if name not in OTHER_QUESTION.keys() | LOGINS | SCENARIOS.keys()
]


@pytest.mark.parametrize("name", TYPED)
def test_a_recorded_answer_is_said_as_written(name: str, site: Site, moodle: MoodleClient) -> None:
    site.always(recorded(name))
    answer = _ask(name, moodle)
    if isinstance(answer, Listing):
        assert_says(answer.warnings, _exact_body(name)["warnings"])
        answer = answer.items
    assert_says(answer, _written(name, load(name)["request"]["function"]))


@pytest.mark.parametrize("name", sorted(UNTYPED.keys() - FAILURES.keys()))
def test_an_untyped_call_gives_the_json_itself(name: str, site: Site, moodle: MoodleClient) -> None:
    site.always(recorded(name))
    assert _ask(name, moodle) == _exact_body(name)


@pytest.mark.parametrize("name", sorted(FAILURES.keys() - LOGINS))
def test_a_recorded_error_has_its_class(name: str, site: Site, moodle: MoodleClient) -> None:
    kind, errorcode, reason = FAILURES[name]
    site.always(recorded(name))
    with pytest.raises(MoodleError) as raised:
        _ask(name, moodle)
    assert type(raised.value) is kind
    assert (raised.value.errorcode, raised.value.reason) == (errorcode, reason)
    assert raised.value.code == kind.code
    assert raised.value.wsfunction is not None


@pytest.mark.parametrize("name", ASKED_THE_SAME)
def test_the_recorded_question_is_asked_again(name: str, site: Site) -> None:
    form = load(name)["request"]["form"]
    site.always(recorded(name))
    refused = pytest.raises(MoodleError) if name in FAILURES else nullcontext()
    with MoodleClient(site.url, form["wstoken"]) as client, refused:
        _ask(name, client)
    first = site.received[0]
    assert first.path == "/webservice/rest/server.php"
    assert meaning(first.form) == meaning(form)


@pytest.mark.parametrize("name", sorted(LOGINS))
def test_a_recorded_login_gives_the_token_or_is_refused(name: str, site: Site) -> None:
    form = load(name)["request"]["form"]
    site.always(recorded(name))
    wanted = (form["username"], form["password"], form["service"])
    if name in FAILURES:
        kind, errorcode, _ = FAILURES[name]
        with pytest.raises(kind) as raised:
            request_token(site.url, *wanted)
        assert raised.value.errorcode == errorcode
        assert "PASSWORD" not in f"{raised.value!r} {raised.value.moodle_message}"
    else:
        assert request_token(site.url, *wanted) == "TOKEN"
    assert [(received.path, received.form) for received in site.received] == [
        ("/login/token.php", form)
    ]


def test_every_recording_is_replayed() -> None:
    replayed = {*TYPED, *FAILURES, *UNTYPED, *LOGINS, *SCENARIOS}
    assert replayed == set(NAMES)
    assert len(NAMES) == 176
    assert OTHER_QUESTION.keys() <= {*TYPED, *FAILURES}


def test_every_recorded_error_body_is_listed_as_an_error() -> None:
    def is_error(name: str) -> bool:
        response = load(name)["response"]
        body = response.get("body")
        return "body" not in response or (
            isinstance(body, dict) and ("exception" in body or "error" in body)
        )

    assert {name for name in NAMES if is_error(name)} == set(FAILURES)

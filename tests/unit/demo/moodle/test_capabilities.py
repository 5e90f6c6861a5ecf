"""What happens to the web services when the service account loses one capability.

Source: the table of capabilities found on the recorded site by removing them one at a time.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from lti_tool.demo.moodle import DemoMoodle, create_moodle_app
from lti_tool.demo.moodle.keys import PlatformKey
from lti_tool.demo.moodle.seed.standings import learner_id

KEY = PlatformKey.load(None)
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
COURSE, SEPARATE_GROUPS, HIDDEN = 2, 14, 12
ENROLLED = "core_enrol_get_enrolled_users"
GRADES = "gradereport_user_get_grade_items"


@pytest.fixture
def site() -> DemoMoodle:
    """A seeded site."""
    return DemoMoodle(base_url="http://m", tool_url="http://t", key=KEY, clock=lambda: NOW)


@pytest.fixture
def client(site: DemoMoodle) -> FlaskClient:
    """Something that speaks HTTP to it."""
    return create_moodle_app(site).test_client()


def _call(site: DemoMoodle, client: FlaskClient, function: str, **parameters: Any) -> Any:
    common = {"wstoken": site.service_token, "wsfunction": function, "moodlewsrestformat": "json"}
    return client.post("/webservice/rest/server.php", data=common | parameters).get_json()


@pytest.mark.parametrize(
    ("capability", "function", "parameters", "errorcode"),
    [
        ("webservice/rest:use", "core_webservice_get_site_info", {}, "accessexception"),
        ("moodle/course:view", "core_course_get_courses", {}, "errorcoursecontextnotvalid"),
        ("moodle/course:view", GRADES, {"courseid": COURSE}, "requireloginerror"),
        (
            "moodle/course:viewhiddencourses",
            "core_course_get_courses",
            {},
            "errorcoursecontextnotvalid",
        ),
        ("moodle/course:viewhiddencourses", GRADES, {"courseid": HIDDEN}, "requireloginerror"),
        ("moodle/course:enrolreview", ENROLLED, {"courseid": COURSE}, "nopermissions"),
        ("moodle/site:accessallgroups", GRADES, {"courseid": SEPARATE_GROUPS}, "notingroup"),
        (
            "moodle/course:managegroups",
            "core_group_get_course_groups",
            {"courseid": COURSE},
            "nopermissions",
        ),
        ("moodle/cohort:view", "core_cohort_get_cohorts", {}, "nopermissions"),
        ("gradereport/user:view", GRADES, {"courseid": COURSE}, "nopermissions"),
        ("moodle/grade:viewall", GRADES, {"courseid": COURSE}, "nopermissions"),
        (
            "moodle/grade:viewall",
            GRADES,
            {"courseid": COURSE, "userid": learner_id(1)},
            "nopermissiontoviewgrades",
        ),
        (
            "report/completion:view",
            "core_completion_get_course_completion_status",
            {"courseid": COURSE, "userid": learner_id(1)},
            "cannotviewreport",
        ),
        (
            "report/progress:view",
            "core_completion_get_activities_completion_status",
            {"courseid": COURSE, "userid": learner_id(1)},
            "nopermissions",
        ),
        (
            "moodle/reportbuilder:view",
            "core_reportbuilder_retrieve_report",
            {"reportid": 1},
            "errorreportview",
        ),
    ],
)
def test_a_missing_capability_is_refused(
    site: DemoMoodle,
    client: FlaskClient,
    capability: str,
    function: str,
    parameters: dict[str, Any],
    errorcode: str,
) -> None:
    assert "exception" not in _call(site, client, function, **parameters)
    site.service_account.capabilities.remove(capability)
    assert _call(site, client, function, **parameters)["errorcode"] == errorcode


def test_without_hidden_courses_a_search_leaves_them_out_silently(
    site: DemoMoodle, client: FlaskClient
) -> None:
    site.service_account.capabilities.remove("moodle/course:viewhiddencourses")
    found = _call(site, client, "core_course_get_courses_by_field")["courses"]
    assert HIDDEN not in [course["id"] for course in found]
    assert len(found) == 17


def test_without_user_details_trainers_alone_remain(site: DemoMoodle, client: FlaskClient) -> None:
    site.service_account.capabilities.remove("moodle/user:viewdetails")
    people = _call(site, client, ENROLLED, courseid=COURSE)
    assert {one["roles"][0]["shortname"] for one in people} == {"editingteacher"}
    assert _call(site, client, "core_user_get_users_by_field", field="id", **{"values[0]": 3}) == []


def test_without_all_details_the_login_disappears_and_the_idnumber_stays(
    site: DemoMoodle, client: FlaskClient
) -> None:
    site.service_account.capabilities.remove("moodle/user:viewalldetails")
    first = _call(site, client, ENROLLED, courseid=COURSE)[0]
    assert "username" not in first
    assert first["idnumber"] == "ADH-2026-001"


def test_without_all_groups_a_course_of_separate_groups_looks_empty(
    site: DemoMoodle, client: FlaskClient
) -> None:
    site.service_account.capabilities.remove("moodle/site:accessallgroups")
    assert _call(site, client, ENROLLED, courseid=SEPARATE_GROUPS) == []


def test_without_a_module_right_its_columns_disappear_silently(
    site: DemoMoodle, client: FlaskClient
) -> None:
    site.service_account.capabilities.remove("mod/quiz:view")
    report = _call(site, client, GRADES, courseid=COURSE, userid=learner_id(1))["usergrades"][0]
    assert "quiz" not in [row["itemmodule"] for row in report["gradeitems"]]


def test_without_hidden_grades_a_hidden_total_is_missing(
    site: DemoMoodle, client: FlaskClient
) -> None:
    where = {"courseid": COURSE, "userid": learner_id(33)}
    report = _call(site, client, GRADES, **where)["usergrades"][0]
    total = report["gradeitems"][-1]
    assert (total["graderaw"], total["gradeishidden"]) == (104, True)
    site.service_account.capabilities.remove("moodle/grade:viewhidden")
    report = _call(site, client, GRADES, **where)["usergrades"][0]
    assert all(row["graderaw"] != 104 for row in report["gradeitems"])


def test_a_suspended_enrolment_is_absent_from_the_course_and_present_alone(
    site: DemoMoodle, client: FlaskClient
) -> None:
    suspended = learner_id(38)
    everyone = _call(site, client, GRADES, courseid=COURSE)["usergrades"]
    assert suspended not in [one["userid"] for one in everyone]
    alone = _call(site, client, GRADES, courseid=COURSE, userid=suspended)["usergrades"][0]
    assert alone["gradeitems"][-1]["graderaw"] == 91


def test_a_function_taken_out_of_the_service_is_refused_and_not_announced(
    site: DemoMoodle, client: FlaskClient
) -> None:
    site.service_functions = {"core_webservice_get_site_info"}
    info = _call(site, client, "core_webservice_get_site_info")
    assert [one["name"] for one in info["functions"]] == ["core_webservice_get_site_info"]
    assert _call(site, client, "core_course_get_courses")["errorcode"] == "accessexception"

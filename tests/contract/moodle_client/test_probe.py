"""Checking a token: each thing that may be missing is found, and nothing is when all is there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from moodle_client import (
    READING,
    Check,
    Finding,
    FindingCode,
    Function,
    InvalidToken,
    MoodleClient,
    TransportOptions,
    Unreachable,
    probe,
)
from tests.contract.moodle_client.site import Answer, Received, Site, load, recorded

HEALTHY = {
    Function.COURSES: "core_course_get_courses",
    Function.COURSES_BY_FIELD: "core_course_get_courses_by_field-idnumber-empty",
    Function.ENROLLED_USERS: "core_enrol_get_enrolled_users-userfields",
    Function.USERS_BY_FIELD: "core_user_get_users_by_field-id",
    Function.COHORTS: "core_cohort_get_cohorts",
    Function.COURSE_GROUPS: "core_group_get_course_groups",
    Function.GRADE_ITEMS: "gradereport_user_get_grade_items-one-user-locked",
    Function.GRADE_TREE: "core_grades_get_grade_tree",
    Function.COURSE_COMPLETION: "core_completion_get_course_completion_status-no-criteria",
    Function.ACTIVITIES_COMPLETION: "core_completion_get_activities_completion_status",
    Function.ASSIGNMENTS: "mod_assign_get_assignments-include",
    Function.ASSIGNMENT_GRADES: "mod_assign_get_grades",
    Function.USER_PLANS: "core_competency_list_user_plans",
    Function.COURSE_COMPETENCIES: "core_competency_list_course_competencies",
    Function.USER_COMPETENCY_IN_COURSE: "tool_lp_data_for_user_competency_summary_in_course-rated",
}
EVERYTHING = (*READING, *HEALTHY)


class Moodle:
    """A healthy site made of recordings, in which a test spoils one thing."""

    def __init__(self, site: Site, client: MoodleClient) -> None:
        self.site = site
        self.client = client
        self.answers = {function: recorded(name) for function, name in HEALTHY.items()}
        self.info: dict[str, Any] = load("core_webservice_get_site_info")["response"]["body"]
        self.info["siteurl"] = site.url
        site.always(self._answer)

    def _answer(self, request: Received) -> Answer:
        if (
            request.form["wsfunction"] == Function.SITE_INFO
            and Function.SITE_INFO not in self.answers
        ):
            return Answer.of(self.info)
        return self.answers[Function(request.form["wsfunction"])]

    def spoil(self, function: Function, recording: str) -> None:
        """Answer this function with that recording."""
        self.answers[function] = recorded(recording)

    def refuse(self, function: Function, errorcode: str) -> None:
        """Answer this function with that error."""
        self.answers[function] = Answer.of(
            {"exception": "x", "errorcode": errorcode, "message": ""}
        )

    def probe(self, **others: Any) -> Check:
        """Probe everything."""
        return probe(self.client, EVERYTHING, **others)


@pytest.fixture
def healthy(site: Site) -> Iterator[Moodle]:
    """The healthy site."""
    with MoodleClient(site.url, "TOKEN", options=TransportOptions(retries=0)) as client:
        yield Moodle(site, client)


def missing(function: Function, *capabilities: str) -> Finding:
    """The finding of a missing capability."""
    return Finding(FindingCode.MISSING_CAPABILITY, function, capabilities)


def test_a_healthy_site_has_no_finding(healthy: Moodle) -> None:
    check = healthy.probe()
    assert check.findings == ()
    assert check.site is not None
    assert check.site.username == "ws_rmp"
    assert set(check.tried) == {Function.SITE_INFO, *HEALTHY}
    assert len(healthy.site.forms) < 20


def test_a_function_outside_the_service_is_named_and_not_called(healthy: Moodle) -> None:
    functions = healthy.info["functions"]
    healthy.info["functions"] = [f for f in functions if f["name"] != Function.COHORTS]
    check = healthy.probe()
    assert check.findings == (
        Finding(FindingCode.MISSING_FUNCTION, Function.COHORTS, ("moodle/cohort:view",)),
    )
    assert Function.COHORTS not in check.tried


@pytest.mark.parametrize(
    ("function", "recording", "finding"),
    [
        (
            Function.COHORTS,
            "error-missing-capability-cohorts",
            missing(Function.COHORTS, "moodle/cohort:view"),
        ),
        (
            Function.COURSES,
            "error-one-hidden-course",
            missing(Function.COURSES, "moodle/course:viewhiddencourses", "moodle/course:view"),
        ),
        (
            Function.USERS_BY_FIELD,
            "error-missing-capability-user-by-field",
            missing(Function.USERS_BY_FIELD, "moodle/user:viewdetails"),
        ),
        (
            Function.USER_PLANS,
            "error-missing-capability-competency",
            missing(Function.USER_PLANS, "moodle/competency:planview"),
        ),
        (
            Function.USER_COMPETENCY_IN_COURSE,
            "error-missing-capability-competency",
            missing(Function.USER_COMPETENCY_IN_COURSE, "moodle/competency:planview"),
        ),
        (
            Function.ASSIGNMENT_GRADES,
            "error-missing-capability-assign",
            missing(Function.ASSIGNMENT_GRADES, "mod/assign:viewgrades"),
        ),
        (
            Function.ENROLLED_USERS,
            "core_enrol_get_enrolled_users-empty-course",
            Finding(
                FindingCode.NO_LEARNER,
                Function.ENROLLED_USERS,
                ("moodle/user:viewdetails", "moodle/site:accessallgroups"),
            ),
        ),
    ],
)
def test_a_missing_capability_is_named(
    healthy: Moodle, function: Function, recording: str, finding: Finding
) -> None:
    healthy.spoil(function, recording)
    assert healthy.probe().findings == (finding,)


@pytest.mark.parametrize(
    ("function", "errorcode", "capability"),
    [
        (Function.COURSE_COMPLETION, "cannotviewreport", "report/completion:view"),
        (Function.ACTIVITIES_COMPLETION, "nopermissions", "report/progress:view"),
        (Function.COURSE_GROUPS, "nopermissions", "moodle/course:managegroups"),
        (Function.ENROLLED_USERS, "nopermissions", "moodle/course:enrolreview"),
        (Function.GRADE_ITEMS, "nopermissions", "moodle/grade:viewall"),
        (Function.GRADE_ITEMS, "notingroup", "moodle/site:accessallgroups"),
    ],
)
def test_a_refusal_names_the_likeliest_capability_first(
    healthy: Moodle, function: Function, errorcode: str, capability: str
) -> None:
    healthy.refuse(function, errorcode)
    (finding,) = healthy.probe().findings
    assert (finding.code, finding.function) == (FindingCode.MISSING_CAPABILITY, function)
    assert finding.capabilities[0] == capability


def test_grade_items_left_out_in_silence_are_found(healthy: Moodle) -> None:
    for quirk in ("quirk-no-mod-quiz-view", "quirk-no-grade-viewhidden"):
        healthy.spoil(Function.GRADE_ITEMS, quirk)
        (finding,) = healthy.probe().findings
        assert finding.code == FindingCode.ITEMS_LEFT_OUT
        assert {"mod/quiz:view", "moodle/grade:viewhidden"} <= set(finding.capabilities)


def test_an_account_that_sees_only_its_own_grades_is_found(healthy: Moodle) -> None:
    healthy.spoil(Function.GRADE_ITEMS, "gradereport_user_get_grade_items-own-as-learner")
    assert missing(Function.GRADE_ITEMS, "moodle/grade:viewall") in healthy.probe().findings


def test_idnumbers_that_nobody_shows_are_told(healthy: Moodle) -> None:
    people = load("core_enrol_get_enrolled_users-userfields")["response"]["body"]
    bare = [{key: value for key, value in row.items() if key != "idnumber"} for row in people]
    healthy.answers[Function.ENROLLED_USERS] = Answer.of(bare)
    assert [finding.code for finding in healthy.probe().findings] == [FindingCode.NO_IDNUMBER]


def test_a_site_without_visible_course_is_told(healthy: Moodle) -> None:
    healthy.answers[Function.COURSES_BY_FIELD] = Answer.of({"courses": [], "warnings": []})
    healthy.spoil(Function.COURSES, "error-missing-capability-courses")
    assert healthy.probe().findings == (
        missing(Function.COURSES, "moodle/course:view"),
        Finding(FindingCode.NO_COURSE),
    )


def test_an_account_that_is_not_ready_is_told(healthy: Moodle) -> None:
    healthy.spoil(Function.GRADE_ITEMS, "error-site-policy")
    (finding,) = healthy.probe().findings
    assert finding.code == FindingCode.NOT_READY
    assert finding.error is not None
    assert finding.error.reason == "site_policy"


def test_what_follows_from_an_account_that_is_not_ready_is_left_out(healthy: Moodle) -> None:
    # As a site with a policy answers: an odd list first, then refusals, so that no course is seen.
    healthy.answers[Function.COURSES_BY_FIELD] = Answer.of({"courses": [{}], "warnings": []})
    healthy.spoil(Function.COURSES, "error-site-policy")
    healthy.info |= {"siteurl": "https://other.example.test"}
    assert [finding.code for finding in healthy.probe().findings] == [
        FindingCode.OTHER_ADDRESS,
        FindingCode.NOT_READY,
    ]


def test_the_site_itself_is_looked_at(healthy: Moodle) -> None:
    healthy.info |= {
        "siteurl": "https://other.example.test",
        "version": "2020110900",
        "userissiteadmin": True,
    }
    found = healthy.probe().findings
    assert [finding.address for finding in found] == ["https://other.example.test", "", ""]
    assert [finding.code for finding in found] == [
        FindingCode.OTHER_ADDRESS,
        FindingCode.OLD_VERSION,
        FindingCode.ADMIN_TOKEN,
    ]


def test_another_failure_is_kept_as_it_is(healthy: Moodle) -> None:
    healthy.refuse(Function.COHORTS, "dmlreadexception")
    (finding,) = healthy.probe().findings
    assert (finding.code, finding.function) == (FindingCode.CALL_FAILED, Function.COHORTS)
    assert finding.error is not None
    assert finding.error.retryable


def test_a_token_that_opens_nothing_ends_the_probe(healthy: Moodle) -> None:
    healthy.spoil(Function.SITE_INFO, "error-invalid-token")
    check = healthy.probe()
    assert check.site is None
    (finding,) = check.findings
    assert finding.code == FindingCode.NO_ANSWER
    assert isinstance(finding.error, InvalidToken)
    assert len(healthy.site.forms) == 1


def test_a_site_that_is_not_there_ends_the_probe() -> None:
    with MoodleClient("http://127.0.0.1:9", "TOKEN", options=TransportOptions(retries=0)) as client:
        check = probe(client)
    (finding,) = check.findings
    assert isinstance(finding.error, Unreachable)


def test_the_course_and_the_person_to_try_can_be_chosen(healthy: Moodle) -> None:
    healthy.probe(course_id=6, user_id=11)
    forms = [form for form in healthy.site.forms if "courseid" in form]
    assert {form["courseid"] for form in forms} == {"6"}
    assert {form["userid"] for form in forms if "userid" in form} == {"11"}

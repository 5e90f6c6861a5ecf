"""The recorded site as a server: answers by function, each of which a test may change."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from tests.contract.moodle_client.site import Answer, Received, load
from tests.contract.moodle_client.site import Site as Server

TOKEN = "0123456789abcdef0123456789abcdef"
SERVICE_ACCOUNT = 2069
Change = Callable[[dict[str, str]], Any]


class RecordedMoodle:
    """Answers of the recorded site; courses and functions can be taken away.

    Attributes:
        courses: what ``core_course_get_courses`` lists, to be changed by a test.
        functions: names of the functions in the service.
        idnumbers: course id → idnumber, told in the grade answer.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self.url = server.url
        self.info = copy.deepcopy(load("core_webservice_get_site_info")["response"]["body"])
        self.info["siteurl"] = server.url
        self.courses: list[dict[str, Any]] = copy.deepcopy(
            load("core_course_get_courses")["response"]["body"]
        )
        self.functions = {item["name"] for item in self.info["functions"]}
        self.idnumbers = {2: "RMP-ADL-01", 6: "RMP-ADL-04"}
        self.changes: dict[str, Change] = {}
        server.always(self._answer)

    @property
    def asked(self) -> list[str]:
        """Names of the functions called, in order."""
        return [form["wsfunction"] for form in self._server.forms]

    @property
    def tokens(self) -> set[str]:
        """The tokens received."""
        return {form["wstoken"] for form in self._server.forms}

    def fail(self, function: str, errorcode: str, message: str = "Texte de Moodle") -> None:
        """Have a function answer with an error."""
        self.changes[function] = lambda _form: {
            "exception": "core\\exception\\moodle_exception",
            "errorcode": errorcode,
            "message": message,
        }

    def _answer(self, request: Received) -> Answer:
        function = request.form["wsfunction"]
        if request.form["wstoken"] != TOKEN:
            return Answer.of(_error("invalidtoken"))
        if function in self.changes:
            return Answer.of(self.changes[function](request.form))
        if function not in self.functions:
            return Answer.of(_error("accessexception"))
        return Answer.of(self._value(function, request.form))

    def _value(self, function: str, form: dict[str, str]) -> Any:
        if function == "core_webservice_get_site_info":
            functions = [{"name": name, "version": "4.5"} for name in sorted(self.functions)]
            return self.info | {"functions": functions}
        if function == "core_course_get_courses":
            return self.courses
        if function == "core_course_get_courses_by_field":
            found = [] if "field" in form else [_by_field(course) for course in self.courses]
            return {"courses": found, "warnings": []}
        if function == "gradereport_user_get_grade_items":
            return self._grades(int(form["courseid"]), int(form.get("userid", "0")))
        return load(RECORDINGS[function])["response"]["body"]

    def _grades(self, course_id: int, user_id: int) -> Any:
        if user_id != SERVICE_ACCOUNT:
            return load("gradereport_user_get_grade_items-one-user")["response"]["body"]
        answer = copy.deepcopy(
            load("gradereport_user_get_grade_items-user-not-enrolled")["response"]["body"]
        )
        answer["usergrades"][0] |= {
            "courseid": course_id,
            "courseidnumber": self.idnumbers.get(course_id, ""),
            "userid": user_id,
        }
        return answer


RECORDINGS = {
    "core_enrol_get_enrolled_users": "core_enrol_get_enrolled_users-rmp-adl-04",
    "core_user_get_users_by_field": "core_user_get_users_by_field-id",
    "core_cohort_get_cohorts": "core_cohort_get_cohorts",
    "core_cohort_get_cohort_members": "core_cohort_get_cohort_members",
    "core_group_get_course_groups": "core_group_get_course_groups",
    "core_competency_list_course_competencies": "core_competency_list_course_competencies",
    "tool_lp_data_for_user_competency_summary_in_course": (
        "tool_lp_data_for_user_competency_summary_in_course-rated"
    ),
    "core_group_get_group_members": "core_group_get_group_members",
    "core_grades_get_grade_tree": "core_grades_get_grade_tree",
    "core_completion_get_course_completion_status": (
        "core_completion_get_course_completion_status-in-progress"
    ),
    "core_completion_get_activities_completion_status": (
        "core_completion_get_activities_completion_status"
    ),
}


def _by_field(course: dict[str, Any]) -> dict[str, Any]:
    return {"categoryname": "Catégorie", "contacts": [], **course}


def _error(errorcode: str) -> dict[str, str]:
    return {"exception": "moodle_exception", "errorcode": errorcode, "message": "Texte de Moodle"}

"""The custom report on *Course participants*: one row per enrolment and cohort, for the whole site.

It prints values for people (two decimals, ``Yes``, dates in words) and reads stored totals. Suspended
enrolments are left out by the report's own condition; suspended accounts stay.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from lti_tool.demo.moodle.courses import Course, Enrolment
from lti_tool.demo.moodle.gradebook.totals import rounded
from lti_tool.demo.moodle.keys import SITE_ZONE
from lti_tool.demo.moodle.people import Person, first_name_key
from lti_tool.demo.moodle.webservice.errors import WebServiceError, missing_record
from lti_tool.demo.moodle.webservice.functions import Call, function
from lti_tool.demo.moodle.webservice.parameters import Int
from lti_tool.demo.moodle.webservice.pictures import picture_url

REPORT = 1
REPORT_NAME = "Ancrage progress"

HEADERS = [
    "Course full name with link",
    "Full name with link",
    "Name",
    "ID number",
    "Username",
    "Email address",
    "Course ID number",
    "Course short name",
    "Grade",
    "Completed",
    "Time completed",
    "Last access to course",
    "Status",
    "Cohort ID",
    "Suspended",
    "Short name",
    "ID number",
]


@function(
    "core_reportbuilder_list_reports",
    page=Int(default=0),
    perpage=Int(default=10),
)
def list_reports(call: Call, page: int, perpage: int) -> dict[str, Any]:
    """List the custom reports shared with the caller."""
    shared = [_described(call)] if _may_read(call) else []
    return {"reports": shared[page * perpage : (page + 1) * perpage], "warnings": []}


@function(
    "core_reportbuilder_retrieve_report",
    reportid=Int(),
    page=Int(default=0),
    perpage=Int(default=10),
)
def retrieve_report(call: Call, reportid: int, page: int, perpage: int) -> dict[str, Any]:
    """Return one page of a custom report; a page past the end has no rows."""
    if reportid != REPORT:
        raise missing_record("reportbuilder_report")
    if not _may_read(call):
        raise WebServiceError(
            "core_reportbuilder\\exception\\report_access_exception",
            "errorreportview",
            "You cannot view this report",
        )
    rows = list(_rows(call))
    shown = rows[page * perpage : (page + 1) * perpage]
    data = {
        "headers": HEADERS,
        "rows": [{"columns": columns} for columns in shown],
        "totalrowcount": len(rows),
    }
    return {"details": _described(call), "data": data, "warnings": []}


def _may_read(call: Call) -> bool:
    return call.may("moodle/reportbuilder:view")


def _rows(call: Call) -> Iterator[list[str | None]]:
    world, moment = call.world, call.site.now
    for course in world.courses_of_site():
        entries = [
            (enrolment, world.people[enrolment.person])
            for enrolment in world.enrolments_in(course.id)
            if enrolment.is_active(moment)
        ]
        entries.sort(key=lambda entry: first_name_key(entry[1]))
        for enrolment, person in entries:
            if person.deleted:
                continue
            cohorts: list[str | None] = [
                one.idnumber for one in world.cohorts if person.id in one.members
            ]
            groups: list[str | None] = [
                one.idnumber for one in world.groups_of(course.id, person.id)
            ]
            for cohort in cohorts or [None]:
                for group in groups or [None]:
                    yield _row(call, course, enrolment, person, cohort, group)


def _row(
    call: Call,
    course: Course,
    enrolment: Enrolment,
    person: Person,
    cohort: str | None,
    group: str | None,
) -> list[str | None]:
    world, base = call.world, call.site.base_url
    total = world.course_total(course.id, person.id)
    done_at = world.completion.courses.get((course.id, person.id))
    seen_at = world.last_course_access.get((course.id, person.id))
    return [
        f'<a href="{base}/course/view.php?id={course.id}">{call.text(course.fullname)}</a>',
        f'<a href="{base}/user/profile.php?id={person.id}">{html.escape(person.fullname, quote=False)}</a>',
        "Manual enrolments",
        person.idnumber,
        person.username,
        person.email,
        course.idnumber,
        call.text(course.shortname),
        "" if total is None else f"{rounded(total, 2)}",
        ("Yes" if done_at else "No") if enrolment.role.gradable else "",
        _in_words(done_at) if done_at else "",
        _in_words(seen_at) if seen_at else "Never",
        "Active",
        cohort,
        "Yes" if person.suspended else "No",
        enrolment.role.shortname,
        group,
    ]


def _in_words(moment: int) -> str:
    local = datetime.fromtimestamp(moment, SITE_ZONE)
    hour = local.strftime("%I").lstrip("0")
    return f"{local:%A}, {local.day} {local:%B %Y}, {hour}:{local:%M %p}"


def _described(call: Call) -> dict[str, Any]:
    admin = next((one for one in call.world.people.values() if one.admin), call.caller)
    made = max(course.timecreated for course in call.world.courses.values())
    return {
        "name": REPORT_NAME,
        "source": "core_course\\reportbuilder\\datasource\\participants",
        "type": 0,
        "uniquerows": False,
        "conditiondata": '{"enrolment:status_operator":1,"enrolment:status_value":0}',
        "settingsdata": None,
        "contextid": 1,
        "component": "",
        "area": "",
        "itemid": 0,
        "usercreated": admin.id,
        "id": REPORT,
        "timecreated": made,
        "timemodified": made,
        "usermodified": admin.id,
        "sourcename": "Course participants",
        "tags": [],
        "modifiedby": {
            "id": admin.id,
            "email": admin.email,
            "idnumber": admin.idnumber,
            "phone1": "",
            "phone2": "",
            "department": "",
            "institution": "",
            "fullname": admin.fullname,
            "identity": admin.email,
            "profileurl": f"{call.site.base_url}/user/profile.php?id={admin.id}",
            "profileimageurl": picture_url(call.site, "f1"),
            "profileimageurlsmall": picture_url(call.site, "f2"),
        },
    }

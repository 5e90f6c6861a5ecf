"""Courses and categories. Names are HTML-escaped; idnumbers need ``moodle/course:update``."""

from __future__ import annotations

from typing import Any

from lti_tool.demo.moodle.courses import Course
from lti_tool.demo.moodle.webservice.errors import (
    bad_course_context,
    invalid_parameter,
    moodle_error,
)
from lti_tool.demo.moodle.webservice.functions import Call, function
from lti_tool.demo.moodle.webservice.parameters import Int, Many, Struct, Text
from lti_tool.demo.moodle.webservice.pictures import THEME_REVISION
from lti_tool.demo.moodle.world import SITE_COURSE

UPDATE = "moodle/course:update"

_FILTERS = ("displayh5p", "activitynames", "emoticon", "urltolink", "mediaplugin")


@function(
    "core_course_get_courses", options=Struct({"ids": Many(Int(), default=[])}, default={"ids": []})
)
def get_courses(call: Call, options: dict[str, list[int]]) -> list[dict[str, Any]]:
    """List courses; one that the caller may not open makes the whole call fail."""
    wanted = [call.course(number) for number in options["ids"]] or call.world.courses_of_site()
    answer = []
    for course in wanted:
        reason = call.barred(course)
        if reason:
            raise bad_course_context(course.id, reason)
        answer.append(_listed(call, course))
    return answer


@function("core_course_get_courses_by_field", field=Text(default=""), value=Text(default=""))
def get_courses_by_field(call: Call, field: str, value: str) -> dict[str, Any]:
    """Find courses by one field; those that the caller may not open are left out silently."""
    found = [
        course
        for course in call.world.courses_of_site()
        if _matches(course, field, value) and not call.barred(course)
    ]
    found.sort(key=lambda course: course.id)
    return {"courses": [_described(call, course) for course in found], "warnings": []}


@function(
    "core_course_get_categories",
    criteria=Many(Struct({"key": Text(), "value": Text()}), default=[]),
    addsubcategories=Int(default=1),
)
def get_categories(
    call: Call, criteria: list[dict[str, str]], addsubcategories: int
) -> list[dict[str, Any]]:
    """List categories; searching by idnumber needs ``moodle/category:manage``."""
    readable = {"id", "name", "parent", "ids"}
    if any(one["key"] not in readable for one in criteria):
        raise moodle_error("criteriaerror", "Missing permissions to search on a criterion.")
    by_id = {one["key"]: one["value"] for one in criteria}
    answer = []
    for category in call.world.categories:
        numbers = category.path.strip("/").split("/")
        wanted = by_id.get("id")
        if wanted and wanted not in (numbers if addsubcategories else numbers[-1:]):
            continue
        inside = [one for one in call.world.courses.values() if one.category == category.id]
        answer.append(
            {
                "id": category.id,
                "name": call.text(category.name),
                "description": category.description,
                "descriptionformat": 1,
                "parent": category.parent,
                "sortorder": category.sortorder,
                "coursecount": len(inside),
                "depth": len(numbers),
                "path": category.path,
            }
        )
    return answer


def _matches(course: Course, field: str, value: str) -> bool:
    if not field:
        return True
    if field not in ("id", "ids", "shortname", "idnumber", "category"):
        raise invalid_parameter()
    if field in ("id", "ids"):
        return str(course.id) in value.split(",")
    if field == "category":
        return course.id != SITE_COURSE and str(course.category) == value
    return str(getattr(course, field)) == value


def _listed(call: Call, course: Course) -> dict[str, Any]:
    may_update = call.may(UPDATE, course.id)
    site = course.id == SITE_COURSE
    row: dict[str, Any] = {
        "id": course.id,
        "shortname": call.text(course.shortname),
        "categoryid": course.category,
    }
    if may_update:
        row["categorysortorder"] = course.sortorder
    row |= {
        "fullname": call.text(course.fullname),
        "displayname": call.text(course.fullname),
    }
    if may_update:
        row["idnumber"] = course.idnumber
    row |= {"summary": course.summary, "summaryformat": 1, "format": course.format}
    if may_update:
        row |= {"showgrades": int(course.showgrades), "newsitems": course.newsitems}
    row |= {"startdate": course.startdate, "enddate": course.enddate}
    if may_update or site:
        row["numsections"] = course.numsections
    if may_update:
        row |= {
            "maxbytes": 0,
            "showreports": 0,
            "visible": int(course.visible),
            **({} if site else {"hiddensections": 1}),
            "groupmode": course.groupmode,
            "groupmodeforce": 0,
            "defaultgroupingid": 0,
            "timecreated": course.timecreated,
            "timemodified": course.timemodified,
            "enablecompletion": int(course.enablecompletion),
            "completionnotify": 0,
            "lang": "",
            "forcetheme": "",
            "courseformatoptions": [{"name": "numsections", "value": 1}]
            if site
            else [{"name": "hiddensections", "value": 1}, {"name": "coursedisplay", "value": 0}],
        }
    return row | {
        "showactivitydates": False,
        "showcompletionconditions": None if site else True,
    }


def _described(call: Call, course: Course) -> dict[str, Any]:
    may_update = call.may(UPDATE, course.id)
    site = course.id == SITE_COURSE
    names = {one.id: one.name for one in call.world.categories}
    image = f"{call.site.base_url}/pluginfile.php/{course.contextid}/course/generated/course.svg"
    row: dict[str, Any] = {
        "id": course.id,
        "fullname": call.text(course.fullname),
        "displayname": call.text(course.fullname),
        "shortname": call.text(course.shortname),
        "courseimage": image,
        "categoryid": course.category,
        "categoryname": call.text(names.get(course.category, "")),
        "sortorder": course.sortorder,
        "summary": course.summary,
        "summaryformat": 1,
        "summaryfiles": [],
        "overviewfiles": [],
        "showactivitydates": False,
        "showcompletionconditions": None if site else True,
        "contacts": [
            {"id": person.id, "fullname": person.fullname}
            for person in call.world.teachers(course.id)
        ],
        "enrollmentmethods": [] if site else ["manual"],
    }
    if may_update:
        row["idnumber"] = course.idnumber
    row |= {
        "format": course.format,
        "showgrades": int(course.showgrades),
        "newsitems": course.newsitems,
        "startdate": course.startdate,
        "enddate": course.enddate,
        "maxbytes": 0,
        "showreports": 0,
        "visible": int(course.visible),
        "groupmode": course.groupmode,
        "groupmodeforce": 0,
        "defaultgroupingid": 0,
        "enablecompletion": int(course.enablecompletion),
        "completionnotify": 0,
        "lang": "",
        "theme": "",
        "marker": 0,
    }
    if may_update:
        row |= {
            "legacyfiles": 0,
            "calendartype": "",
            "timecreated": course.timecreated,
            "timemodified": course.timemodified,
            "requested": 0,
            "cacherev": THEME_REVISION,
        }
    row["filters"] = [{"filter": name, "localstate": 0, "inheritedstate": 1} for name in _FILTERS]
    if not site:
        row["courseformatoptions"] = [
            {"name": "hiddensections", "value": 1},
            {"name": "coursedisplay", "value": 0},
            {"name": "indentation", "value": "1"},
        ]
    return row

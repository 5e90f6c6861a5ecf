"""Competencies of a course, and how one person is rated on one of them there."""

from __future__ import annotations

import json
from typing import Any

from lti_tool.demo.moodle.competencies import LEVELS, PROFICIENT, Competency, Rated
from lti_tool.demo.moodle.courses import Course
from lti_tool.demo.moodle.people import Person
from lti_tool.demo.moodle.webservice.errors import missing_record, no_permission
from lti_tool.demo.moodle.webservice.functions import Call, function
from lti_tool.demo.moodle.webservice.parameters import Int
from lti_tool.demo.moodle.webservice.pictures import picture_url

SCALE = json.dumps([{"scaleid": "4"}, {"id": 3, "scaledefault": 0, "proficient": 1}])
READERS = ("moodle/competency:planview", "moodle/competency:usercompetencyview")
"""Either lets an account read other people's ratings."""


@function("core_competency_list_course_competencies", id=Int())
def list_course_competencies(call: Call, id: int) -> list[dict[str, Any]]:  # noqa: A002  # Moodle's
    """List the competencies linked to a course."""
    call.enter(id, of_people=True)
    book = call.world.competencies
    return [
        {
            "competency": _described(call, book.competencies[number]),
            "coursecompetency": {
                "courseid": id,
                "competencyid": number,
                "sortorder": rank,
                "ruleoutcome": 1,
                **_stamps(number, 0, 0),
            },
        }
        for rank, number in enumerate(book.of_course.get(id, ()))
    ]


@function(
    "tool_lp_data_for_user_competency_summary_in_course",
    "2024100701",
    userid=Int(),
    competencyid=Int(),
    courseid=Int(),
)
def user_competency_summary(
    call: Call, userid: int, competencyid: int, courseid: int
) -> dict[str, Any]:
    """Tell the rating of one person on one competency in a course, and what it rests on."""
    course = call.enter(courseid, of_people=True)
    person = call.world.people.get(userid)
    if person is None:
        raise missing_record("user")
    if userid != call.caller.id and not any(call.may(one, courseid) for one in READERS):
        raise no_permission("View a user competency")
    book = call.world.competencies
    if competencyid not in book.of_course.get(courseid, ()):
        raise missing_record("competency_coursecomp")
    rated = book.ratings.get((courseid, userid, competencyid))
    competency = book.competencies[competencyid]
    base = f"{call.site.base_url}/admin/tool/lp"
    return {
        "usercompetencysummary": {
            "showrelatedcompetencies": True,
            "cangrade": False,
            "competency": _summary(call, competency, base),
            "user": _person(call, person),
            "usercompetencycourse": {
                "userid": userid,
                "courseid": courseid,
                "competencyid": competencyid,
                "proficiency": None if rated is None else rated.grade >= PROFICIENT,
                "grade": None if rated is None else rated.grade,
                **_stamps(competencyid, *_when(call, rated)),
                "gradename": "-" if rated is None else LEVELS[rated.grade - 1],
                "proficiencyname": "Yes" if rated and rated.grade >= PROFICIENT else "No",
            },
            "evidence": [] if rated is None else [_evidence(call, course, rated)],
        },
        "course": _course(call, course),
        "coursemodules": [],
        "plans": [],
        "pluginbaseurl": base,
    }


def _when(call: Call, rated: Rated | None) -> tuple[int, int]:
    """Return when the record was written and by whom: to read makes one where there was none."""
    if rated is None:
        return call.site.now, call.caller.id
    return rated.at, rated.by


def _stamps(number: int, at: int, by: int) -> dict[str, int]:
    return {"id": number, "timecreated": at, "timemodified": at, "usermodified": by}


def _described(call: Call, competency: Competency) -> dict[str, Any]:
    return {
        "shortname": call.text(competency.name),
        "idnumber": competency.idnumber,
        "description": "",
        "descriptionformat": 1,
        "sortorder": competency.id - 1,
        "parentid": 0,
        "path": "/0/",
        "ruleoutcome": 0,
        "ruletype": None,
        "ruleconfig": None,
        "scaleid": None,
        "scaleconfiguration": None,
        "competencyframeworkid": 1,
        **_stamps(competency.id, 0, 0),
    }


def _summary(call: Call, competency: Competency, base: str) -> dict[str, Any]:
    framework = call.world.competencies.framework
    path = {"id": 1, "name": framework, "first": False, "last": False, "position": -1}
    return {
        "linkedcourses": [],
        "relatedcompetencies": [],
        "competency": _described(call, competency),
        "framework": {
            "shortname": framework,
            "idnumber": framework,
            "description": "",
            "descriptionformat": 1,
            "visible": True,
            "scaleid": 4,
            "scaleconfiguration": SCALE,
            "contextid": 1,
            "taxonomies": "domain,competency",
            **_stamps(1, 0, 0),
            "canmanage": False,
            "competenciescount": len(call.world.competencies.competencies),
            "contextname": "System",
            "contextnamenoprefix": "System",
        },
        "hascourses": False,
        "hasrelatedcompetencies": False,
        "scaleid": 4,
        "scaleconfiguration": SCALE,
        "taxonomyterm": "Domain",
        "comppath": {
            "ancestors": [],
            "framework": path,
            "pluginbaseurl": base,
            "pagecontextid": 1,
            "showlinks": True,
        },
        "pluginbaseurl": base,
    }


def _person(call: Call, person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "email": person.email,
        "idnumber": person.idnumber,
        "phone1": "",
        "phone2": "",
        "department": "",
        "institution": "",
        "fullname": person.fullname,
        "identity": ", ".join(one for one in (person.email, person.idnumber) if one),
        "profileurl": f"{call.site.base_url}/user/profile.php?id={person.id}",
        "profileimageurl": picture_url(call.site, "f1"),
        "profileimageurlsmall": picture_url(call.site, "f2"),
    }


def _evidence(call: Call, course: Course, rated: Rated) -> dict[str, Any]:
    return {
        "usercompetencyid": 1,
        "contextid": course.contextid,
        "action": 3,
        "actionuserid": rated.by,
        "descidentifier": "evidence_manualoverrideincourse",
        "desccomponent": "core_competency",
        "desca": json.dumps(f"Course: {course.fullname}"),
        "url": None,
        "grade": rated.grade,
        "note": None,
        **_stamps(1, rated.at, rated.by),
        "actionuser": _person(call, call.world.people[rated.by]),
        "description": f"The competency rating was manually set in the course 'Course: "
        f"{call.text(course.fullname)}'.",
        "gradename": LEVELS[rated.grade - 1],
        "userdate": "",
        "candelete": False,
    }


def _course(call: Call, course: Course) -> dict[str, Any]:
    return {
        "id": course.id,
        "fullname": call.text(course.fullname),
        "shortname": call.text(course.shortname),
        "idnumber": course.idnumber,
        "summary": course.summary,
        "summaryformat": 1,
        "startdate": course.startdate,
        "enddate": course.enddate,
        "visible": course.visible,
        "showactivitydates": False,
        "showcompletionconditions": True,
        "pdfexportfont": "",
        "fullnamedisplay": call.text(course.fullname),
        "viewurl": f"{call.site.base_url}/course/view.php?id={course.id}",
        "courseimage": "",
        "progress": 0,
        "hasprogress": False,
        "isfavourite": False,
        "hidden": False,
        "showshortname": False,
        "coursecategory": call.text(
            next((one.name for one in call.world.categories if one.id == course.category), "")
        ),
    }

"""Completion of a course and of its activities.

A course without criteria and a person without active enrolment are exceptions for the course; the
activities answer for anyone.
"""

from __future__ import annotations

import html
import re
from typing import Any

from lti_tool.demo.moodle.completion import Criterion
from lti_tool.demo.moodle.courses import Activity
from lti_tool.demo.moodle.gradebook.totals import rounded
from lti_tool.demo.moodle.people import VIEW_HIDDEN_ACTIVITIES
from lti_tool.demo.moodle.webservice.errors import (
    WebServiceError,
    missing_record,
    moodle_error,
    no_permission,
)
from lti_tool.demo.moodle.webservice.functions import Call, function
from lti_tool.demo.moodle.webservice.parameters import Int

_TYPES = {
    "self": (1, "Self completion"),
    "activity": (4, "Activity completion"),
    "grade": (6, "Course grade"),
}
_RULES = {
    "submit": ("completionsubmit", "Make a submission"),
    "grade": ("completionusegrade", "Receive a grade"),
}


@function("core_completion_get_course_completion_status", courseid=Int(), userid=Int())
def get_course_completion_status(call: Call, courseid: int, userid: int) -> dict[str, Any]:
    """Return the criteria of a course and which of them someone met."""
    call.enter(courseid)
    _known_person(call, userid)
    if userid != call.caller.id and not call.may("report/completion:view", courseid):
        raise moodle_error("cannotviewreport", "You can't view this report")
    book = call.world.completion
    criteria = book.criteria.get(courseid)
    if not criteria:
        raise moodle_error("nocriteriaset", "No completion criteria set for this course")
    enrolment = call.world.enrolment(courseid, userid)
    tracked = enrolment and enrolment.role.gradable and enrolment.is_active(call.site.now)
    if not tracked:
        raise moodle_error("usernotenroled", "User is not enrolled in this course")
    completions = [
        _completion(call, courseid, userid, rank, criterion)
        for rank, criterion in enumerate(criteria)
    ]
    return {
        "completionstatus": {
            "completed": (courseid, userid) in book.courses,
            "aggregation": 1,
            "completions": completions,
        },
        "warnings": [],
    }


@function("core_completion_get_activities_completion_status", courseid=Int(), userid=Int())
def get_activities_completion_status(call: Call, courseid: int, userid: int) -> dict[str, Any]:
    """Return what someone did among the tracked activities of a course."""
    call.enter(courseid)
    _known_person(call, userid)
    if userid != call.caller.id and not call.may("report/progress:view", courseid):
        raise no_permission("View activity completion reports")
    sees_hidden = call.may(VIEW_HIDDEN_ACTIVITIES, courseid)
    statuses = [
        _status(call, activity, userid)
        for activity in call.world.activities_of(courseid)
        if activity.completion and (activity.visible or sees_hidden)
    ]
    return {"statuses": statuses, "warnings": []}


def _known_person(call: Call, userid: int) -> None:
    person = call.world.people.get(userid)
    if person is None:
        raise WebServiceError("dml_missing_record_exception", "invaliduser", "Invalid user")
    if person.deleted:
        raise moodle_error("userdeleted", "error/userdeleted")


def _completion(
    call: Call, course: int, person: int, rank: int, criterion: Criterion
) -> dict[str, Any]:
    number, title = _TYPES[criterion.kind]
    met_at = call.world.completion.met_at(course, rank, person)
    details, status = _details(call, course, person, criterion)
    if not status:
        status = "Yes" if met_at is not None else "No"
    return {
        "type": number,
        "title": title,
        "status": status,
        "complete": met_at is not None,
        "timecompleted": met_at,
        "details": {"type": title, **details},
    }


def _details(
    call: Call, course: int, person: int, criterion: Criterion
) -> tuple[dict[str, str], str]:
    if criterion.kind == "self":
        words = {"criteria": "Self completion", "requirement": "Marking yourself complete"}
        return {**words, "status": ""}, ""
    if criterion.kind == "grade":
        total = call.world.course_total(course, person)
        reached = "-" if total is None else f"{rounded(total, 2)}"
        required = f"{rounded(criterion.required, 2)}"
        words = {"criteria": "Required course grade", "requirement": required}
        return {**words, "status": reached}, f"{reached} ({required} required)"
    activity = call.world.activity(criterion.cmid)
    if activity is None:
        raise missing_record("course_modules")
    link = f"{call.site.base_url}/mod/{activity.modname}/view.php?id={activity.cmid}"
    name = html.escape(re.sub(r"<[^<>\s][^<>]*>", "", activity.name), quote=False)
    requirement = "Achieving grade" if activity.completion == "grade" else ""
    words = {"criteria": f'<a href="{link}">{name}</a>', "requirement": requirement}
    return {**words, "status": ""}, ""


def _status(call: Call, activity: Activity, person: int) -> dict[str, Any]:
    done_at = call.world.completion.activities.get((activity.cmid, person))
    done = done_at is not None
    enrolment = call.world.enrolment(activity.course, person)
    tracked = bool(enrolment and enrolment.role.gradable and enrolment.is_active(call.site.now))
    automatic = activity.completion != "manual"
    details = []
    if automatic:
        name, words = _RULES[activity.completion or "grade"]
        value = {"status": int(done), "description": words}
        details = [{"rulename": name, "rulevalue": value}]
    return {
        "cmid": activity.cmid,
        "modname": activity.modname,
        "instance": activity.instance,
        "state": int(done),
        "timecompleted": done_at or 0,
        "tracking": 2 if automatic else 1,
        "overrideby": None,
        "valueused": False,
        "hascompletion": True,
        "isautomatic": automatic,
        "istrackeduser": tracked,
        "uservisible": True,
        "details": details,
        "isoverallcomplete": done,
    }

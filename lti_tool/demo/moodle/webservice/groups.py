"""Groups of a course and their members. Reading them needs ``moodle/course:managegroups``."""

from __future__ import annotations

from typing import Any

from lti_tool.demo.moodle.webservice.errors import missing_record, no_permission
from lti_tool.demo.moodle.webservice.functions import Call, function
from lti_tool.demo.moodle.webservice.parameters import Int, Many

MANAGE_GROUPS = "moodle/course:managegroups"


@function("core_group_get_course_groups", courseid=Int())
def get_course_groups(call: Call, courseid: int) -> list[dict[str, Any]]:
    """List the groups of a course, by name."""
    call.enter(courseid, of_people=True)
    _require_management(call, courseid)
    return [
        {
            "id": group.id,
            "courseid": courseid,
            "name": call.text(group.name),
            "description": "",
            "descriptionformat": 0,
            "enrolmentkey": None,
            "idnumber": group.idnumber,
            "visibility": 0,
            "participation": True,
        }
        for group in call.world.groups_of(courseid)
    ]


@function("core_group_get_group_members", groupids=Many(Int()))
def get_group_members(call: Call, groupids: list[int]) -> list[dict[str, Any]]:
    """List the members of groups; one unknown number makes the whole call fail."""
    known = {group.id: group for group in call.world.groups}
    answer = []
    for number in groupids:
        if number not in known:
            raise missing_record("groups")
        group = known[number]
        call.enter(group.course, of_people=True)
        _require_management(call, group.course)
        answer.append({"groupid": number, "userids": list(group.members)})
    return answer


def visible_groups(call: Call, course: int, person: int) -> list[dict[str, Any]]:
    """Return someone's groups as they stand in the record of a participant."""
    return [
        {
            "id": group.id,
            "name": call.text(group.name),
            "description": "",
            "descriptionformat": 0,
        }
        for group in call.world.groups_of(course, person)
    ]


def _require_management(call: Call, course: int) -> None:
    if not call.may(MANAGE_GROUPS, course):
        raise no_permission("Manage groups")

"""``gradereport_user_get_grade_items``: the gradebook of one learner, or of all active ones.

Without ``userid`` suspended enrolments are left out; with one, anybody gets an answer, enrolled or not.
Items of activity types that the caller may not view disappear without a warning.
"""

from __future__ import annotations

from typing import Any

from lti_tool.demo.moodle.courses import Course
from lti_tool.demo.moodle.gradebook.items import GradeItem
from lti_tool.demo.moodle.gradebook.report import Reader, user_report
from lti_tool.demo.moodle.people import (
    GRADE_VIEW_ALL,
    GRADE_VIEW_HIDDEN,
    VIEW_HIDDEN_ACTIVITIES,
    Person,
    sort_key,
)
from lti_tool.demo.moodle.webservice.errors import (
    WebServiceError,
    moodle_error,
    no_permission,
)
from lti_tool.demo.moodle.webservice.functions import PLUGIN_VERSION, Call, function
from lti_tool.demo.moodle.webservice.parameters import Int

_DISPLAY_KEYS = ("percentageformatted", "weightraw", "weightformatted", "status")


@function(
    "gradereport_user_get_grade_items",
    PLUGIN_VERSION,
    courseid=Int(),
    userid=Int(default=0),
    groupid=Int(default=0),
)
def get_grade_items(call: Call, courseid: int, userid: int, groupid: int) -> dict[str, Any]:
    """Return the grade items of a course for one person or for all its active learners."""
    course = call.enter(courseid)
    _check_rights(call, course, userid)
    people = [_person(call, userid)] if userid else _active_learners(call, course, groupid)
    return {"usergrades": [_usergrades(call, course, one) for one in people], "warnings": []}


def _check_rights(call: Call, course: Course, userid: int) -> None:
    own = userid == call.caller.id
    if not call.may("gradereport/user:view", course.id):
        raise no_permission("View your own grade report")
    if call.may(GRADE_VIEW_ALL, course.id) or (own and course.showgrades):
        return
    if userid:
        raise moodle_error("nopermissiontoviewgrades", "Cannot view grades.")
    raise no_permission("View grades of other users")


def _person(call: Call, userid: int) -> Person:
    person = call.world.people.get(userid)
    if person is None:
        raise WebServiceError("dml_missing_record_exception", "invaliduser", "Invalid user")
    if person.deleted:
        raise moodle_error("userdeleted", "error/userdeleted")
    return person


def _active_learners(call: Call, course: Course, group: int) -> list[Person]:
    if course.groupmode == 1 and not call.may("moodle/site:accessallgroups", course.id):
        raise moodle_error("notingroup", "Sorry, but you need to be part of a group to see this.")
    members = {
        number
        for one in call.world.groups_of(course.id)
        if one.id == group
        for number in one.members
    }
    people = [
        call.world.people[enrolment.person]
        for enrolment in call.world.enrolments_in(course.id)
        if enrolment.role.gradable and enrolment.is_active(call.site.now)
    ]
    return sorted((one for one in people if not group or one.id in members), key=sort_key)


def _usergrades(call: Call, course: Course, person: Person) -> dict[str, Any]:
    book = call.world.gradebook(course.id)
    rows = user_report(book, person.id, _reader(call, course))
    if not call.site.switches.percentages_shown:
        rows = [{key: row[key] for key in row if key not in _DISPLAY_KEYS} for row in rows]
    return {
        "courseid": course.id,
        "courseidnumber": course.idnumber,
        "userid": person.id,
        "userfullname": person.fullname,
        "useridnumber": person.idnumber,
        "maxdepth": book.depth(),
        "gradeitems": rows,
    }


def _reader(call: Call, course: Course) -> Reader:
    def visible(item: GradeItem) -> bool:
        if item.module and not call.may(f"mod/{item.module}:view", course.id):
            return False
        activity = call.world.activity(item.cmid) if item.cmid else None
        hidden = activity is not None and not activity.visible
        return not hidden or call.may(VIEW_HIDDEN_ACTIVITIES, course.id)

    return Reader(
        hidden_grades=call.may(GRADE_VIEW_HIDDEN, course.id),
        all_grades=call.may(GRADE_VIEW_ALL, course.id),
        moment=call.site.now,
        item_is_visible=visible,
    )

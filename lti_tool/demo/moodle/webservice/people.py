"""People: those enrolled in a course, and accounts by one field.

A missing idnumber, city or country is an absent key. Nothing tells a suspended enrolment from an
active one: the options ``onlyactive`` and ``onlysuspended`` do.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from lti_tool.demo.moodle.courses import Course, Enrolment
from lti_tool.demo.moodle.people import VIEW_HIDDEN_COURSES, Person
from lti_tool.demo.moodle.webservice.errors import WebServiceError, no_permission
from lti_tool.demo.moodle.webservice.functions import Call, function
from lti_tool.demo.moodle.webservice.groups import visible_groups
from lti_tool.demo.moodle.webservice.parameters import Int, Many, Struct, Text
from lti_tool.demo.moodle.webservice.pictures import picture_url

VIEW_DETAILS = "moodle/user:viewdetails"
VIEW_ALL_DETAILS = "moodle/user:viewalldetails"
VIEW_IDENTITY = "moodle/site:viewuseridentity"
ALL_GROUPS = "moodle/site:accessallgroups"

_SEARCH_FIELDS = ("id", "idnumber", "username", "email")
_SORTS = {"id": "id", "firstname": "firstname", "lastname": "lastname"}


@function(
    "core_enrol_get_enrolled_users",
    courseid=Int(),
    options=Many(Struct({"name": Text(), "value": Text()}), default=[]),
)
def get_enrolled_users(
    call: Call, courseid: int, options: list[dict[str, str]]
) -> list[dict[str, Any]]:
    """List the people of a course, suspended enrolments included unless asked otherwise."""
    course = call.enter(courseid, of_people=True)
    wanted = {one["name"]: one["value"] for one in options}
    review = call.may("moodle/course:enrolreview", courseid)
    if not (review or call.may("moodle/course:viewparticipants", courseid)):
        raise no_permission("View participants")
    if not review and {"onlyactive", "onlysuspended"} & set(wanted):
        raise no_permission("Review course enrolments")
    people = [
        call.world.people[enrolment.person]
        for enrolment in call.world.enrolments_in(courseid)
        if _asked(call, enrolment, wanted)
    ]
    if course.groupmode == 1 and not call.may(ALL_GROUPS, courseid):
        people = []
    people = [person for person in people if not person.deleted and _shown(call, person, course)]
    fields = set(wanted["userfields"].split(",")) if wanted.get("userfields") else None
    return [
        _participant(call, person, course, fields)
        for person in _page(_sorted(people, wanted), wanted)
    ]


@function("core_user_get_users_by_field", field=Text(), values=Many(Text()))
def get_users_by_field(call: Call, field: str, values: list[str]) -> list[dict[str, Any]]:
    """Find accounts; those that the caller may not see are left out without a word."""
    if field not in _SEARCH_FIELDS:
        raise WebServiceError(
            "core\\exception\\coding_exception",
            "codingerror",
            "Coding error detected, it must be fixed by a programmer: invalid field parameter",
        )
    sought = {_folded(value) for value in values}
    found = [
        person
        for person in sorted(call.world.people.values(), key=lambda one: one.id)
        if _folded(str(getattr(person, field))) in sought and (field == "id" or not person.deleted)
    ]
    return [
        _account(call, person)
        for person in found
        if call.may(VIEW_DETAILS) or person.id == call.caller.id
    ]


def _folded(value: str) -> str:
    return unicodedata.normalize("NFC", value).casefold()


def _asked(call: Call, enrolment: Enrolment, wanted: dict[str, str]) -> bool:
    active = enrolment.is_active(call.site.now)
    if wanted.get("onlyactive") == "1" and not active:
        return False
    if wanted.get("onlysuspended") == "1" and active:
        return False
    group = int(wanted.get("groupid") or 0)
    return not group or any(
        one.id == group for one in call.world.groups_of(enrolment.course, enrolment.person)
    )


def _shown(call: Call, person: Person, course: Course) -> bool:
    contacts = {one.id for one in call.world.teachers(course.id)}
    known = person.id in contacts or person.id == call.caller.id
    return known or call.may(VIEW_DETAILS, course.id)


def _sorted(people: list[Person], wanted: dict[str, str]) -> list[Person]:
    field = _SORTS.get(wanted.get("sortby", "id"), "id")
    backwards = wanted.get("sortdirection", "ASC").upper() == "DESC"
    return sorted(people, key=lambda one: getattr(one, field), reverse=backwards)


def _page(people: list[Person], wanted: dict[str, str]) -> list[Person]:
    start = int(wanted.get("limitfrom") or 0)
    count = int(wanted.get("limitnumber") or 0)
    return people[start : start + count] if count else people[start:]


def _identity(call: Call, person: Person, course: int | None) -> dict[str, Any]:
    details = call.may(VIEW_ALL_DETAILS, course) or person.id == call.caller.id
    identity = call.may(VIEW_IDENTITY, course)
    row: dict[str, Any] = {"id": person.id}
    if details:
        row["username"] = person.username
    row |= {
        "firstname": person.firstname,
        "lastname": person.lastname,
        "fullname": person.fullname,
    }
    if details or identity:
        row["email"] = person.email
    if details:
        row["department"] = ""
    if person.idnumber and (details or identity):
        row["idnumber"] = person.idnumber
    return row | {"firstaccess": person.firstaccess, "lastaccess": person.lastaccess}


def _place(person: Person) -> dict[str, str]:
    place = {"city": person.city, "country": person.country}
    return {name: value for name, value in place.items() if value}


def _pictures(call: Call) -> dict[str, str]:
    return {
        "profileimageurlsmall": picture_url(call.site, "f2"),
        "profileimageurl": picture_url(call.site, "f1"),
    }


def _account(call: Call, person: Person) -> dict[str, Any]:
    row = _identity(call, person, None)
    if call.may(VIEW_ALL_DETAILS) or person.id == call.caller.id:
        row |= {
            "auth": "manual",
            "suspended": person.suspended,
            "confirmed": True,
            "lang": person.lang,
            "theme": "",
            "timezone": "99",
            "mailformat": 1,
            "trackforums": 0,
        }
    return row | _place(person) | _pictures(call)


def _participant(
    call: Call, person: Person, course: Course, fields: set[str] | None
) -> dict[str, Any]:
    row = _identity(call, person, course.id)
    row["lastcourseaccess"] = call.world.last_course_access.get((course.id, person.id), 0)
    row |= _place(person) | _pictures(call)
    groups = visible_groups(call, course.id, person.id)
    if groups:
        row["groups"] = groups
    enrolment = call.world.enrolment(course.id, person.id)
    if enrolment:
        role = enrolment.role
        row["roles"] = [
            {"roleid": role.id, "name": role.name, "shortname": role.shortname, "sortorder": 0}
        ]
    row["enrolledcourses"] = [
        {"id": one.id, "fullname": call.text(one.fullname), "shortname": call.text(one.shortname)}
        for one in call.world.courses_of(person.id, call.site.now)
        # Moodle looks at what the person may see, not at what the caller may.
        if one.visible
        or VIEW_HIDDEN_COURSES in call.world.capabilities(person, one.id, call.site.now)
    ]
    if fields is None:
        return row
    return {name: value for name, value in row.items() if name in fields}

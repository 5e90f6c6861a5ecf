"""People, enrolments, groups and cohorts of the recorded site, read from the recordings."""

from __future__ import annotations

import html
from typing import Any

from lti_tool.demo.moodle.courses import Cohort, Enrolment, Group
from lti_tool.demo.moodle.people import (
    EDITING_TEACHER,
    NON_EDITING_PARTNER_LEAD,
    SERVICE_CAPABILITIES,
    STUDENT,
    Person,
    Role,
)
from lti_tool.demo.moodle.world import World
from tests.contract.demo.recordings import body_of, names, recording

ROLES: dict[str, Role] = {
    "student": STUDENT,
    "editingteacher": EDITING_TEACHER,
    "partnerlead": NON_EDITING_PARTNER_LEAD,
}
FAR = 4_000_000_000


def add_people(world: World) -> None:
    """Add every account that some recording shows."""
    for record in _full_records():
        world.people[record["id"]] = Person(
            record["id"],
            record["username"],
            record["firstname"],
            record["lastname"],
            record.get("idnumber", ""),
            record.get("city", ""),
            record.get("country", ""),
            record["email"],
            suspended=record.get("suspended", False),
            firstaccess=record["firstaccess"],
            lastaccess=record["lastaccess"],
        )
    for member in recording("lti", "nrps")["exchanges"][0]["response"]["body"]["members"]:
        number = int(member["user_id"])
        if number not in world.people:
            world.people[number] = Person(
                number,
                member["ext_user_username"],
                html.unescape(member["given_name"]),
                html.unescape(member["family_name"]),
                member["lis_person_sourcedid"],
                email=member["email"],
            )
    for record in body_of("core_enrol_get_enrolled_users-userfields"):
        first, _space, last = record["fullname"].partition(" ")
        login = record["email"].partition("@")[0]
        unknown = Person(record["id"], login, first, last, record.get("idnumber", ""))
        world.people.setdefault(record["id"], unknown)
    world.people[2].admin = True
    world.people[68].deleted = True
    world.people[2069] = Person(
        2069, "ws_rmp", "Service", "RMP-ADL", capabilities=set(SERVICE_CAPABILITIES)
    )
    world.people[2070] = Person(
        2070, "ws_faible", "Service", "Sans-Droits", capabilities={"webservice/rest:use"}
    )
    world.people[2071] = Person(2071, "ws_sansrest", "Service", "Sans-Rest")
    for person in world.people.values():
        person.lang = "en"
        if person.username.startswith("apprenant"):  # that site let learners use REST
            person.capabilities.add("webservice/rest:use")


def _full_records() -> list[dict[str, Any]]:
    merged: dict[int, dict[str, Any]] = {}
    wanted = [*names("ws", "core_user_get_users"), *names("ws", "core_enrol_get_enrolled_users")]
    for name in wanted:
        body = body_of(name)
        users = body.get("users", []) if isinstance(body, dict) else body
        for record in users:
            if "username" in record:
                merged.setdefault(record["id"], {}).update(record)
    return list(merged.values())


def add_enrolments(world: World) -> None:
    """Enrol people as the participants' lists of courses 2, 6, 14 and 17 and their records show."""
    found: dict[tuple[int, int], Enrolment] = {}
    for name, course in (
        ("core_enrol_get_enrolled_users-rmp-adl-04", 6),
        ("core_enrol_get_enrolled_users-userfields", 2),
        ("core_enrol_get_enrolled_users-empty-course", 17),
    ):
        for record in body_of(name):
            role = ROLES[record["roles"][0]["shortname"]]
            found[course, record["id"]] = Enrolment(course, record["id"], role)
            if "lastcourseaccess" in record:
                world.last_course_access[course, record["id"]] = record["lastcourseaccess"]
    for record in _full_records():
        for course in record.get("enrolledcourses", []):
            role = _role_of(record["username"])
            enrolment = Enrolment(course["id"], record["id"], role)
            found.setdefault((course["id"], record["id"]), enrolment)
    for record in body_of("core_enrol_get_enrolled_users-page-1"):
        world.last_course_access[2, record["id"]] = record["lastcourseaccess"]
    for record in body_of("core_enrol_get_enrolled_users-group"):
        role = _role_of(world.people[record["id"]].username)
        found.setdefault((14, record["id"]), Enrolment(14, record["id"], role))
    for report in body_of("gradereport_user_get_grade_items-rmp-adl-06-scale")["usergrades"]:
        found.setdefault((8, report["userid"]), Enrolment(8, report["userid"], STUDENT))
    for person in (28, 8, 31):  # two of them are recorded, the third stands for the others
        found.setdefault((12, person), Enrolment(12, person, STUDENT))
    for course, person in ((5, 44), (11, 6), (16, 5)):
        found.setdefault((course, person), Enrolment(course, person, STUDENT))
    found[6, 7].suspended = True
    found[2, 10].suspended = found[2, 11].suspended = True
    found[2, 12].timeend = 1_700_000_000
    found[2, 14].timestart = FAR
    world.enrolments = list(found.values())


def _role_of(username: str) -> Role:
    if username.startswith("formateur"):
        return EDITING_TEACHER
    return NON_EDITING_PARTNER_LEAD if username.startswith("referent") else STUDENT


def add_groups(world: World) -> None:
    """Add groups and cohorts with their members."""
    groups: dict[int, Group] = {}
    for record in body_of("core_group_get_course_groups"):
        groups[record["id"]] = Group(
            record["id"], record["courseid"], html.unescape(record["name"]), record["idnumber"]
        )
    for name, course in (
        ("core_enrol_get_enrolled_users-rmp-adl-04", 6),
        ("core_enrol_get_enrolled_users-userfields", 2),
    ):
        for record in body_of(name):
            for one in record.get("groups", []):
                rank = (one["id"] - 1) % 4 + 1
                idnumber = f"RMP-ADL-{course - 1 if course == 2 else 4:02}-G{rank}"
                group = groups.setdefault(
                    one["id"],
                    Group(
                        one["id"],
                        course,
                        html.unescape(one["name"]),
                        idnumber if rank < 4 else "",
                    ),
                )
                group.members.append(record["id"])
    for record in body_of("core_group_get_group_members"):
        groups[record["groupid"]].members = list(record["userids"])
    world.groups = list(groups.values())
    members = {one["cohortid"]: one["userids"] for one in body_of("core_cohort_get_cohort_members")}
    world.cohorts = [
        Cohort(
            record["id"],
            record["name"],
            record["idnumber"],
            record["description"],
            record["descriptionformat"],
            record["visible"],
            1 if record["id"] != 4 else 30,
            members[record["id"]],
        )
        for record in body_of("core_cohort_get_cohorts")
    ]

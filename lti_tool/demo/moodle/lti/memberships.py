"""NRPS: the members of a course. Only active enrolments; short roles; names escaped as HTML.

Source: ``nrps*.json``; LTI NRPS 2.0.
"""

from __future__ import annotations

import html
from typing import Any

from flask import Response, request

from lti_tool.demo.moodle.courses import Activity
from lti_tool.demo.moodle.lti.addresses import memberships_url
from lti_tool.demo.moodle.lti.claims import CLAIM, NRPS_SCOPE, ROLE, basic_outcome
from lti_tool.demo.moodle.lti.service import Asked, ServiceError, answer, page_bounds
from lti_tool.demo.moodle.people import MANAGE_ACTIVITIES, Person, sort_key
from lti_tool.demo.moodle.site import DemoMoodle

CONTAINER = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
OLDER_CONTAINER = "application/vnd.ims.lis.v2.membershipcontainer+json"
SCOPES = (NRPS_SCOPE,)


def list_members(site: DemoMoodle, asked: Asked) -> Response:
    """List the members of a course, or of one resource link."""
    link = _resource_link(site)
    role = request.args.get("role", "").removeprefix(f"{ROLE}/membership#")
    people = [
        site.world.people[enrolment.person]
        for enrolment in site.world.enrolments_in(asked.course)
        if enrolment.is_active(site.now)
    ]
    members = [
        person
        for person in sorted(people, key=sort_key)
        if not role or _role(site, person, asked.course) == role
    ]
    start, end = page_bounds(len(members))
    shown = members[start:end]
    following = _next_page(site, asked.course, end) if end < len(members) else ""
    if asked.accept == OLDER_CONTAINER:
        return answer(_older(site, asked.course, shown, following), OLDER_CONTAINER)
    course = site.world.courses[asked.course]
    response = answer(
        {
            "id": memberships_url(site, course.id),
            "context": {
                "id": str(course.id),
                "label": course.shortname,
                "title": course.fullname,
            },
            "members": [_member(site, course.id, person, link) for person in shown],
        },
        CONTAINER,
    )
    if following:
        response.headers["Link"] = f'<{following}>; rel="next"'
    return response


def _resource_link(site: DemoMoodle) -> Activity | None:
    number = request.args.get("rlid")
    if not number:
        return None
    activity = site.world.tool_activity(int(number)) if number.isdigit() else None
    if activity is None:
        raise ServiceError(404, f"Not Found: LTI link {number} doesn't exist")
    return activity


def _role(site: DemoMoodle, person: Person, course: int) -> str:
    teaches = MANAGE_ACTIVITIES in site.capabilities(person, course)
    return "Instructor" if teaches else "Learner"


def _next_page(site: DemoMoodle, course: int, start: int) -> str:
    query = f"limit={request.args.get('limit')}&from={start}"
    if request.args.get("rlid"):
        query += f"&rlid={request.args['rlid']}"
    return f"{memberships_url(site, course)}?{query}"


def _member(site: DemoMoodle, course: int, person: Person, link: Activity | None) -> dict[str, Any]:
    member: dict[str, Any] = {"status": "Active", "roles": [_role(site, person, course)]}
    if link:
        outcome = basic_outcome(site, link.instance, person.id)
        member["message"] = [
            {
                f"{CLAIM}/message_type": "LtiResourceLinkRequest",
                "https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome": outcome,
            }
        ]
    return member | {
        "user_id": str(person.id),
        "lis_person_sourcedid": person.idnumber,
        "name": _escaped(person.fullname),
        "given_name": _escaped(person.firstname),
        "family_name": _escaped(person.lastname),
        "email": person.email,
        "ext_user_username": person.username,
    }


def _older(site: DemoMoodle, course: int, people: list[Person], following: str) -> dict[str, Any]:
    """Return the JSON-LD container of NRPS 1."""
    membership = [
        {
            "status": "Active",
            "role": [_role(site, person, course)],
            "member": {
                "@type": "LISPerson",
                "userId": str(person.id),
                "sourcedId": person.idnumber,
                "name": _escaped(person.fullname),
                "givenName": _escaped(person.firstname),
                "familyName": _escaped(person.lastname),
                "email": person.email,
                "ext_user_username": person.username,
            },
        }
        for person in people
    ]
    page: dict[str, Any] = {
        "@context": "http://purl.imsglobal.org/ctx/lis/v2/MembershipContainer",
        "@type": "Page",
        "@id": memberships_url(site, course),
        "pageOf": {
            "@type": "LISMembershipContainer",
            "membershipSubject": {
                "@type": "Context",
                "contextId": str(course),
                "membership": membership,
            },
        },
    }
    return page | {"nextPage": following} if following else page


def _escaped(name: str) -> str:
    return html.escape(name, quote=False)

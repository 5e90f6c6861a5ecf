"""Claims of the id_token, in the order and the shapes that Moodle 4.5 writes them.

Roles are computed from capabilities, never from the names of roles. All identifiers are texts of
numbers: ``sub`` the account, ``context.id`` the course, ``resource_link.id`` the activity's instance.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

from lti_tool.demo.moodle.courses import Activity, Course
from lti_tool.demo.moodle.lti.addresses import lineitem_url, memberships_url, services_url
from lti_tool.demo.moodle.people import LTI_MANAGE, MANAGE_ACTIVITIES, Person
from lti_tool.demo.moodle.sessions import Launch, MoodleSession
from lti_tool.demo.moodle.site import DemoMoodle

CLAIM = "https://purl.imsglobal.org/spec/lti/claim"
AGS = "https://purl.imsglobal.org/spec/lti-ags"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps"
DEEP_LINKING = "https://purl.imsglobal.org/spec/lti-dl/claim"
ROLE = "http://purl.imsglobal.org/vocab/lis/v2"

AGS_SCOPES = tuple(
    f"{AGS}/scope/{name}" for name in ("lineitem", "lineitem.readonly", "result.readonly", "score")
)
NRPS_SCOPE = f"{NRPS}/scope/contextmembership.readonly"
ID_TOKEN_SECONDS = 60
MOODLE_VERSION = "2024100706"


def launch_claims(
    moodle: DemoMoodle, session: MoodleSession, person: Person, launch: Launch, nonce: str
) -> dict[str, Any]:
    """Return the claims that answer a launch."""
    course = moodle.world.courses[launch.course]
    activity = moodle.world.activity(launch.cmid) if launch.cmid else None
    claims: dict[str, Any] = {
        "nonce": nonce,
        "iat": moodle.now,
        "exp": moodle.now + ID_TOKEN_SECONDS,
        "iss": moodle.base_url,
        "aud": moodle.client_id,
        f"{CLAIM}/deployment_id": moodle.deployment_id,
        f"{CLAIM}/target_link_uri": target_link_uri(moodle, activity),
        "sub": str(person.id),
        f"{CLAIM}/lis": {
            "person_sourcedid": person.idnumber,
            "course_section_sourcedid": course.idnumber,
        },
        f"{CLAIM}/roles": roles(moodle, person, launch),
        f"{CLAIM}/context": {
            "id": str(course.id),
            "label": course.shortname,
            "title": course.fullname,
            "type": ["CourseSection"],
        },
    }
    if launch.for_user is not None:
        claims[f"{CLAIM}/for_user"] = {"user_id": str(launch.for_user)}
    claims[f"{CLAIM}/message_type"] = launch.message_type
    if activity:
        claims |= _link(moodle, activity, person)
    claims |= _identity(person)
    claims[f"{CLAIM}/launch_presentation"] = _presentation(
        moodle, session, person, launch, activity
    )
    claims |= _platform(moodle)
    claims[f"{CLAIM}/custom"] = _custom(moodle, person, launch, course, activity)
    claims[f"{AGS}/claim/endpoint"] = _ags_endpoint(moodle, course, activity)
    claims[f"{NRPS}/claim/namesroleservice"] = {
        "context_memberships_url": memberships_url(moodle, course.id),
        "service_versions": ["1.0", "2.0"],
    }
    if launch.message_type == "LtiDeepLinkingRequest":
        claims[f"{DEEP_LINKING}/deep_linking_settings"] = _deep_linking(moodle, session, launch)
    return claims


def target_link_uri(moodle: DemoMoodle, activity: Activity | None) -> str:
    """Return the address launched: the activity's own, or the tool's."""
    return activity.url if activity and activity.url else moodle.tool_launch_url


def roles(moodle: DemoMoodle, person: Person, launch: Launch) -> list[str]:
    """Return full role URIs: Instructor for who manages the tool, site administrators besides."""
    held = moodle.capabilities(person, launch.course)
    deep_linking = launch.message_type == "LtiDeepLinkingRequest"
    teaches = (MANAGE_ACTIVITIES if deep_linking else LTI_MANAGE) in held
    if person.admin:
        return [
            f"{ROLE}/institution/person#Administrator",
            f"{ROLE}/membership#Instructor",
            f"{ROLE}/system/person#Administrator",
        ]
    return [f"{ROLE}/membership#{'Instructor' if teaches else 'Learner'}"]


def basic_outcome(moodle: DemoMoodle, instance: int, person: int) -> dict[str, str]:
    """Return the claim of the older outcome service, which Moodle always adds."""
    data = {
        "instanceid": str(instance),
        "userid": str(person),
        "typeid": moodle.deployment_id,
        "launchid": secrets.randbelow(2_147_483_647),
    }
    seal = hashlib.sha256(json.dumps(data).encode() + moodle.key.kid.encode()).hexdigest()
    sourcedid = json.dumps({"data": data, "hash": seal}, separators=(",", ":"))
    return {
        "lis_result_sourcedid": sourcedid,
        "lis_outcome_service_url": f"{moodle.base_url}/mod/lti/service.php",
    }


def _link(moodle: DemoMoodle, activity: Activity, person: Person) -> dict[str, Any]:
    return {
        f"{CLAIM}/resource_link": {
            "title": activity.name,
            "description": activity.intro,
            "id": str(activity.instance),
        },
        "https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome": basic_outcome(
            moodle, activity.instance, person.id
        ),
    }


def _identity(person: Person) -> dict[str, Any]:
    return {
        "given_name": person.firstname,
        "family_name": person.lastname,
        "name": person.fullname,
        f"{CLAIM}/ext": {"user_username": person.username, "lms": "moodle-2"},
        "email": person.email,
    }


def _presentation(
    moodle: DemoMoodle,
    session: MoodleSession,
    person: Person,
    launch: Launch,
    activity: Activity | None,
) -> dict[str, str]:
    if not activity:
        return {"locale": person.lang}
    back = (
        f"{moodle.base_url}/mod/lti/return.php?course={launch.course}"
        f"&launch_container={launch.container}&instanceid={activity.instance}"
        f"&sesskey={session.sesskey}"
    )
    target = "iframe" if launch.container in (2, 3) else "window"
    return {"locale": person.lang, "document_target": target, "return_url": back}


def _platform(moodle: DemoMoodle) -> dict[str, Any]:
    return {
        f"{CLAIM}/tool_platform": {
            "product_family_code": "moodle",
            "version": MOODLE_VERSION,
            "guid": hashlib.sha256(moodle.base_url.encode()).hexdigest()[:32],
            "name": moodle.world.shortname,
            "description": moodle.world.sitename,
        },
        f"{CLAIM}/version": "1.3.0",
    }


def _custom(
    moodle: DemoMoodle, person: Person, launch: Launch, course: Course, activity: Activity | None
) -> dict[str, str]:
    section = f"{services_url(moodle)}/CourseSection/{course.id}"
    own = {name: _substituted(value) for name, value in activity.custom.items()} if activity else {}
    settings = own | {
        "domaine": "RMP-ADL",
        "user_idnumber": person.idnumber,
        "course_idnumber": course.idnumber,
        "membership_role": _membership_role(moodle, person, launch),
        "login": person.username,
        "context_memberships_url": memberships_url(moodle, course.id),
        "system_setting_url": f"{services_url(moodle)}/tool/{moodle.deployment_id}/custom",
        "context_setting_url": f"{section}/bindings/tool/{moodle.deployment_id}/custom",
    }
    if activity:
        settings["link_setting_url"] = f"{services_url(moodle)}/links/{{link_id}}/custom"
    return settings


def _substituted(value: str) -> str:
    """Fill the variable that our activities use: no course here is the copy of another."""
    return "" if value == "$Context.id.history" else value


def _membership_role(moodle: DemoMoodle, person: Person, launch: Launch) -> str:
    if person.admin:
        return "Instructor,urn:lti:sysrole:ims/lis/Administrator,urn:lti:instrole:ims/lis/Administrator"
    return roles(moodle, person, launch)[0].rpartition("#")[2]


def _ags_endpoint(
    moodle: DemoMoodle, course: Course, activity: Activity | None
) -> dict[str, object]:
    query = f"?type_id={moodle.deployment_id}"
    endpoint: dict[str, object] = {
        "scope": list(AGS_SCOPES),
        "lineitems": f"{services_url(moodle)}/{course.id}/lineitems{query}",
    }
    if activity:
        coupled = [
            item.id
            for item in moodle.world.grade_items
            if item.course == course.id
            and (
                (item.module == "lti" and item.instance == activity.instance)
                or item.resource_link == activity.instance
            )
        ]
        if len(coupled) == 1:
            endpoint["lineitem"] = lineitem_url(moodle, course.id, coupled[0]) + query
    return endpoint


def _deep_linking(moodle: DemoMoodle, session: MoodleSession, launch: Launch) -> dict[str, Any]:
    back = (
        f"{moodle.base_url}/mod/lti/contentitem_return.php?course={launch.course}"
        f"&id={moodle.deployment_id}&sesskey={session.sesskey}"
    )
    return {
        "accept_types": ["ltiResourceLink"],
        "accept_presentation_document_targets": ["frame", "iframe", "window"],
        "accept_copy_advice": False,
        "accept_multiple": True,
        "accept_unsigned": False,
        "auto_create": False,
        "can_confirm": False,
        "deep_link_return_url": back,
        "title": launch.title,
        "text": launch.text,
    }

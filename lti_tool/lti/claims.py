"""What a launch message says, read from verified claims into one typed object.

Owns the LTI claims (LTI 1.3 core §5.3 and §5.4): version, message type, deployment, roles, resource
link, context, target, and the names of the person and the course. Text for people is normalised;
identifiers are kept as they are or refused. Pure: no clock, no database. Rows 22 to 25 of
spec/lti.md §4.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from lti_tool.lti.activities import Activity, Services, read_activity, read_services
from lti_tool.lti.adapter import check_message
from lti_tool.lti.errors import EntryRefused, LoginUnfit, MessageUnfit, Reason
from lti_tool.lti.roles import course_role
from lti_tool.lti.selections import SelectionAsked, read_selection
from lti_tool.lti.targets import is_ours
from lti_tool.lti.texts import plain_text
from lti_tool.lti.vocabulary import CLAIM, ENDPOINT
from lti_tool.people.models import CourseRole

DEEP_LINKING_REQUEST = "LtiDeepLinkingRequest"
MESSAGE_TYPES = ("LtiResourceLinkRequest", "LtiSubmissionReviewRequest", DEEP_LINKING_REQUEST)
"""Those that open a course; the review of one learner's work and the choice of content do too."""
MAX_IDENTIFIER = 255
MAX_COURSE_ID = 2**31 - 1
_COURSE_ID = re.compile(r"[1-9][0-9]{0,9}")


@dataclass(frozen=True, slots=True)
class LaunchMessage:
    """One accepted launch. Texts are empty where the platform shares nothing."""

    subject: str
    deployment_id: str
    role: CourseRole
    course_moodle_id: int
    course_shortname: str
    course_fullname: str
    course_idnumber: str
    full_name: str
    given_name: str
    person_idnumber: str
    services: Services
    activity: Activity | None = None
    """None: content is chosen for an activity that does not exist yet."""
    selection: SelectionAsked | None = None


def deployment_of(claims: Mapping[str, Any]) -> str:
    """Return the deployment that the token names.

    Raises:
        MessageUnfit: it names none.
    """
    return _identifier(claims.get(CLAIM + "deployment_id"), Reason.DEPLOYMENT_UNKNOWN)


def read_message(
    claims: Mapping[str, Any], *, base_url: str, origins: Collection[str] = ()
) -> LaunchMessage:
    """Return what the launch says.

    Args:
        claims: verified by ``validation``.
        base_url: address of the tool, without final slash.
        origins: those of the platform; addresses of services elsewhere are left out.

    Raises:
        LtiRefused: with the reason, when something is missing or of another form.
    """
    _check_kind(claims, base_url)
    choosing = claims[CLAIM + "message_type"] == DEEP_LINKING_REQUEST
    context = _object(claims, "context", Reason.CONTEXT)
    lis = claims.get(CLAIM + "lis")
    lis = lis if isinstance(lis, dict) else {}
    role = _role(claims)
    return LaunchMessage(
        subject=_identifier(claims.get("sub"), Reason.CLAIM_TYPE),
        deployment_id=deployment_of(claims),
        role=role,
        course_moodle_id=_course_id(context),
        course_shortname=plain_text(context.get("label"), 255),
        course_fullname=plain_text(context.get("title"), 1333),
        course_idnumber=plain_text(lis.get("course_section_sourcedid"), 100),
        full_name=_full_name(claims),
        given_name=plain_text(claims.get("given_name"), 150),
        person_idnumber=plain_text(lis.get("person_sourcedid"), 255),
        services=read_services(claims, origins=origins),
        activity=None if choosing else read_activity(claims, link_id=_link_id(claims)),
        selection=read_selection(claims, role=role, origins=origins) if choosing else None,
    )


def _check_kind(claims: Mapping[str, Any], base_url: str) -> None:
    if claims.get(CLAIM + "version") != "1.3.0":
        raise MessageUnfit(Reason.VERSION)
    if claims.get(CLAIM + "message_type") not in MESSAGE_TYPES:
        raise MessageUnfit(Reason.MESSAGE_TYPE)
    if not is_ours(claims.get(CLAIM + "target_link_uri"), base_url):
        raise LoginUnfit(Reason.TARGET_CLAIM)
    roles = claims.get(CLAIM + "roles")
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise MessageUnfit(Reason.ROLES)
    if claims[CLAIM + "message_type"] != DEEP_LINKING_REQUEST:
        _link_id(claims)
    if not all(isinstance(claims.get(name, {}), dict) for name in (CLAIM + "for_user", ENDPOINT)):
        raise MessageUnfit(Reason.MESSAGE)
    check_message(claims)


def _link_id(claims: Mapping[str, Any]) -> str:
    link = _object(claims, "resource_link", Reason.RESOURCE_LINK)
    return _identifier(link.get("id"), Reason.RESOURCE_LINK)


def _role(claims: Mapping[str, Any]) -> CourseRole:
    role = course_role(claims[CLAIM + "roles"])
    if role is None:
        raise EntryRefused(Reason.NO_COURSE_ROLE)
    return role


def _course_id(context: Mapping[str, Any]) -> int:
    """Return Moodle's course number: ``context.id`` is that number as text."""
    value = context.get("id")
    if not isinstance(value, str) or not _COURSE_ID.fullmatch(value) or int(value) > MAX_COURSE_ID:
        raise MessageUnfit(Reason.CONTEXT, "id")
    return int(value)


def _full_name(claims: Mapping[str, Any]) -> str:
    shared = plain_text(claims.get("name"), 300)
    if shared:
        return shared
    parts = (plain_text(claims.get(part), 150) for part in ("given_name", "family_name"))
    return " ".join(part for part in parts if part)[:300]


def _object(claims: Mapping[str, Any], name: str, reason: Reason) -> dict[str, Any]:
    value = claims.get(CLAIM + name)
    if not isinstance(value, dict):
        raise MessageUnfit(reason, name)
    return value


def _identifier(value: object, reason: Reason) -> str:
    """Return an opaque identifier: text, not empty, that every database and log can hold."""
    if not isinstance(value, str) or not 0 < len(value) <= MAX_IDENTIFIER:
        raise MessageUnfit(reason)
    if not value.isprintable():
        raise MessageUnfit(reason)
    return value

"""What a launch message says, read from verified claims into one typed object.

Owns the LTI claims (LTI 1.3 core §5.3 and §5.4): version, message type, deployment, roles, resource
link, context, target, and the names of the person and the course. Text for people is normalised;
identifiers are kept as they are or refused. Pure: no clock, no database. Rows 22 to 25 of
spec/lti.md §4.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lti_tool.lti.adapter import check_message
from lti_tool.lti.errors import EntryRefused, LoginUnfit, MessageUnfit, Reason
from lti_tool.lti.roles import course_role
from lti_tool.lti.targets import is_ours
from lti_tool.people.models import CourseRole

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
GRADES = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
MESSAGE_TYPES = ("LtiResourceLinkRequest", "LtiSubmissionReviewRequest")
"""Those that open a course; the review of one learner's work opens it too."""
MAX_IDENTIFIER = 255
MAX_COURSE_ID = 2**31 - 1
_COURSE_ID = re.compile(r"[1-9][0-9]{0,9}")
_SPACES = re.compile(r"\s+")
_HIDDEN = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Marks that reorder what follows them: a name must not rearrange the page around it."""


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


def deployment_of(claims: Mapping[str, Any]) -> str:
    """Return the deployment that the token names.

    Raises:
        MessageUnfit: it names none.
    """
    return _identifier(claims.get(CLAIM + "deployment_id"), Reason.DEPLOYMENT_UNKNOWN)


def read_message(claims: Mapping[str, Any], *, base_url: str) -> LaunchMessage:
    """Return what the launch says.

    Args:
        claims: verified by ``validation``.
        base_url: address of the tool, without final slash.

    Raises:
        LtiRefused: with the reason, when something is missing or of another form.
    """
    _check_kind(claims, base_url)
    context = _object(claims, "context", Reason.CONTEXT)
    lis = claims.get(CLAIM + "lis")
    lis = lis if isinstance(lis, dict) else {}
    return LaunchMessage(
        subject=_identifier(claims.get("sub"), Reason.CLAIM_TYPE),
        deployment_id=deployment_of(claims),
        role=_role(claims),
        course_moodle_id=_course_id(context),
        course_shortname=plain_text(context.get("label"), 255),
        course_fullname=plain_text(context.get("title"), 1333),
        course_idnumber=plain_text(lis.get("course_section_sourcedid"), 100),
        full_name=_full_name(claims),
        given_name=plain_text(claims.get("given_name"), 150),
        person_idnumber=plain_text(lis.get("person_sourcedid"), 255),
    )


def plain_text(value: object, limit: int) -> str:
    """Return a name as it can be stored and shown: NFC, one line, at most ``limit`` characters.

    Anything but text gives an empty text. Markup is kept as letters: templates escape it.
    """
    if not isinstance(value, str):
        return ""
    composed = unicodedata.normalize("NFC", _HIDDEN.sub("", value))
    visible = "".join(
        " " if unicodedata.category(letter) in ("Cc", "Cs") else letter for letter in composed
    )
    return _SPACES.sub(" ", visible).strip()[:limit].rstrip()


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
    link = _object(claims, "resource_link", Reason.RESOURCE_LINK)
    _identifier(link.get("id"), Reason.RESOURCE_LINK)
    if not all(isinstance(claims.get(name, {}), dict) for name in (CLAIM + "for_user", GRADES)):
        raise MessageUnfit(Reason.MESSAGE)
    check_message(claims)


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

"""Reads the members of a course from its platform. Writes nothing.

One call without a limit: Moodle reads the whole course again for each page (traps NRPS). A platform
that pages is followed by its ``Link`` headers, on its own addresses. E-mail is left where it is.
"""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from lti_tool import clock
from lti_tool.lti.roster.errors import RosterUnfit
from lti_tool.lti.services.addresses import with_query
from lti_tool.lti.services.connector import ServiceConnector
from lti_tool.lti.services.names import MEMBERS, MEMBERSHIP_CONTAINER
from lti_tool.lti.services.wire import Answer

MAX_PAGES = 1000
MAX_MEMBERS = 100_000
"""Far more than any course has; a platform whose pages never end must not fill a worker's memory…"""
READ_WITHIN = timedelta(minutes=10)
"""… nor keep it."""
LONGEST_NAME = 2000
"""As it was sent, escaped; to compose a long run of accents takes a time that grows with its square."""
_MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"


@dataclass(frozen=True, slots=True)
class RosterMember:
    """One member, as far as the tool needs to know them."""

    subject: str
    """``user_id``: the ``sub`` of the person's launches."""
    roles: tuple[str, ...]
    """Short names of context roles: ``Learner``, ``Instructor``…"""
    full_name: str = ""
    given_name: str = ""
    idnumber: str = ""


def read_members(
    connector: ServiceConnector, address: str, *, link_id: str = ""
) -> list[RosterMember]:
    """Return every active member of the course, each once.

    Args:
        connector: the platform's services, with the scope of the members.
        address: ``context_memberships_url`` of a launch.
        link_id: only those who may open this resource link (``rlid``), restrictions included.

    Raises:
        RosterUnfit: the list could not be read to its end.
        ServiceFailed: the platform gave no list.
    """
    found: dict[str, RosterMember] = {}
    following: str | None = with_query(address, rlid=link_id) if link_id else address
    seen: set[str] = set()
    end = clock.now() + READ_WITHIN
    while following:
        endless = len(seen) >= MAX_PAGES or len(found) > MAX_MEMBERS or clock.now() > end
        if following in seen or endless:
            raise RosterUnfit("the pages do not end")
        seen.add(following)
        answer = connector.get(following, accept=MEMBERSHIP_CONTAINER, needs=(MEMBERS,))
        found.update((member.subject, member) for member in members_of(answer))
        following = answer.next_address()
    return list(found.values())


def members_of(answer: Answer) -> Iterator[RosterMember]:
    """Yield the active members of one page.

    Raises:
        RosterUnfit: it is no membership container.
    """
    document = answer.document()
    members = document.get("members") if isinstance(document, dict) else None
    if not isinstance(members, list):
        raise RosterUnfit("no members")
    for member in members:
        if not isinstance(member, dict):
            raise RosterUnfit("a member is not an object")
        if member.get("status", "Active") == "Active":
            yield _member(member)


def short_roles(roles: Iterable[Any]) -> tuple[str, ...]:
    """Return the context roles by their short names; in a sub-role the principal role counts.

    Institution and system roles say nothing of the course and are left out.
    """
    found = []
    for role in roles:
        if not isinstance(role, str):
            continue
        head, _mark, name = role.rpartition("#")
        is_short = not head and ":" not in name and "/" not in name
        if is_short or head == _MEMBERSHIP:
            found.append(name)
        elif head.startswith(f"{_MEMBERSHIP}/"):
            found.append(head.removeprefix(f"{_MEMBERSHIP}/"))
    return tuple(dict.fromkeys(name[:60] for name in found if name))


def _member(member: dict[str, Any]) -> RosterMember:
    subject, roles = member.get("user_id"), member.get("roles")
    if isinstance(subject, int) and not isinstance(subject, bool):
        subject = str(subject)
    if not isinstance(subject, str) or not subject or len(subject) > 255 or "\0" in subject:
        raise RosterUnfit("a member without user_id")
    given, family = _name(member.get("given_name")), _name(member.get("family_name"))
    return RosterMember(
        subject=subject,
        roles=short_roles(roles) if isinstance(roles, list) else (),
        full_name=(_name(member.get("name")) or f"{given} {family}".strip())[:300],
        given_name=given[:150],
        idnumber=_text(member.get("lis_person_sourcedid"))[:255],
    )


def _name(value: Any) -> str:
    """Return a name in plain text: Moodle escapes it here, and only here (trap NRPS 4)."""
    return unicodedata.normalize("NFC", html.unescape(_text(value)[:LONGEST_NAME])).strip()


def _text(value: Any) -> str:
    return value.replace("\0", "") if isinstance(value, str) else ""

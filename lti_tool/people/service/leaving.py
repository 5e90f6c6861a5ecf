"""Leaving the tool: the visit ends, in its frame and in its tabs, and the person goes back to the course.

The page of Moodle must be replaced whole, and a form posted to the whole window does not carry the
cookie that the browser keeps for the tool inside one platform. The form therefore holds a ticket, signed,
that names what to end: it serves for nothing else, and never stands in an address.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.people.models import BrowserSession, SessionCourse
from lti_tool.people.sessions import end_course, end_visit
from lti_tool.platforms.models import Course, Site

SALT = "leave"


def leaving_ticket(visit: str, course_id: int | None, keys: list[str]) -> str:
    """Return what a form posts to leave one course of a visit, or the whole of it (None)."""
    return str(URLSafeSerializer(keys, SALT).dumps([visit, course_id]))


def leave(session: Session, ticket: str, keys: list[str]) -> str | None:
    """End what the ticket names, commit, and return where to go: the course left, else the last one.

    A course open in another tab of the same visit stays open when only one is left. None: the ticket
    is none of ours, or nothing was open any more.
    """
    try:
        visit, course_id = URLSafeSerializer(keys, SALT).loads(ticket)
    except (BadSignature, ValueError):
        return None
    address = return_address(session, visit, course_id)
    if course_id is None:
        end_visit(session, visit)
    else:
        end_course(session, visit, course_id)
    session.commit()
    return address


def return_address(session: Session, visit: str, course_id: int | None = None) -> str | None:
    """Return where a launch of this visit came from, None when from nowhere.

    A return address on another origin than the platform's is not followed: its course page is.
    """
    query = (
        select(SessionCourse.return_url, Site.base_url, Course.moodle_id)
        .join(BrowserSession, BrowserSession.id == SessionCourse.session_id)
        .join(Course, Course.id == SessionCourse.course_id)
        .join(Site, Site.id == Course.site_id)
        .where(BrowserSession.visit == visit)
        .order_by(SessionCourse.launched_at.desc(), SessionCourse.id.desc())
        .limit(1)
    )
    if course_id is not None:
        query = query.where(SessionCourse.course_id == course_id)
    last = session.execute(query).one_or_none()
    if last is None:
        return None
    if _origin(last.return_url) == _origin(last.base_url):
        return str(last.return_url)
    return f"{last.base_url}/course/view.php?id={last.moodle_id}"


def _origin(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.scheme, parts.netloc

"""Leaving the tool: the browser's session ends and the person goes back to the course."""

from __future__ import annotations

from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.people.models import SessionCourse
from lti_tool.people.sessions import end_session
from lti_tool.platforms.models import Course, Site


def return_address(session: Session, session_id: int) -> str | None:
    """Return where the last launch of this browser session came from, None when from nowhere.

    A return address on another origin than the platform's is not followed: its course page is.
    """
    query = (
        select(SessionCourse.return_url, Site.base_url, Course.moodle_id)
        .join(Course, Course.id == SessionCourse.course_id)
        .join(Site, Site.id == Course.site_id)
        .where(SessionCourse.session_id == session_id)
        .order_by(SessionCourse.launched_at.desc(), SessionCourse.id.desc())
        .limit(1)
    )
    last = session.execute(query).one_or_none()
    if last is None:
        return None
    if _origin(last.return_url) == _origin(last.base_url):
        return str(last.return_url)
    return f"{last.base_url}/course/view.php?id={last.moodle_id}"


def leave(session: Session, *, session_id: int, token: str) -> str | None:
    """End the session and return where to go (see ``return_address``)."""
    address = return_address(session, session_id)
    end_session(session, token)
    session.commit()
    return address


def _origin(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.scheme, parts.netloc

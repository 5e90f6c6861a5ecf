"""The session of a browser: who is at it, and which courses it was launched into.

The cookie carries an opaque random token; only its SHA-256 is stored. Every launch makes a new
session, so a token known beforehand is worth nothing afterwards. The caller commits. Who may see
which view is decided in ``web.access``; grants are given in ``people.service``.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import column, delete, select, table
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.people.models import (
    Account,
    BrowserSession,
    CourseRole,
    Grant,
    Person,
    Role,
    SessionCourse,
)
from lti_tool.platforms.models import Course
from lti_tool.store import new_public_id
from lti_tool.store.seldom import is_due
from lti_tool.web.access import Viewer

LIFETIME = timedelta(hours=8)
TOKEN_BYTES = 32
BATCH = 500

# Named, not imported, as the foreign key of Grant does: partners stand further on the street.
_partner = table("partner", column("id"), column("public_id"))


def create_session(
    session: Session,
    person_id: int,
    courses: Mapping[int, CourseRole],
    *,
    previous: str | None = None,
    return_url: str = "",
    lifetime: timedelta = LIFETIME,
    visit: str | None = None,
) -> tuple[BrowserSession, str]:
    """Begin a session in a browser.

    Args:
        session: transaction of the caller, who commits.
        person_id: the person whom the platform, or a claim link, has just vouched for.
        courses: Course.id → role, as this launch says; it replaces what an earlier launch said.
        previous: token that the browser carried until now. Its session ends. Its other courses
            are kept when it was this person's, each until ``lifetime`` after its own launch, so
            that two tabs on two courses both work; another person's are never inherited, and the
            tabs that they opened from there end too.
        return_url: where « Quitter vers le cours » leads from ``courses``.
        lifetime: how long the session lasts without a new launch.
        visit: BrowserSession.visit of the frame that a new tab was opened from.

    Returns:
        The session, flushed, and the token for the cookie (256 random bits, not stored).
    """
    now = clock.now()
    token = secrets.token_urlsafe(TOKEN_BYTES)
    browser = BrowserSession(
        token_hash=_hash(token),
        visit=visit or new_public_id(),
        person_id=person_id,
        created_at=now,
        expires_at=now + lifetime,
    )
    for course_id, role in courses.items():
        browser.courses.append(
            SessionCourse(course_id=course_id, role=role, launched_at=now, return_url=return_url)
        )
    old = _live(session, previous, now) if previous else None
    if old is not None:
        if old.person_id == person_id:
            browser.courses.extend(_kept(old, courses, since=now - lifetime))
            browser.visit = old.visit
            session.delete(old)
        else:
            end_visit(session, old.visit)
    if is_due(session, "forget sessions", timedelta(minutes=1), now):
        session.execute(delete(BrowserSession).where(BrowserSession.expires_at <= now))
    session.add(browser)
    session.flush()
    return browser, token


def load_viewer(session: Session, token: str) -> Viewer | None:
    """Return who is at the browser that holds ``token``, or None when nobody is.

    Partners and roles are read from the grants in force, so a withdrawn right ends at once. Whoever
    linked accounts of several sites has them after a launch from the site of the account kept.
    """
    browser = _live(session, token, clock.now())
    if browser is None:
        return None
    person = session.get_one(Person, browser.person_id)
    if person.merged_into_id is not None:
        # Launched while their accounts were being linked: the next launch finds the right person.
        return None
    grants = session.execute(
        select(Grant.role, Grant.partner_id, _partner.c.public_id)
        .outerjoin(_partner, _partner.c.id == Grant.partner_id)
        .where(Grant.person_id == person.id, Grant.revoked_at.is_(None))
    ).all()
    # A course kept from an earlier launch ends before the session that a later one began.
    since = clock.now() - (browser.expires_at - browser.created_at)
    courses = sorted(
        (opened for opened in browser.courses if opened.launched_at > since),
        key=lambda opened: opened.launched_at,
    )
    if grants and not _rights_open(session, person.id, [opened.course_id for opened in courses]):
        grants = []
    return Viewer(
        person_id=person.id,
        full_name=person.full_name,
        locale=person.locale,
        session_id=browser.id,
        visit=browser.visit,
        courses={opened.course_id: str(opened.role) for opened in courses},
        partners={
            public_id: partner_id
            for role, partner_id, public_id in grants
            if role == Role.PARTNER_LEAD and public_id is not None
        },
        roles=frozenset(str(role) for role, _, _ in grants if role != Role.PARTNER_LEAD),
    )


def end_visit(session: Session, visit: str) -> None:
    """End the sessions of a visit: the frame's, and those of the tabs opened from it."""
    for browser in session.scalars(select(BrowserSession).where(BrowserSession.visit == visit)):
        session.delete(browser)


def end_course(session: Session, visit: str, course_id: int) -> None:
    """Take a course out of a visit; a session that holds no other ends."""
    of_visit = select(BrowserSession.id).where(BrowserSession.visit == visit)
    session.execute(
        delete(SessionCourse)
        .where(SessionCourse.session_id.in_(of_visit), SessionCourse.course_id == course_id)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        delete(BrowserSession)
        .where(BrowserSession.visit == visit, ~BrowserSession.courses.any())
        .execution_options(synchronize_session=False)
    )
    session.expire_all()


def close_courses(
    session: Session, course_ids: Sequence[int], account_ids: Sequence[int], *, before: datetime
) -> None:
    """Close courses to people whom their platform no longer has there. The caller commits.

    Their sessions go on without those courses: what is a person's own (data, certificates, choices)
    stays open to them until the session's end. A launch made since ``before``, the moment at which
    the platform began to be read, is newer than what was read and stands.
    """
    for start in range(0, len(account_ids), BATCH):
        of_people = (
            select(BrowserSession.id)
            .join(Account, Account.person_id == BrowserSession.person_id)
            .where(Account.id.in_(account_ids[start : start + BATCH]))
        )
        session.execute(
            delete(SessionCourse)
            .where(
                SessionCourse.course_id.in_(course_ids),
                SessionCourse.session_id.in_(of_people),
                SessionCourse.launched_at < before,
            )
            .execution_options(synchronize_session=False)
        )


def _rights_open(session: Session, person_id: int, course_ids: Sequence[int]) -> bool:
    """Whether the site that a person's rights were given through is one that this browser came from.

    Whoever administers the site of an account linked to it can launch as that account: the rest of
    what the tool does would otherwise be theirs. An account that its platform suspended opens none.
    """
    accounts = session.execute(
        select(Account.site_id, Account.linked_at, Account.suspended).where(
            Account.person_id == person_id
        )
    ).all()
    kept = {one.site_id for one in accounts if one.linked_at is None and not one.suspended}
    if all(one.linked_at is None for one in accounts):
        return bool(kept) or not accounts
    came_from = session.scalars(select(Course.site_id).where(Course.id.in_(course_ids)))
    return not kept.isdisjoint(came_from)


def _kept(
    old: BrowserSession, courses: Mapping[int, CourseRole], since: datetime
) -> list[SessionCourse]:
    """Return copies of the other courses of ``old`` whose launch is recent enough."""
    return [
        SessionCourse(
            course_id=opened.course_id,
            role=opened.role,
            launched_at=opened.launched_at,
            return_url=opened.return_url,
        )
        for opened in old.courses
        if opened.course_id not in courses and opened.launched_at > since
    ]


def _live(session: Session, token: str, now: datetime) -> BrowserSession | None:
    return session.scalar(
        select(BrowserSession).where(
            BrowserSession.token_hash == _hash(token), BrowserSession.expires_at > now
        )
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()

"""Proving, from both sides, that two accounts of two sites are one person's (N15).

The first account asks for a short code; the second one gives it back; the first one accepts what it
then sees. Each step asks for a launch made a moment ago, so that neither a code read over a
shoulder nor a browser left open is enough. Never by e-mail, never by one side alone. What becomes
of the two persons: ``merging``.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, and_, or_, select, update
from sqlalchemy.orm import Session, aliased, joinedload

from lti_tool import clock, journal
from lti_tool.errors import NotFound
from lti_tool.people.errors import (
    AlreadyLinked,
    AwardsCollide,
    LaunchAgain,
    LinkCodeOver,
    LinkCodeOwn,
    LinkGone,
    LinkRefused,
)
from lti_tool.people.models import Account, BrowserSession, LinkCode, SessionCourse
from lti_tool.people.service.claims import ALPHABET, READ_AS
from lti_tool.people.service.merging import check_mergeable, merge_people
from lti_tool.platforms.models import Course

LENGTH = 8
"""40 random bits, in two groups of four: enough for a quarter of an hour and ten tries."""
CODE_LIFE = timedelta(minutes=15)
ANSWER_LIFE = timedelta(minutes=30)
"""How long the first account has to accept, once the code was given back."""
HELD_LIFE = timedelta(days=30)
"""How long the coordination has to settle what both sides accepted."""
FRESH = timedelta(minutes=15)


def give_code(session: Session, *, session_id: int) -> str:
    """Make a code for the account at this browser and return it; it is not kept. Commits.

    Raises:
        LaunchAgain: the last launch is too old.
    """
    account = _fresh_account(session, session_id)
    now = clock.now()
    _forget_codes(session, account.person_id)
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    made = LinkCode(
        code_hash=_hash(code), account_id=account.id, created_at=now, expires_at=now + CODE_LIFE
    )
    session.add(made)
    session.flush()
    journal.record(
        session,
        actor_id=account.person_id,
        action="link.code_made",
        subject="link_code",
        subject_id=made.id,
    )
    session.commit()
    return f"{code[:4]}-{code[4:]}"


def open_code(session: Session, person_id: int) -> LinkCode | None:
    """Return the code that this person asked for and that still waits; what it says is not known."""
    return session.scalar(
        _codes(person_id)
        .where(LinkCode.expires_at > clock.now())
        .options(joinedload(LinkCode.account).joinedload(Account.site))
        .order_by(LinkCode.id.desc())
        .limit(1)
    )


def withdraw_code(session: Session, person_id: int) -> None:
    """End the code that still waits, if there is one, and commit."""
    found = open_code(session, person_id)
    if found is not None:
        journal.record(
            session,
            actor_id=person_id,
            action="link.code_withdrawn",
            subject="link_code",
            subject_id=found.id,
        )
    _forget_codes(session, person_id)
    session.commit()


def give_back(session: Session, typed: str, *, session_id: int) -> None:
    """Ask, from the second account, to be linked to the one that made the code. Commits.

    Whoever typed a code knows it: what became of it may be said.

    Raises:
        LaunchAgain: the last launch is too old.
        LinkRefused: the code is wrong, used or too old, this account's own, or of one linked already.
        Conflict: the two cannot be linked; nothing was used up.
    """
    account = _fresh_account(session, session_id)
    now = clock.now()
    code = session.scalar(
        select(LinkCode)
        .where(LinkCode.code_hash == _hash(typed.upper().translate(READ_AS)))
        .with_for_update()
    )
    if code is None:
        raise LinkRefused("unknown")
    asked = session.get_one(Account, code.account_id)
    if asked.id == account.id:
        raise LinkCodeOwn(f"code {code.id}")
    if asked.person_id == account.person_id:
        raise AlreadyLinked(f"code {code.id}")
    if code.used_at is not None or code.expires_at <= now:
        raise LinkCodeOver(f"code {code.id}")
    with suppress(AwardsCollide):  # settled by the coordination, once both sides accepted
        check_mergeable(session, of_id=account.person_id, into_id=asked.person_id)
    used = session.scalar(
        update(LinkCode)
        .where(LinkCode.id == code.id, LinkCode.used_at.is_(None))
        .values(used_at=now, used_by=account.id)
        .returning(LinkCode.id)
    )
    if used is None:
        raise LinkCodeOver("used meanwhile")
    journal.record(
        session,
        actor_id=account.person_id,
        action="link.asked",
        subject="link_code",
        subject_id=code.id,
    )
    session.commit()


def waiting_links(session: Session, person_id: int) -> Sequence[tuple[LinkCode, Account, Account]]:
    """Return what waits: (code, the account that made it, the one that gave it back).

    For the first account to accept; or, once it did (``accepted_at``), for the coordination.
    """
    now = clock.now()
    to_accept = and_(LinkCode.accepted_at.is_(None), LinkCode.used_at > now - ANSWER_LIFE)
    return [
        found
        for found in _given_back(session, or_(to_accept, LinkCode.accepted_at > now - HELD_LIFE))
        if person_id in (found[1].person_id, found[2].person_id)
    ]


def held_links(session: Session) -> Sequence[tuple[LinkCode, Account, Account]]:
    """Return what both sides accepted and the coordination must settle, oldest first."""
    return _given_back(session, LinkCode.accepted_at > clock.now() - HELD_LIFE)


def find_held(session: Session, link_id: int) -> tuple[LinkCode, Account, Account]:
    """Return one of ``held_links``, locked.

    Raises:
        LinkGone: it is over.
    """
    session.scalar(select(LinkCode.id).where(LinkCode.id == link_id).with_for_update())
    for held in held_links(session):
        if held[0].id == link_id:
            return held
    raise LinkGone(f"link {link_id}")


def decline_held(session: Session, link_id: int, *, actor_id: int, reason: str) -> None:
    """Have the coordination leave the two accounts apart, and commit.

    Raises:
        LinkGone: it is over.
    """
    code, _first, _second = find_held(session, link_id)
    journal.record(
        session,
        actor_id=actor_id,
        action="link.declined",
        subject="link_code",
        subject_id=code.id,
        reason=reason,
    )
    session.delete(code)
    session.commit()


def accept_link(session: Session, link_id: int, *, person_id: int, session_id: int) -> bool:
    """Link the two accounts, from the side that made the code: one person holds both. Commits.

    Returns:
        Whether they are linked; False when the coordination must first say which awards stay.

    Raises:
        NotFound: nothing of that number waits for this person.
        LaunchAgain: the last launch is too old.
        Conflict: the two can no longer be linked.
    """
    code, first, second = _waiting(session, link_id, person_id)
    if first.person_id != person_id:
        raise NotFound("link: the other side accepts")
    if _fresh_account(session, session_id).id != first.id:
        raise LaunchAgain("opened from another account")
    try:
        merge_people(session, of_id=second.person_id, into_id=person_id, link_id=code.id)
    except AwardsCollide:
        if code.accepted_at is None:
            code.accepted_at = clock.now()
            journal.record(
                session,
                actor_id=person_id,
                action="link.held",
                subject="link_code",
                subject_id=code.id,
            )
        session.commit()
        return False
    session.commit()
    return True


def refuse_link(session: Session, link_id: int, *, person_id: int) -> None:
    """Forget what waits, from either side, and commit.

    Raises:
        NotFound: nothing of that number waits for this person.
    """
    code, _first, _second = _waiting(session, link_id, person_id)
    journal.record(
        session,
        actor_id=person_id,
        action="link.refused",
        subject="link_code",
        subject_id=code.id,
    )
    session.delete(code)
    session.commit()


def _codes(person_id: int) -> Select[LinkCode]:
    """Codes of a person that were not given back."""
    return (
        select(LinkCode)
        .join(Account, Account.id == LinkCode.account_id)
        .where(Account.person_id == person_id, LinkCode.used_at.is_(None))
    )


def _forget_codes(session: Session, person_id: int) -> None:
    for code in session.scalars(_codes(person_id)):
        session.delete(code)
    session.flush()


def _given_back(
    session: Session, where: ColumnElement[bool]
) -> Sequence[tuple[LinkCode, Account, Account]]:
    first, second = aliased(Account), aliased(Account)
    query = (
        select(LinkCode, first, second)
        .join(first, first.id == LinkCode.account_id)
        .join(second, second.id == LinkCode.used_by)
        .where(where, first.person_id != second.person_id)
        .options(joinedload(first.site), joinedload(second.site))
        .order_by(LinkCode.id)
    )
    return [(code, one, other) for code, one, other in session.execute(query).all()]


def _waiting(session: Session, link_id: int, person_id: int) -> tuple[LinkCode, Account, Account]:
    for waiting in waiting_links(session, person_id):
        if waiting[0].id == link_id:
            return waiting
    raise NotFound("link")


def _fresh_account(session: Session, session_id: int) -> Account:
    """Return the account that the last launch of this browser was made from."""
    account = session.scalar(
        select(Account)
        .join(BrowserSession, BrowserSession.person_id == Account.person_id)
        .join(SessionCourse, SessionCourse.session_id == BrowserSession.id)
        .join(Course, Course.id == SessionCourse.course_id)
        .where(
            BrowserSession.id == session_id,
            Course.site_id == Account.site_id,
            SessionCourse.launched_at > clock.now() - FRESH,
        )
        .order_by(SessionCourse.launched_at.desc())
        .limit(1)
    )
    if account is None:
        raise LaunchAgain("no launch of late")
    return account


def _hash(code: str) -> str:
    return hashlib.sha256(f"link:{code}".encode(errors="replace")).hexdigest()

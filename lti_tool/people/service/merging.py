"""Two persons who turned out to be one: everything of the second moves to the first, at once.

Rooms further on the street move what is theirs (``when_merged``), in the same transaction, or refuse
it whole. Rights do not move: a grant in force on either side refuses the merge, and one given later
opens from the site of the account kept only (``sessions``), since whoever administers the other site
could otherwise open them. The second person's row stays, without its
name, for the journal alone. Nothing undoes a merge: see docs/guides/coordination.md.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from lti_tool import clock, journal
from lti_tool.errors import NotFound
from lti_tool.people.accounts import UNNAMED
from lti_tool.people.errors import AwardsCollide, GrantHeld, SameSite
from lti_tool.people.models import Account, BrowserSession, Consent, Grant, Person
from lti_tool.people.service.consents import choices

MergeListener = Callable[[Session, int, int, bool], object]
"""Called with the person who goes, the one who stays, and whether to move (else only to check).

Raises ``AwardsCollide`` when the coordination can settle what one person cannot hold twice, and
``RecordsCollide`` when nobody can.
"""
_listeners: list[MergeListener] = []


def when_merged(listener: MergeListener) -> MergeListener:
    """Have ``listener`` called in the transaction that makes two persons one."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def check_mergeable(session: Session, *, of_id: int, into_id: int) -> None:
    """Check that nothing keeps two persons from being one; nothing is written.

    Raises:
        SameSite: both have an account on one site.
        GrantHeld: one of them holds a right.
        RecordsCollide: a room cannot put their records together.
        AwardsCollide: nothing else is in the way, and the coordination can settle this.
    """
    people = (of_id, into_id)
    shared = session.scalar(
        select(Account.site_id)
        .where(Account.person_id.in_(people))
        .group_by(Account.site_id)
        .having(func.count() > 1)
        .limit(1)
    )
    if shared is not None:
        raise SameSite(f"site {shared}")
    held = select(Grant.id).where(Grant.person_id.in_(people), Grant.revoked_at.is_(None))
    if session.scalar(held.limit(1)) is not None:
        raise GrantHeld("a grant is in force")
    to_settle: AwardsCollide | None = None
    for listener in _listeners:
        try:
            listener(session, of_id, into_id, False)
        except AwardsCollide as collision:
            to_settle = collision
    if to_settle is not None:
        raise to_settle


def merge_people(session: Session, *, of_id: int, into_id: int, link_id: int) -> None:
    """Make ``of_id`` part of ``into_id`` in the caller's transaction; the caller commits.

    Args:
        link_id: LinkCode.id of the proof from both sides.

    Raises:
        Conflict: as ``check_mergeable``.
    """
    # Locked in one order, so that two merges of the same people wait for each other.
    locked = session.scalars(
        select(Person).where(Person.id.in_((of_id, into_id))).order_by(Person.id).with_for_update()
    ).all()
    if len(locked) != 2 or any(person.merged_into_id is not None for person in locked):
        raise NotFound("person")
    gone = next(person for person in locked if person.id == of_id)
    check_mergeable(session, of_id=of_id, into_id=into_id)
    for listener in _listeners:
        listener(session, of_id, into_id, True)
    _move_consents(session, of_id, into_id)
    moved = update(Account).where(Account.person_id == of_id)
    session.execute(moved.values(person_id=into_id, linked_at=clock.now()))
    session.execute(delete(BrowserSession).where(BrowserSession.person_id == of_id))
    gone.merged_into_id, gone.full_name, gone.given_name = into_id, UNNAMED, ""
    journal.record(
        session,
        actor_id=into_id,
        action="person.merged",
        subject="person",
        subject_id=of_id,
        into=into_id,
        link_code=link_id,
    )
    session.flush()
    session.expire_all()


def _move_consents(session: Session, of_id: int, into_id: int) -> None:
    """Keep both histories; what either refused is refused from now on."""
    mine = {choice.purpose: choice for choice in choices(session, into_id)}
    theirs = {choice.purpose: choice for choice in choices(session, of_id)}
    session.execute(update(Consent).where(Consent.person_id == of_id).values(person_id=into_id))
    for purpose, choice in mine.items():
        told = [one for one in (choice, theirs[purpose]) if one.given is not None]
        if not told:
            continue
        stands = min(told, key=lambda one: bool(one.given))
        session.add(
            Consent(
                person_id=into_id,
                purpose=purpose,
                given=bool(stands.given),
                notice_version=stands.notice_version or "",
                at=clock.now(),
            )
        )
        session.flush()

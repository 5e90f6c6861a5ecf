"""The turns of the tool's keys: next → active → retired → gone, by hand, by the clock, in emergency.

``next`` is published before it signs, so that a platform that keeps a copy of our key set has it
already; ``retired`` stays published so that what it signed a moment ago verifies; ``gone`` keeps
its name and dates, and no private part. Lengths: docs/decisions/0015-turns-of-the-tool-keys.md.
1EdTech Security Framework 1.0 §6.3 asks for rotation and sets no length.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from lti_tool import clock, journal
from lti_tool.platforms.errors import KeyAlreadyTurned
from lti_tool.platforms.keys import key_in_state, make_key, signing_key
from lti_tool.platforms.models import AccessToken, KeyState, ToolKey

PUBLISHED_BEFORE = timedelta(days=7)
"""A key is published for this long before the clock makes it sign."""
SIGNS_FOR = timedelta(days=90)
PUBLISHED_AFTER = timedelta(days=14)
"""A retired key stays published for this long; what it signed lived an hour at most."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Tending:
    """What the clock did to the keys: their ``kid``."""

    made: str | None = None
    activated: str | None = None
    gone: tuple[str, ...] = ()


def list_keys(session: Session) -> list[ToolKey]:
    """Return every key the tool ever had, newest first."""
    return list(session.scalars(select(ToolKey).order_by(ToolKey.id.desc())))


def due_turn(key: ToolKey) -> datetime | None:
    """Return when the clock will take this key a step further, None when it will not."""
    if key.state == KeyState.ACTIVE:
        return (key.activated_at or key.created_at) + SIGNS_FOR
    if key.state == KeyState.RETIRED:
        return (key.retired_at or key.created_at) + PUBLISHED_AFTER
    return None


def rotate_keys(session: Session, *, actor_id: int | None, replacing: str) -> ToolKey:
    """Make the next key sign from now on, a new one when none waits; the former stays published.

    A platform that kept a copy of the key set fetches it again when it meets the new ``kid``
    (Moodle does when a signature does not verify).

    Args:
        actor_id: coordinator, None from the command line and the clock.
        replacing: ``kid`` of the key that signs, so that two rotations at once make one.

    Raises:
        KeyAlreadyTurned: that key does not sign any more.
    """
    _end_turn(session, replacing, KeyState.RETIRED, actor_id)
    key = _take_turn(session, actor_id)
    session.commit()
    return key


def revoke_keys(session: Session, *, actor_id: int | None, replacing: str) -> ToolKey:
    """After a theft: a new key signs at once, and every other one is gone, published no longer.

    The others too: they were kept in the same place, so that who took one had them all.

    Raises:
        KeyAlreadyTurned: ``replacing`` does not sign any more.
    """
    _end_turn(session, replacing, KeyState.GONE, actor_id)
    for key in session.scalars(
        select(ToolKey).where(ToolKey.state.in_((KeyState.NEXT, KeyState.RETIRED)))
    ):
        _forget(session, key, actor_id)
    # Whoever holds the key may hold a token too; and the next one makes Moodle read the new set.
    session.execute(delete(AccessToken))
    key = _take_turn(session, actor_id)
    session.commit()
    return key


def tend_keys(session: Session) -> Tending:
    """Do what the dates of the keys ask for; harmless when there is nothing to do, or done twice."""
    try:
        return _tend(session, clock.now())
    except KeyAlreadyTurned:
        return Tending()  # somebody turned them at this very moment, and what was due with it


def _tend(session: Session, now: datetime) -> Tending:
    active = signing_key(session)
    gone = []
    for key in session.scalars(select(ToolKey).where(ToolKey.state == KeyState.RETIRED)):
        due = due_turn(key)
        if due is not None and due <= now:
            _forget(session, key, None)
            gone.append(key.kid)
    ends = due_turn(active) or now
    waiting, made, activated = key_in_state(session, KeyState.NEXT), None, None
    if waiting is None and ends - PUBLISHED_BEFORE <= now:
        waiting = make_key(session, KeyState.NEXT)
        made = waiting.kid
        _note(session, waiting, "made", None)
    if waiting is not None and ends <= now and waiting.created_at + PUBLISHED_BEFORE <= now:
        _end_turn(session, active.kid, KeyState.RETIRED, None)
        activated = _take_turn(session, None).kid
    session.commit()
    return Tending(made, activated, tuple(gone))


def _end_turn(session: Session, kid: str, into: KeyState, actor_id: int | None) -> None:
    """Take the key out of its turn by one conditional UPDATE: of two rotations, one does."""
    now = clock.now()
    values: dict[str, object] = {"state": into, "retired_at": now}
    if into == KeyState.GONE:
        values |= {"gone_at": now, "private_pem": None}
    ended = session.execute(
        update(ToolKey)
        .where(ToolKey.kid == kid, ToolKey.state == KeyState.ACTIVE)
        .values(**values)
        .returning(ToolKey.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if ended is None:
        session.rollback()
        raise KeyAlreadyTurned(kid)
    session.expire_all()
    _note(session, session.get_one(ToolKey, ended), str(into), actor_id)


def _take_turn(session: Session, actor_id: int | None) -> ToolKey:
    key = key_in_state(session, KeyState.NEXT)
    if key is None:
        key = make_key(session, KeyState.ACTIVE)
    else:
        key.state = KeyState.ACTIVE
        key.activated_at = clock.now()
        session.flush()
    _note(session, key, "activated", actor_id)
    return key


def _forget(session: Session, key: ToolKey, actor_id: int | None) -> None:
    key.state = KeyState.GONE
    key.private_pem = None
    key.gone_at = clock.now()
    _note(session, key, "gone", actor_id)


def _note(session: Session, key: ToolKey, what: str, actor_id: int | None) -> None:
    journal.record(
        session,
        actor_id=actor_id,
        action=f"tool_key.{what}",
        subject="tool_key",
        subject_id=key.id,
        kid=key.kid,
    )
    log.info("tool_key.turned", kid=key.kid, state=what)

"""An invitation at the door: whose it is, whether it still serves, and who uses it now.

Two registrations at once with one link: a conditional UPDATE lets one through. A claim that ended
in no registration (refused by Moodle, or a process that died) lets the link serve again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.platforms.models import RegistrationInvitation

CLAIM_LASTS = timedelta(minutes=2)
"""Longer than the three requests of a registration together."""
TOKEN_LENGTH = 43
"""Signs of 32 random bytes in base64url."""


class InvitationState(StrEnum):
    """What becomes of a link."""

    OPEN = "open"
    BUSY = "busy"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link as the registration sees it."""

    id: int
    site_id: int | None
    """The only site that may use it."""
    state: InvitationState


def find_invitation(session: Session, token: str) -> Invitation | None:
    """Return the invitation of a link, whatever its state; None for a link that nobody made."""
    row = session.scalar(
        select(RegistrationInvitation).where(
            RegistrationInvitation.token_hash == hash_token(token[: 2 * TOKEN_LENGTH])
        )
    )
    if row is None:
        return None
    return Invitation(row.id, row.site_id, state_of(row, clock.now()))


def state_of(row: RegistrationInvitation, now: datetime) -> InvitationState:
    """Return what the dates of an invitation make of it."""
    if row.revoked_at is not None:
        return InvitationState.REVOKED
    if row.registration_id is not None:
        return InvitationState.USED
    if row.expires_at <= now:
        return InvitationState.EXPIRED
    if row.used_at is not None and row.used_at > now - CLAIM_LASTS:
        return InvitationState.BUSY
    return InvitationState.OPEN


def claim(session: Session, invitation_id: int) -> bool:
    """Take the invitation for one registration; False when it is not open (any more). Commits."""
    now = clock.now()
    table = RegistrationInvitation
    taken = session.execute(
        update(table)
        .where(
            table.id == invitation_id,
            table.revoked_at.is_(None),
            table.registration_id.is_(None),
            table.expires_at > now,
            or_(table.used_at.is_(None), table.used_at <= now - CLAIM_LASTS),
        )
        .values(used_at=now)
        .returning(table.id)
        .execution_options(synchronize_session=False)
    ).all()
    session.commit()
    return bool(taken)


def release(session: Session, invitation_id: int) -> None:
    """Give back an invitation whose registration came to nothing. Commits."""
    table = RegistrationInvitation
    session.execute(
        update(table)
        .where(table.id == invitation_id, table.registration_id.is_(None))
        .values(used_at=None)
        .execution_options(synchronize_session=False)
    )
    session.commit()


def hash_token(token: str) -> str:
    """Return what the table keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()

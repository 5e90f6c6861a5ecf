"""One-time access codes: how the first coordinator, or a partner lead, takes a role.

The code is shown once and only its SHA-256 is kept. It makes nobody somebody else: the person who
uses it is the one whom a launch brought here (N15), and the role is the one written beside it.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool import clock, journal
from lti_tool.errors import Conflict, NotFound
from lti_tool.people.errors import ClaimRefused
from lti_tool.people.models import ClaimLink, Grant, Role
from lti_tool.people.service.grants import PARTNER, add_grant, check_partner

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that is read as another sign."""
LENGTH = 24
"""120 random bits, written in groups of four."""
READ_AS = str.maketrans("OIL", "011", " -–—\u00a0\t\r\n")
TTL = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class OpenClaim:
    """A code that still waits for its person; the code itself is not known any more."""

    id: int
    role: Role
    association: str | None
    created_at: datetime
    expires_at: datetime


def create_claim_link(
    session: Session,
    *,
    actor_id: int | None,
    role: Role,
    partner_id: int | None = None,
    ttl: timedelta = TTL,
) -> str:
    """Make a one-time code and return it; it cannot be read again afterwards.

    Args:
        actor_id: coordinator who makes it, None from the command line.
        partner_id: Partner.id, for a partner lead and nobody else.
        ttl: how long it may be used.

    Raises:
        PartnerNeeded: role and association do not go together.
    """
    check_partner(session, role, partner_id)
    signs = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    now = clock.now()
    link = ClaimLink(
        token_hash=_hash(signs),
        role=role,
        partner_id=partner_id,
        created_at=now,
        expires_at=now + ttl,
    )
    session.add(link)
    session.flush()
    journal.record(
        session,
        actor_id=actor_id,
        action="claim_link.created",
        subject="claim_link",
        subject_id=link.id,
        role=str(role),
        partner_id=partner_id,
        expires_at=link.expires_at.isoformat(),
    )
    session.commit()
    return "-".join(signs[start : start + 4] for start in range(0, LENGTH, 4))


def claim(session: Session, person_id: int, code: str) -> Grant:
    """Take the role of a code, which is then used up.

    Args:
        person_id: the person of the present session.
        code: as pasted; case, spaces and dashes do not matter.

    Raises:
        ClaimRefused: unknown, used, expired or withdrawn.
    """
    now = clock.now()
    used = (
        update(ClaimLink)
        .where(
            ClaimLink.token_hash == _hash(code),
            ClaimLink.used_at.is_(None),
            ClaimLink.expires_at > now,
        )
        .values(used_at=now, used_by=person_id)
        .returning(ClaimLink.id, ClaimLink.role, ClaimLink.partner_id)
    )
    row = session.execute(used).one_or_none()
    if row is None:
        raise ClaimRefused
    grant = add_grant(
        session,
        actor_id=person_id,
        granted_by=None,
        person_id=person_id,
        role=Role(row.role),
        partner_id=row.partner_id,
        claim_link_id=row.id,
    )
    journal.record(
        session,
        actor_id=person_id,
        action="claim_link.used",
        subject="claim_link",
        subject_id=row.id,
        grant_id=grant.id,
    )
    session.commit()
    return grant


def open_claims(session: Session) -> list[OpenClaim]:
    """Return the codes that may still be used, the first to end first."""
    query = (
        select(ClaimLink, PARTNER.c.name)
        .outerjoin(PARTNER, PARTNER.c.id == ClaimLink.partner_id)
        .where(ClaimLink.used_at.is_(None), ClaimLink.expires_at > clock.now())
        .order_by(ClaimLink.expires_at, ClaimLink.id)
    )
    return [
        OpenClaim(link.id, Role(link.role), association, link.created_at, link.expires_at)
        for link, association in session.execute(query)
    ]


def withdraw_claim_link(session: Session, *, actor_id: int | None, link_id: int) -> None:
    """End a code that went astray.

    Raises:
        NotFound: no such code.
        Conflict: it was used, or is over already.
    """
    now = clock.now()
    link = session.scalar(select(ClaimLink).where(ClaimLink.id == link_id).with_for_update())
    if link is None:
        raise NotFound("claim link")
    if link.used_at is not None or link.expires_at <= now:
        raise Conflict("claim link over")
    link.expires_at = now
    journal.record(
        session,
        actor_id=actor_id,
        action="claim_link.withdrawn",
        subject="claim_link",
        subject_id=link.id,
    )
    session.commit()


def _hash(code: str) -> str:
    signs = code.upper().translate(READ_AS)
    return hashlib.sha256(signs.encode(errors="replace")).hexdigest()

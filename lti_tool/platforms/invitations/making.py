"""Coordinators make links, see what became of them, and withdraw them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from lti_tool import clock, journal
from lti_tool.errors import Conflict, NotFound
from lti_tool.platforms.errors import FieldMissing
from lti_tool.platforms.invitations.claiming import InvitationState, hash_token, state_of
from lti_tool.platforms.models import Registration, RegistrationInvitation, Site
from lti_tool.platforms.service.listing import find_site

LIFETIME = timedelta(days=7)
LONGEST_NOTE = 200
LISTED = 50


@dataclass(frozen=True, slots=True)
class InvitationLine:
    """A link on the coordination's list; the link itself is not in it."""

    id: int
    note: str
    site_name: str | None
    """The site it is bound to, else the one it registered, else None."""
    state: InvitationState
    created_at: datetime
    expires_at: datetime


def make_invitation(
    session: Session, *, actor_id: int | None, note: str = "", site_id: int | None = None
) -> str:
    """Make a link and return its token, which is stored nowhere.

    Args:
        actor_id: coordinator, None from the command line.
        note: for whom; stays here.
        site_id: the only site that may use it; None: a Moodle that is not known yet.

    Raises:
        NotFound: no such site.
        FieldMissing: the note is too long.
    """
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise FieldMissing("note", field="note")
    if site_id is not None:
        find_site(session, site_id)
    token = secrets.token_urlsafe(32)
    now = clock.now()
    row = RegistrationInvitation(
        token_hash=hash_token(token),
        note=note,
        site_id=site_id,
        created_by=actor_id,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    session.add(row)
    session.flush()
    journal.record(
        session,
        actor_id=actor_id,
        action="invitation.made",
        subject="registration_invitation",
        subject_id=row.id,
        site_id=site_id,
    )
    session.commit()
    return token


def revoke_invitation(session: Session, *, actor_id: int | None, invitation_id: int) -> None:
    """Withdraw a link that has not served.

    Raises:
        NotFound: there is none.
        Conflict: it has served, or was withdrawn.
    """
    table = RegistrationInvitation
    if session.get(table, invitation_id) is None:
        raise NotFound("invitation")
    revoked = session.execute(
        update(table)
        .where(
            table.id == invitation_id,
            table.registration_id.is_(None),
            table.revoked_at.is_(None),
        )
        .values(revoked_at=clock.now())
        .returning(table.id)
    ).all()
    if not revoked:
        raise Conflict("invitation used or withdrawn")
    journal.record(
        session,
        actor_id=actor_id,
        action="invitation.revoked",
        subject="registration_invitation",
        subject_id=invitation_id,
    )
    session.commit()


def invitation_lines(session: Session) -> list[InvitationLine]:
    """Return the last links made, the newest first."""
    now = clock.now()
    rows = session.execute(
        select(RegistrationInvitation, Site.name)
        .outerjoin(Site, Site.id == RegistrationInvitation.site_id)
        .options(joinedload(RegistrationInvitation.registration).joinedload(Registration.site))
        .order_by(RegistrationInvitation.id.desc())
        .limit(LISTED)
    )
    return [
        InvitationLine(
            id=row.id,
            note=row.note,
            site_name=site_name or (row.registration.site.name if row.registration else None),
            state=state_of(row, now),
            created_at=row.created_at,
            expires_at=row.expires_at,
        )
        for row, site_name in rows
    ]

"""Writing to the journal, in the transaction of the act itself, and reading it back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.journal.models import JournalEntry


def record(
    session: Session,
    *,
    actor_id: int | None,
    action: str,
    subject: str,
    subject_id: int,
    **basis: Any,
) -> JournalEntry:
    """Add an entry to the caller's transaction; the caller commits.

    Args:
        actor_id: person who acts, None for the command line and the clock.
        action: ``noun.verb``, e.g. ``evidence.accepted``.
        subject: table of the object, ``subject_id`` its key.
        **basis: JSON values that say on what ground; never a name or an address.
    """
    entry = JournalEntry(
        at=clock.now(),
        actor_id=actor_id,
        action=action,
        subject=subject,
        subject_id=subject_id,
        basis=basis,
    )
    session.add(entry)
    return entry


def entries_about(session: Session, subject: str, subject_id: int) -> list[JournalEntry]:
    """Return what was done to one object, oldest first."""
    query = (
        select(JournalEntry)
        .where(JournalEntry.subject == subject, JournalEntry.subject_id == subject_id)
        .order_by(JournalEntry.id)
    )
    return list(session.scalars(query))

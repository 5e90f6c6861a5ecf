"""The journal's table; the first migration adds the triggers that keep it append-only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store import Base, UtcDateTime


class JournalEntry(Base):
    """One decision or act."""

    __tablename__ = "journal_entry"
    __table_args__ = (Index(None, "subject", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it was done."""
    actor_id: Mapped[int | None] = mapped_column(index=True)
    """Person who acted; None for the command line and the clock."""
    action: Mapped[str] = mapped_column(String(80), index=True)
    """Verb of the act, e.g. ``award.approved``."""
    subject: Mapped[str] = mapped_column(String(40))
    """Table of the object acted on."""
    subject_id: Mapped[int]
    """Its primary key."""
    basis: Mapped[dict[str, Any]] = mapped_column(JSON)
    """On what ground: rule, snapshots, reason… identifiers only, never a name."""

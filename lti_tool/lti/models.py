"""Tables of the launch: one row for each login that was begun."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.platforms.models import Registration
from lti_tool.store import Base, UtcDateTime


class LoginAttempt(Base):
    """A third-party-initiated login: its state and nonce, consumed once by the launch."""

    __tablename__ = "login_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    state_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of ``state``; the browser holds the value in a cookie of its own."""
    nonce_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the ``nonce`` sent with this state."""
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    target_link_uri: Mapped[str] = mapped_column(String(1000))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    consumed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    registration: Mapped[Registration] = relationship()

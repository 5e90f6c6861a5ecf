"""Table of the certificates."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.certification.models import Award
from lti_tool.store import Base, UtcDateTime


class NameShown(StrEnum):
    """What the verification page says of the holder; hidden unless the holder chose otherwise."""

    HIDDEN = "hidden"
    FIRST_NAME = "first_name"
    FULL_NAME = "full_name"


class Certificate(Base):
    """The certificate of one issued award; never deleted (N14)."""

    __tablename__ = "certificate"

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), unique=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    """``ADL-AAAA-DD-NNNNNN-C``."""
    code: Mapped[str] = mapped_column(String(26), unique=True)
    """Verification code: 128 random bits in base32."""
    holder_name: Mapped[str] = mapped_column(String(300))
    """Name printed, frozen at issue."""
    name_shown: Mapped[NameShown] = mapped_column(String(12), default=NameShown.HIDDEN)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    file: Mapped[str | None] = mapped_column(String(200))
    """Path of the stored PDF below the data folder; None until it is rendered."""
    sha256: Mapped[str | None] = mapped_column(String(64))

    award: Mapped[Award] = relationship()


class NumberSequence(Base):
    """Last number given for each year and domain: no number twice, none lost."""

    __tablename__ = "number_sequence"

    year: Mapped[int] = mapped_column(primary_key=True)
    domain_number: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]

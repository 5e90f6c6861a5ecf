"""Tables of the anchoring: case, wave, self-report, partner confirmation."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.certification.models import Award
from lti_tool.people.models import Person
from lti_tool.referential.models import Domain
from lti_tool.store import Base, UtcDateTime, new_public_id


class CaseState(StrEnum):
    """States of a case (``spec/anchoring.md`` §2.5)."""

    OPEN = "open"
    FOLLOWED = "followed"
    REFUSED = "refused"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    CLOSED = "closed"


class AnchoringCase(Base):
    """The follow-up of one award."""

    __tablename__ = "anchoring_case"
    __table_args__ = (Index(None, "partner_id", "domain_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    domain_id: Mapped[int] = mapped_column(ForeignKey("domain.id"))
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"))
    """Affiliation of record, frozen with the award."""
    started_on: Mapped[date]
    """t0: the day of the award."""
    state: Mapped[CaseState] = mapped_column(String(12), default=CaseState.OPEN)
    stopped_on: Mapped[date | None]
    """First day on which a stopped case counts no more; None: none of its days does."""

    award: Mapped[Award] = relationship()
    person: Mapped[Person] = relationship()
    domain: Mapped[Domain] = relationship()
    waves: Mapped[list[Wave]] = relationship(back_populates="case", order_by="Wave.months")


class Wave(Base):
    """One wave of a case: 0 (baseline), 3, 6 or 12 months."""

    __tablename__ = "wave"
    __table_args__ = (UniqueConstraint("case_id", "months"), Index(None, "opens_on", "closes_on"))

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    case_id: Mapped[int] = mapped_column(ForeignKey("anchoring_case.id"))
    months: Mapped[int]
    opens_on: Mapped[date]
    due_on: Mapped[date]
    closes_on: Mapped[date]
    """Last day on which an answer counts, inclusive."""

    case: Mapped[AnchoringCase] = relationship(back_populates="waves")
    report: Mapped[SelfReport | None] = relationship(back_populates="wave")
    confirmation: Mapped[Confirmation | None] = relationship(back_populates="wave")


class SelfReport(Base):
    """The learner's answers about the window of one wave (§2.4, source S)."""

    __tablename__ = "self_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), unique=True)
    uses: Mapped[int]
    """0 to 5, 5 meaning five or more."""
    distinct_actions: Mapped[int]
    autonomy: Mapped[int]
    """0 accompanied, 1 alone, 2 adapts."""
    transmission: Mapped[int]
    """0 none, 1 informal, 2 trained someone, 3 procedure or tool adopted."""
    obstacles: Mapped[str] = mapped_column(String(2000), default="")
    """Free words; the partner never reads them."""
    late: Mapped[bool] = mapped_column(default=False)
    """After the close: shown to the learner, not counted."""
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)

    wave: Mapped[Wave] = relationship(back_populates="report")


class Confirmation(Base):
    """The partner lead's blind answer for one wave (§2.4, source P)."""

    __tablename__ = "confirmation"

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), unique=True)
    level: Mapped[int | None]
    """0 to 3; None: « je ne sais pas »."""
    comment: Mapped[str] = mapped_column(String(1000), default="")
    given_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    wave: Mapped[Wave] = relationship(back_populates="confirmation")

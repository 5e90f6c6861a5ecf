"""Tables of the referential: domain, sub-theme, course mapping."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.platforms.models import Course
from lti_tool.store import Base, UtcDateTime


class Domain(Base):
    """One of the 15 domains of competence (R001)."""

    __tablename__ = "domain"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    """1 to 15; the order of the referential."""
    code: Mapped[str] = mapped_column(String(16), unique=True)
    """Stable code, ``RMP-ADL-4``."""
    label_fr: Mapped[str] = mapped_column(String(200))
    label_en: Mapped[str] = mapped_column(String(200))

    subthemes: Mapped[list[Subtheme]] = relationship(
        back_populates="domain", order_by="Subtheme.id"
    )

    @property
    def name(self) -> str:
        """``RMP-ADL 4``: the domain as the founding documents write it, for people to read."""
        return f"RMP-ADL\u00a0{self.number}"

    def label(self, locale: str) -> str:
        """Return the label in ``locale`` (``fr`` or ``en``)."""
        return self.label_en if locale == "en" else self.label_fr


class Subtheme(Base):
    """A sub-theme of a domain; today RMP-ADL 3 alone has some (R002)."""

    __tablename__ = "subtheme"
    __table_args__ = (UniqueConstraint("domain_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    domain_id: Mapped[int] = mapped_column(ForeignKey("domain.id"))
    code: Mapped[str] = mapped_column(String(32))
    label_fr: Mapped[str] = mapped_column(String(120))
    label_en: Mapped[str] = mapped_column(String(120))

    domain: Mapped[Domain] = relationship(back_populates="subthemes")

    def label(self, locale: str) -> str:
        """Return the label in ``locale`` (``fr`` or ``en``)."""
        return self.label_en if locale == "en" else self.label_fr


class MappingKind(StrEnum):
    """How a course counts for a domain."""

    REQUIRED = "required"
    CHOICE = "choice"
    OPTIONAL = "optional"


class CourseMapping(Base):
    """A course counts for a domain from a moment, until a moment (R005)."""

    __tablename__ = "course_mapping"
    __table_args__ = (
        Index(
            "uq_course_mapping_current",
            "course_id",
            "domain_id",
            text("coalesce(subtheme_id, 0)"),
            unique=True,
            sqlite_where=text("valid_to IS NULL"),
            postgresql_where=text("valid_to IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    domain_id: Mapped[int] = mapped_column(ForeignKey("domain.id"), index=True)
    subtheme_id: Mapped[int | None] = mapped_column(ForeignKey("subtheme.id"))
    kind: Mapped[MappingKind] = mapped_column(String(10), default=MappingKind.REQUIRED)
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_to: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """First moment at which it no longer counts."""
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(300), default="")
    """Why: the suggestion that was confirmed, or the coordinator's words."""
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    end_reason: Mapped[str] = mapped_column(String(300), default="")

    course: Mapped[Course] = relationship()
    domain: Mapped[Domain] = relationship()
    subtheme: Mapped[Subtheme | None] = relationship()

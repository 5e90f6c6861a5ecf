"""Moodle's own competencies: which a course works on, and how each learner was rated in it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.platforms.models import Course, Site
from lti_tool.store import Base, UtcDateTime


class Competency(Base):
    """A competency of a Moodle site, linked to one course at least."""

    __tablename__ = "competency"
    __table_args__ = (UniqueConstraint("site_id", "moodle_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    moodle_id: Mapped[int]
    """Moodle's competency id."""
    idnumber: Mapped[str] = mapped_column(String(100), default="")
    """``RMP-ADL-Cnn`` ties it to a domain."""
    name: Mapped[str] = mapped_column(String(255), default="")
    """``shortname``."""

    site: Mapped[Site] = relationship()


class CourseCompetency(Base):
    """A course works on a competency."""

    __tablename__ = "course_competency"

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"), primary_key=True)
    gone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When Moodle was first seen without the link; ratings are kept."""

    course: Mapped[Course] = relationship()
    competency: Mapped[Competency] = relationship()


class RatingSnapshot(Base):
    """A rating of one person on one competency in one course; rows are only ever added."""

    __tablename__ = "rating_snapshot"
    __table_args__ = (Index(None, "account_id", "course_id", "competency_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    grade: Mapped[int | None]
    """Rank of the level on its scale, from 1; None: a rating that was taken back."""
    label: Mapped[str] = mapped_column(String(255), default="")
    """``gradename``: the word of the level, in the language of the service account."""
    proficient: Mapped[bool | None]
    """Whether Moodle calls the level mastered; None: unknown."""
    rated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rated_by: Mapped[int | None]
    """Moodle user id of whoever rated, when the evidence tells."""
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CurrentRating(Base):
    """Which rating is the present one, and when that was last read: one indexed read."""

    __tablename__ = "current_rating"

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    snapshot_id: Mapped[int | None] = mapped_column(ForeignKey("rating_snapshot.id"))
    """None: read, and never rated."""
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)

    competency: Mapped[Competency] = relationship()
    snapshot: Mapped[RatingSnapshot | None] = relationship()

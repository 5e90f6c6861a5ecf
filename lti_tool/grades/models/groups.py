"""Groups of a course and who is in them: a group is a session of learners (anchoring, « cohort »)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.platforms.models import Course
from lti_tool.store import Base, UtcDateTime


class Group(Base):
    """A group of a course in which somebody was seen."""

    __tablename__ = "course_group"
    __table_args__ = (UniqueConstraint("course_id", "moodle_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    moodle_id: Mapped[int]
    """Moodle's group id."""
    name: Mapped[str] = mapped_column(String(254))

    course: Mapped[Course] = relationship()


class GroupMember(Base):
    """An account is in a group from one reading until another; rows are kept."""

    __tablename__ = "group_member"
    __table_args__ = (
        Index(
            "uq_group_member_current",
            "group_id",
            "account_id",
            unique=True,
            sqlite_where=text("left_at IS NULL"),
            postgresql_where=text("left_at IS NULL"),
        ),
        Index(None, "account_id", "group_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("course_group.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    seen_from: Mapped[datetime] = mapped_column(UtcDateTime)
    """Reading that first saw the account in it: Moodle does not tell since when."""
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Reading that first missed it."""

    group: Mapped[Group] = relationship()

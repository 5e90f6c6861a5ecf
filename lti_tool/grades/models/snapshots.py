"""Tables of what was read: grade items, snapshots of grades and of completion, the present one."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.grades.models.pulls import Pull
from lti_tool.grades.rules.plan import Way
from lti_tool.store import Base, ExactDecimal, UtcDateTime


class GradeItem(Base):
    """A column of the gradebook."""

    __tablename__ = "grade_item"
    __table_args__ = (UniqueConstraint("course_id", "moodle_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    moodle_id: Mapped[int]
    """Moodle's grade item id."""
    item_type: Mapped[str] = mapped_column(String(20))
    """``mod``, ``manual``, ``category`` or ``course`` (M10: the total has no name)."""
    module: Mapped[str] = mapped_column(String(30), default="")
    idnumber: Mapped[str] = mapped_column(String(255), default="")
    name: Mapped[str] = mapped_column(String(255), default="")
    cmid: Mapped[int | None]
    instance: Mapped[int | None]
    """Number of the activity; for a total, of its category."""
    category_id: Mapped[int | None]
    """Moodle's number of the category that holds it."""
    category: Mapped[str] = mapped_column(String(255), default="", server_default="")
    """Name of that category, or of the one that a total is of; empty: not told."""
    outcome_id: Mapped[int | None]
    """Outcome that it grades. Which scale an item has is not told (M4): rules declare it."""
    locked: Mapped[bool | None]
    """Whether the whole column is locked; None: not told."""
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it was first read, or became what it is; once gone, when it was last read."""
    gone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When a reading first missed it: the values known are old."""


class GradeSnapshot(Base):
    """One grade of one person at one moment, exactly as read; rows are only ever added."""

    __tablename__ = "grade_snapshot"
    __table_args__ = (Index(None, "account_id", "item_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("grade_item.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    pull_id: Mapped[int] = mapped_column(ForeignKey("pull.id"))
    final: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    """Moodle's ``graderaw``, which is the final grade (M1); None: no grade, or hidden from us."""
    grade_min: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    grade_max: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    """Bounds for this person: totals differ from one learner to the next."""
    hidden: Mapped[bool | None]
    overridden: Mapped[bool | None]
    locked: Mapped[bool | None]
    excluded: Mapped[bool | None]
    needs_update: Mapped[bool | None]
    """Flags of three values: None is unknown, not False (M11)."""
    counts: Mapped[bool | None]
    """For a column that the tool publishes: whether it counts in a total; None: unknown. Always None
    for the other columns."""
    label: Mapped[str] = mapped_column(String(255), default="")
    """``gradeformatted``: word of the scale; never parsed."""
    way: Mapped[Way | None] = mapped_column(String(8))
    """How it was read; None: before that was kept. The site, the function, the moment and what the
    token was seen to lack stand in the reading."""
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)

    item: Mapped[GradeItem] = relationship()
    pull: Mapped[Pull] = relationship()


class CurrentGrade(Base):
    """Which snapshot is the present one: one indexed read. ``LearnerReading`` says how fresh it is."""

    __tablename__ = "current_grade"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("grade_item.id"), primary_key=True)
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("grade_snapshot.id"))

    snapshot: Mapped[GradeSnapshot] = relationship()


class CompletionSnapshot(Base):
    """Whether a person had completed a course at one moment; rows are only ever added."""

    __tablename__ = "completion_snapshot"
    __table_args__ = (Index(None, "account_id", "course_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    pull_id: Mapped[int] = mapped_column(ForeignKey("pull.id"))
    completed: Mapped[bool | None]
    """None: the course has no criteria, or Moodle would not say (``reason``)."""
    criteria: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(40), default="")
    """Error code of Moodle when it would not say, e.g. ``nocriteriaset``."""
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)

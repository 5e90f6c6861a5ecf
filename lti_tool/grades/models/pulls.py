"""Tables of the readings themselves: what was read of a course, and what has to be."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Float, ForeignKey, Index, LargeBinary, String, false, true
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.grades.rules.plan import Measure
from lti_tool.store import Base, UtcDateTime


class Pull(Base):
    """One reading of one course: what was read, what had changed, what could not be read."""

    __tablename__ = "pull"
    __table_args__ = (Index(None, "course_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    site_url: Mapped[str] = mapped_column(String(300), default="", server_default="")
    """Address of the site that answered; empty: before that was kept."""
    probe: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    """What the last check of the token had found missing, when the reading began; None: no check."""
    probed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Moment of that check."""
    everyone: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether the gradebook of everybody was to be read; else that of some learners."""
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """None: interrupted; what it wrote stays true."""
    read: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    unreadable: Mapped[int] = mapped_column(default=0)
    error_code: Mapped[str | None] = mapped_column(String(40))
    error_reason: Mapped[str | None] = mapped_column(String(40))
    """Finer word of the client below the code, e.g. ``certificate_expired``."""
    warnings: Mapped[list[str]] = mapped_column(JSON)
    """Codes of warnings: hidden grades without the capability, changed scales…"""


class LearnerReading(Base):
    """When the gradebook of a learner was last read, and a digest of what it said.

    A reading of everybody that changes nothing writes nothing here: its own date stands for those
    that it covers (``dating``).
    """

    __tablename__ = "learner_reading"

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When a reading last found something new, or read this learner alone."""
    covered: Mapped[bool]
    """Whether the readings of everybody that ended since ``read_at`` read this learner too."""
    digest: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    """Of every value of the gradebook as last read; None: unknown."""


class ReadingCost(Base):
    """What reading a course costs its site, as measured: moving averages."""

    __tablename__ = "reading_cost"

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    measure: Mapped[Measure] = mapped_column(String(8), primary_key=True)
    seconds: Mapped[float] = mapped_column(Float)
    measured_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DueReading(Base):
    """A mark: something of a course has to be read. Gone once it was read and stored.

    Marks are never changed once a reading took them: what is marked meanwhile is a row of its own.
    """

    __tablename__ = "due_reading"
    __table_args__ = (Index(None, "course_id", "taken", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    subject: Mapped[int | None] = mapped_column(BigInteger)
    """Moodle's user id; None: the whole course."""
    parts: Mapped[list[str]] = mapped_column(JSON)
    """``Part`` of what has to be read."""
    priority: Mapped[int]
    """``jobs.Priority``: the smallest is the most urgent."""
    reason: Mapped[str] = mapped_column(String(40))
    """Why, in one stable word: ``asked``, ``report``, ``night``…"""
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether a reading began that covers it."""

"""Tables of who is in a course: enrolment, and whose grades cannot be read."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.people.models import Account
from lti_tool.platforms.models import Course
from lti_tool.store import Base, UtcDateTime


class EnrolmentState(StrEnum):
    """State of an enrolment as the web services, then the site's report, let it be known."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    """Not in force: web services do not say why, and no report does."""
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    FUTURE = "future"
    GONE = "gone"

    @property
    def is_inactive(self) -> bool:
        """Whether Moodle has the enrolment, and it is not in force."""
        return self not in (EnrolmentState.ACTIVE, EnrolmentState.GONE)


class EnrolledAs(StrEnum):
    """What the web services say that an account is in a course."""

    LEARNER = "learner"
    TRAINER = "trainer"
    OTHER = "other"
    """Roles of neither, and none that the gradebook counts: no learner, whatever LTI calls them."""


class Enrolment(Base):
    """An account is enrolled in a course."""

    __tablename__ = "enrolment"
    __table_args__ = (UniqueConstraint("course_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[EnrolledAs] = mapped_column(String(10))
    state: Mapped[EnrolmentState] = mapped_column(String(10))
    last_access: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Last access to the course, when Moodle tells."""
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)

    account: Mapped[Account] = relationship()
    course: Mapped[Course] = relationship()


class Unreadable(Base):
    """A person whose grades could not be read at the last pull, and why; gone once they can."""

    __tablename__ = "unreadable"
    __table_args__ = (UniqueConstraint("course_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(String(40))
    """``account_suspended``, ``enrolment_`` and the state of one not in force, ``gone``, or a Moodle error code."""
    since: Mapped[datetime] = mapped_column(UtcDateTime)

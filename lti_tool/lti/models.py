"""Tables of the launch and of the platform's services.

``login_attempt``: each login that was begun. ``launch_refusal``: how many were refused, and why.
``resource_link``: each activity that opens the tool and what it shows. ``content_selection``: content being chosen. ``context_services``: what
the platform offers for a course. ``member``: the roster (NRPS). ``line_item``, ``score``: what is
published in the gradebook (AGS).
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.people.models import Account
from lti_tool.platforms.models import Course, Deployment, Registration
from lti_tool.store import Base, EncryptedText, ExactDecimal, UtcDateTime, new_public_id


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
    storage_target: Mapped[str | None] = mapped_column(String(200))
    """``lti_storage_target``: the frame of the platform that keeps the state when cookies do not;
    None when the platform has no such storage."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    consumed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    registration: Mapped[Registration] = relationship()


class LaunchRefusal(Base):
    """How many logins and launches were refused in one day for one reason; nothing about people."""

    __tablename__ = "launch_refusal"
    __table_args__ = (
        UniqueConstraint("registration_id", "reason", "day"),
        # Two absent values are never equal to a database: unknown platforms have an index of theirs.
        Index(
            "uq_launch_refusal_unknown",
            "reason",
            "day",
            unique=True,
            sqlite_where=text("registration_id IS NULL"),
            postgresql_where=text("registration_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"))
    """None: no registration could be told from the request."""
    reason: Mapped[str] = mapped_column(String(40))
    """The code that the page showed."""
    day: Mapped[date] = mapped_column(index=True)
    """UTC."""
    count: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Placement(StrEnum):
    """What an activity of the course shows of the tool."""

    PATH = "path"
    ACTION = "action"
    CERTIFICATION = "certification"
    COHORT = "cohort"


class ResourceLink(Base):
    """An activity that opens the tool (1EdTech: resource link), as its last launch told."""

    __tablename__ = "resource_link"
    __table_args__ = (UniqueConstraint("deployment_id", "link_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id"))
    """Deployment.id, not the platform's text."""
    link_id: Mapped[str] = mapped_column(String(255))
    """``claim/resource_link.id``; for Moodle the number of the instance, not the cmid."""
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    title: Mapped[str] = mapped_column(String(255), default="")
    placement: Mapped[Placement | None] = mapped_column(String(20))
    """None: placed by hand; it opens the page that fits the person."""
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Our own settings that travel in ``custom``."""
    copied_from: Mapped[str] = mapped_column(String(255), default="")
    """Where the settings were made, when the course is a copy: the context's number there."""
    lineitem_url: Mapped[str] = mapped_column(String(1000), default="")
    """``claim/endpoint.lineitem``: the activity's own column, when there is exactly one."""
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)

    deployment: Mapped[Deployment] = relationship()
    course: Mapped[Course] = relationship()


class ContentSelection(Base):
    """A choice of content that a platform asked for and a trainer has not sent yet (deep linking).

    The row goes when the answer does: nothing of it is of use afterwards.
    """

    __tablename__ = "content_selection"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    """Who launched; nobody else finds it."""
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id"))
    return_url: Mapped[str] = mapped_column(EncryptedText)
    """``deep_link_return_url``; Moodle writes the session key of the person in it."""
    data: Mapped[str | None] = mapped_column(EncryptedText)
    """``data``, to be given back unchanged; None: the platform sent none."""
    multiple: Mapped[bool]
    """``accept_multiple``."""
    columns: Mapped[bool]
    """Whether an item may come with a column of the gradebook."""
    title: Mapped[str] = mapped_column(String(255), default="")
    """Title that the trainer typed before opening the tool."""
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    course: Mapped[Course] = relationship()
    deployment: Mapped[Deployment] = relationship()


class ContextServices(Base):
    """The addresses that the platform gave for one course; no other is ever called."""

    __tablename__ = "context_services"
    __table_args__ = (UniqueConstraint("course_id", "registration_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    memberships_url: Mapped[str] = mapped_column(String(1000), default="")
    lineitems_url: Mapped[str] = mapped_column(String(1000), default="")
    scopes: Mapped[list[str]] = mapped_column(JSON)
    """Scopes of AGS that the launch announced."""
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    roster_read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the roster was last read to its end."""

    course: Mapped[Course] = relationship()
    registration: Mapped[Registration] = relationship()


class Member(Base):
    """An account in the roster of a course (NRPS), joined by the site and its number only."""

    __tablename__ = "member"
    __table_args__ = (UniqueConstraint("course_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    roles: Mapped[list[str]] = mapped_column(JSON)
    """Short names: Moodle's roster calls a non-editing teacher ``Learner``."""
    first_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    gone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When a roster read to its end no longer had this member."""

    account: Mapped[Account] = relationship()
    course: Mapped[Course] = relationship()


class Outcome(StrEnum):
    """What a column of the gradebook shows."""

    CERTIFIED = "certified"
    PROGRESS = "progress"


class Weight(StrEnum):
    """What is known of the weight of a column of ours in the course total (decision 0031)."""

    NOT_READ = "not_read"
    """Nothing yet."""
    COUNTS = "counts"
    """It counts, as every new column does: no score is sent."""
    ASKED = "asked"
    """A trainer says that it does not count any more: the next score is sent alone, to see."""
    TRIED = "tried"
    """One score was sent, since ``weighed_at``, to see whether it counts."""
    OUT = "out"
    """It does not count: scores are sent."""
    UNSHOWN = "unshown"
    """The platform does not show weights: no score is sent."""
    NO_TOTALS = "no_totals"
    """The tool has no token there and reads no total: scores are sent."""


class LineItem(Base):
    """A column of the platform's gradebook that the tool writes (AGS: line item)."""

    __tablename__ = "line_item"
    __table_args__ = (UniqueConstraint("course_id", "registration_id", "outcome"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    outcome: Mapped[Outcome] = mapped_column(String(12))
    url: Mapped[str | None] = mapped_column(String(1000))
    """As the platform gave it; None: to be made, or made again because it was deleted there."""
    label: Mapped[str] = mapped_column(String(255))
    score_maximum: Mapped[Decimal] = mapped_column(ExactDecimal)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When a trainer stopped publishing; the column stays in Moodle."""
    weight: Mapped[Weight] = mapped_column(String(12), default=Weight.NOT_READ)
    weighed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when ``weight`` is what it is."""

    course: Mapped[Course] = relationship()
    registration: Mapped[Registration] = relationship()


class ScoreState(StrEnum):
    """Where one score is on its way."""

    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"


class Score(Base):
    """What one learner should have in one column, and what the platform said of it."""

    __tablename__ = "score"
    __table_args__ = (
        UniqueConstraint("line_item_id", "account_id"),
        Index(None, "line_item_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_item_id: Mapped[int] = mapped_column(ForeignKey("line_item.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    given: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    """Out of 100; None: whatever was sent is to be taken away."""
    comment: Mapped[str] = mapped_column(String(500), default="")
    state: Mapped[ScoreState] = mapped_column(String(12), default=ScoreState.WAITING)
    wanted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When this value became the one to publish."""
    attempts: Mapped[int] = mapped_column(default=0)
    error_code: Mapped[str] = mapped_column(String(40), default="")
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """``timestamp`` of the last score that the platform accepted."""

    line_item: Mapped[LineItem] = relationship()
    account: Mapped[Account] = relationship()

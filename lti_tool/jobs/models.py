"""The ledger of background work: jobs, their attempts, the workers, the leases."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store import Base, UtcDateTime, new_public_id


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Priority(IntEnum):
    """How urgent a job is; the smallest goes first."""

    ASKED = 10
    """A person waits for it."""
    SOON = 20
    """Something just changed."""
    NORMAL = 30
    BACKGROUND = 40
    """By night, or when nothing else is due."""


PENDING = (JobState.QUEUED, JobState.RUNNING)
_WAITING = text("state IN ('queued', 'running')")


class Job(Base):
    """One piece of background work, asked for in the transaction that needs it."""

    __tablename__ = "job"
    __table_args__ = (
        Index(
            "uq_job_pending_key",
            "key",
            unique=True,
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        Index(None, "state", "priority", "run_at", "id"),
        Index(None, "state", "lease_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    """Unguessable identifier used in addresses."""
    kind: Mapped[str] = mapped_column(String(60))
    """Name of the task, e.g. ``grades.pull_course``."""
    args: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Identifiers that the task takes."""
    key: Mapped[str | None] = mapped_column(String(120))
    """Two waiting or running jobs never share a key."""
    state: Mapped[JobState] = mapped_column(String(12), default=JobState.QUEUED)
    priority: Mapped[int] = mapped_column(default=Priority.NORMAL)
    """A ``Priority``: of the jobs that are due the smallest goes first."""
    attempts: Mapped[int] = mapped_column(default=0)
    """How many times a worker tried it; what was given back or lost with its worker does not count."""
    asked_by: Mapped[int | None]
    """Person who asked, None for the clock and the command line."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    run_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """Not before this moment."""
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """A running job whose lease is over was left by a dead worker."""
    worker: Mapped[str | None] = mapped_column(String(60))
    """Token of the claim: only its holder may write the end."""
    cancel_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When a person asked a running job to stop."""
    progress_done: Mapped[int] = mapped_column(default=0)
    progress_total: Mapped[int | None]
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """What the task reports: counts, moments, warnings."""
    error_code: Mapped[str | None] = mapped_column(String(40))
    """Stable code of the last failure."""
    error_detail: Mapped[str | None] = mapped_column(String(500))
    """Technical precision, without token or personal data."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state not in PENDING


class AttemptEnd(StrEnum):
    """How one attempt at a job ended."""

    DONE = "done"
    FAILED = "failed"
    RETRIED = "retried"
    """Failed, and another attempt follows."""
    CANCELLED = "cancelled"
    GIVEN_BACK = "given_back"
    """Its worker was told to stop."""
    LOST = "lost"
    """Its worker died, or slept past its lease."""


class JobAttempt(Base):
    """One attempt at a job: when, by which worker, how it ended."""

    __tablename__ = "job_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"), index=True)
    token: Mapped[str] = mapped_column(String(60))
    """Token of the claim."""
    worker: Mapped[str] = mapped_column(String(120))
    """``host:pid`` of the process."""
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[AttemptEnd | None] = mapped_column(String(12))
    """None while it runs."""
    error_code: Mapped[str | None] = mapped_column(String(40))


class JobWorker(Base):
    """A process that does background work, while it lives and a day after it was last seen."""

    __tablename__ = "job_worker"

    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    """``host:pid``, and what tells it from a former process of the same number."""
    threads: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Lease(Base):
    """One slot of a name, held until a moment: see ``lti_tool.jobs.leases``."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    holder: Mapped[str] = mapped_column(String(120))
    until: Mapped[datetime] = mapped_column(UtcDateTime)

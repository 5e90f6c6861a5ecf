"""The ledger of background work."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store import Base, UtcDateTime, new_public_id


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Base):
    """One piece of background work, asked for in the transaction that needs it."""

    __tablename__ = "job"
    __table_args__ = (
        Index(
            "uq_job_pending_key",
            "key",
            unique=True,
            sqlite_where=text("state IN ('queued', 'running')"),
            postgresql_where=text("state IN ('queued', 'running')"),
        ),
        Index(None, "state", "run_at"),
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
    attempts: Mapped[int] = mapped_column(default=0)
    """How many times a worker began it."""
    asked_by: Mapped[int | None]
    """Person who asked, None for the clock and the command line."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    run_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """Not before this moment."""
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """A running job whose lease is over was left by a dead worker."""
    worker: Mapped[str | None] = mapped_column(String(60))
    """Token of the claim: only its holder may write the end."""
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
        return self.state in (JobState.DONE, JobState.FAILED)

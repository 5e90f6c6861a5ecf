"""What is done every day without being asked: rooms declare it, the sweep of any worker asks for it.

The ledger is the truth here too. The job of one day has a public identifier of its own, made from
its kind and that day, and no two rows share one: however many workers sweep, it is asked for once.
A worker that was off asks, when it comes back, for the last day that it missed, and only for that.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.jobs.models import Job
from lti_tool.jobs.service import ring_later

DAY = timedelta(days=1)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class DailyTask:
    """A task without arguments and its hour (UTC)."""

    kind: str
    at: time

    def last_due(self, moment: datetime) -> datetime:
        """Return the last time that it was due, not after ``moment``."""
        today = datetime.combine(moment.date(), self.at, moment.tzinfo)
        return today if today <= moment else today - DAY


_daily: dict[str, DailyTask] = {}


def daily(kind: str, at: time) -> None:
    """Have the task ``kind`` asked for once a day, from ``at`` (UTC) on; it takes no argument."""
    _daily[kind] = DailyTask(kind, at)


def daily_tasks() -> list[DailyTask]:
    """Return what was declared, in the order of the day."""
    return sorted(_daily.values(), key=lambda task: (task.at, task.kind))


def ask_for_daily_tasks(sessions: sessionmaker[Session]) -> int:
    """Ask for what is due and was not asked for; return how many jobs that made."""
    moment = clock.now()
    return sum(_ask(sessions, task, task.last_due(moment)) for task in daily_tasks())


def _ask(sessions: sessionmaker[Session], task: DailyTask, due: datetime) -> bool:
    name = _name(task.kind, due)
    with sessions() as session:
        if session.scalar(select(Job.id).where(Job.public_id == name)) is not None:
            return False
        job = Job(
            public_id=name,
            kind=task.kind,
            args={},
            created_at=clock.now(),
            run_at=due,
        )
        session.add(job)
        try:
            session.flush()
        except IntegrityError:
            return False  # another worker asked in between
        ring_later(session, job)
        session.commit()
    log.info("job.scheduled", kind=task.kind, due=due.isoformat())
    return True


def _name(kind: str, due: datetime) -> str:
    return hashlib.sha256(f"{kind} {due:%Y-%m-%d}".encode()).hexdigest()[:32]

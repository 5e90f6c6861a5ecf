"""What is done without being asked, every day or every few minutes: rooms declare it, the leader asks.

The ledger is the truth here too. The job of one turn has a public identifier of its own, made from
its kind and that turn, and no two rows share one: however many processes ask, it is asked for
once. Somebody who was off asks, when they come back, for the last turn that was missed, and only
for that. No turn is added while the one before still waits or runs.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import Enum

import structlog
from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.jobs.models import PENDING, Job, Priority
from lti_tool.jobs.service import ring_later

DAY = timedelta(days=1)
PERIODIC = "periodic:"
"""Begins the key of the jobs that the clock asks for."""
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class DailyTask:
    """A task without arguments and its hour (UTC)."""

    kind: str
    at: time
    priority: Priority = Priority.BACKGROUND

    def last_due(self, moment: datetime) -> datetime:
        """Return the last time that it was due, not after ``moment``."""
        today = datetime.combine(moment.date(), self.at, moment.tzinfo)
        return today if today <= moment else today - DAY

    def name(self, due: datetime) -> str:
        """Return the public identifier of the job of a turn."""
        return _hash(f"{self.kind} {due:%Y-%m-%d}")


@dataclass(frozen=True, slots=True)
class FrequentTask:
    """A task without arguments and the time between two turns."""

    kind: str
    period: timedelta
    priority: Priority = Priority.NORMAL

    def last_due(self, moment: datetime) -> datetime:
        """Return the last time that it was due, not after ``moment``."""
        return EPOCH + (moment - EPOCH) // self.period * self.period

    def name(self, due: datetime) -> str:
        """Return the public identifier of the job of a turn."""
        return _hash(f"{self.kind} {due:%Y-%m-%dT%H:%M}")


PeriodicTask = DailyTask | FrequentTask
_daily: dict[str, DailyTask] = {}
_frequent: dict[str, FrequentTask] = {}


def daily(kind: str, at: time) -> None:
    """Have the task ``kind`` asked for once a day, from ``at`` (UTC) on; it takes no argument."""
    _daily[kind] = DailyTask(kind, at)


def every(kind: str, minutes: int, priority: Priority = Priority.NORMAL) -> None:
    """Have the task ``kind`` asked for every so many minutes; it takes no argument.

    Raises:
        ValueError: less than a minute.
    """
    if minutes < 1:
        raise ValueError("a task is done every minute at most")
    _frequent[kind] = FrequentTask(kind, timedelta(minutes=minutes), priority)


def daily_tasks() -> list[DailyTask]:
    """Return what is done every day, in the order of the day."""
    return sorted(_daily.values(), key=lambda task: (task.at, task.kind))


def frequent_tasks() -> list[FrequentTask]:
    """Return what is done every few minutes, the most frequent first."""
    return sorted(_frequent.values(), key=lambda task: (task.period, task.kind))


class Turn(Enum):
    """What became of one turn of a periodic task."""

    MADE = "made"
    ASKED = "asked"
    """It was asked for before, or by somebody else."""
    EARLY = "early"
    """The turn before it still waits or runs."""


class Asker:
    """Asks for periodic work; remembers what it asked for, so that an idle ledger is not read.

    Args:
        sessions: factory of database sessions.
    """

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions
        self._settled: dict[str, datetime] = {}

    def ask(self) -> int:
        """Ask for what is due and was not asked for; return how many jobs that made."""
        moment = clock.now()
        made = 0
        periodic: list[PeriodicTask] = [*daily_tasks(), *frequent_tasks()]
        for task in periodic:
            due = task.last_due(moment)
            if self._settled.get(task.kind) == due:
                continue
            turn = _ask(self._sessions, task, due)
            made += turn is Turn.MADE
            if turn is not Turn.EARLY:
                self._settled[task.kind] = due
        return made


def ask_for_periodic_work(sessions: sessionmaker[Session]) -> int:
    """Ask once for what is due and was not asked for; return how many jobs that made."""
    return Asker(sessions).ask()


def _ask(sessions: sessionmaker[Session], task: PeriodicTask, due: datetime) -> Turn:
    name, key = task.name(due), f"{PERIODIC}{task.kind}"
    with sessions() as session:
        asked = select(Job.public_id).where(
            or_(Job.public_id == name, (Job.key == key) & Job.state.in_(PENDING))
        )
        if found := set(session.scalars(asked)):
            return Turn.ASKED if name in found else Turn.EARLY
        job = Job(
            public_id=name,
            kind=task.kind,
            args={},
            key=key,
            created_at=clock.now(),
            run_at=due,
            priority=task.priority,
        )
        session.add(job)
        try:
            session.flush()
        except IntegrityError:
            return Turn.ASKED  # another process asked in between
        ring_later(session, job)
        session.commit()
    log.info("job.scheduled", kind=task.kind, due=due.isoformat())
    return Turn.MADE


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]

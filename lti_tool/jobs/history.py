"""The jobs of the ledger for those who look after them, and the forgetting of old ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, case, delete, func, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.jobs.leader import LEADER
from lti_tool.jobs.leases import holders
from lti_tool.jobs.models import PENDING, Job, JobAttempt, JobState, JobWorker, Lease
from lti_tool.jobs.schedule import PERIODIC

PAGE_SIZE = 50
BATCH = 500
ALIVE = timedelta(seconds=45)
"""A worker not seen for that long is dead or cut off from the database."""
DAY = timedelta(days=1)
UNEVENTFUL = 2 * DAY
"""How long the periodic work that went well is kept: there is much of it and nothing to say."""

_before_forgetting: list[Callable[[Session, Sequence[int]], None]] = []


@dataclass(frozen=True, slots=True)
class JobFilter:
    """What is looked for; empty: everything."""

    state: str = ""
    kind: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class JobPage:
    """One page of the list."""

    jobs: list[Job]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Workforce:
    """Who works."""

    workers: list[JobWorker]
    """Those seen lately."""
    leader: str
    """Name of the worker that leads, empty: none."""


def list_jobs(session: Session, asked: JobFilter) -> JobPage:
    """Return a page of the jobs: what runs first, then what waits, then the newest that are over."""
    matching = _matching(select(Job), asked)
    total = session.scalar(select(func.count()).select_from(matching.subquery())) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(1, asked.page), pages)
    place = case((Job.state == JobState.RUNNING, 0), (Job.state == JobState.QUEUED, 1), else_=2)
    # What waits in the order in which it will be done; a number too large for it in the others.
    turn = case((Job.state == JobState.QUEUED, Job.priority), else_=0)
    jobs = session.scalars(
        matching.order_by(place, turn, Job.finished_at.desc(), Job.run_at, Job.id.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    return JobPage(list(jobs), total, page, pages)


def attempts_of(session: Session, job: Job) -> list[JobAttempt]:
    """Return the attempts at a job, the first one first."""
    found = select(JobAttempt).where(JobAttempt.job_id == job.id).order_by(JobAttempt.id)
    return list(session.scalars(found))


def workforce(session: Session, moment: datetime) -> Workforce:
    """Return the workers that live and the one that leads."""
    seen = select(JobWorker).where(JobWorker.seen_at > moment - ALIVE).order_by(JobWorker.name)
    leaders = holders(session, LEADER)
    return Workforce(list(session.scalars(seen)), leaders[0].holder if leaders else "")


def before_forgetting(let_go: Callable[[Session, Sequence[int]], None]) -> None:
    """Have ``let_go(session, job_ids)`` called before jobs are erased: for tables that name them."""
    if let_go not in _before_forgetting:
        _before_forgetting.append(let_go)


def forget_old_jobs(sessions: sessionmaker[Session], moment: datetime, days: int) -> int:
    """Erase what has been over for so many days, and what dead workers left; return how many jobs.

    In transactions of ``BATCH`` jobs, so that nobody waits long. May be interrupted and repeated.
    """
    old = select(Job.id).where(Job.state.not_in(PENDING), Job.finished_at < moment - days * DAY)
    uneventful = select(Job.id).where(
        Job.state == JobState.DONE,
        Job.key.startswith(PERIODIC),
        Job.finished_at < moment - UNEVENTFUL,
    )
    erased = sum(_erase(sessions, found) for found in (old, uneventful))
    with sessions.begin() as session:
        session.execute(delete(JobWorker).where(JobWorker.seen_at < moment - DAY))
        session.execute(delete(Lease).where(Lease.until < moment - DAY))
    return erased


def _erase(sessions: sessionmaker[Session], found: Select[int]) -> int:
    erased = 0
    while True:
        with sessions.begin() as session:
            ids = list(session.scalars(found.limit(BATCH)))
            if not ids:
                return erased
            for let_go in _before_forgetting:
                let_go(session, ids)
            session.execute(delete(JobAttempt).where(JobAttempt.job_id.in_(ids)))
            session.execute(delete(Job).where(Job.id.in_(ids)))
        erased += len(ids)


def _matching(query: Select[Job], asked: JobFilter) -> Select[Job]:
    if asked.state:
        query = query.where(Job.state == asked.state)
    if asked.kind:
        query = query.where(Job.kind == asked.kind)
    return query

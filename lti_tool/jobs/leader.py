"""The one process that asks for periodic work, takes back what dead workers left, and sweeps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.jobs import leases
from lti_tool.jobs.claims import take_back
from lti_tool.jobs.models import Job, JobState
from lti_tool.jobs.schedule import Asker
from lti_tool.jobs.service import RINGS_AT_ONCE

LEADER = "jobs.leader"

log = structlog.get_logger(__name__)


class Leader:
    """A process that leads when nobody else does.

    Args:
        sessions: factory of database sessions.
        holder: name of the process, unlike any other.
        ring: wakes a worker.
        term: how long it leads without another turn.
    """

    def __init__(
        self,
        sessions: sessionmaker[Session],
        holder: str,
        ring: Callable[[], None],
        term: timedelta,
    ) -> None:
        self._sessions = sessions
        self._holder = holder
        self._ring = ring
        self._term = term
        self._asker = Asker(sessions)
        self.leads = False

    def turn(self) -> int:
        """Lead if nobody else does: ask, take back, sweep; return how many jobs are due."""
        with self._sessions.begin() as session:
            leads = leases.acquire(session, LEADER, self._holder, clock.now() + self._term)
        if leads != self.leads:
            log.info("jobs.leader" if leads else "jobs.no_longer_leader", process=self._holder)
            self.leads = leads
        if not leads:
            return 0
        self._asker.ask()
        take_back(self._sessions)
        return sweep(self._sessions, self._ring)

    def resign(self) -> None:
        """Let somebody else lead at once."""
        if self.leads:
            with self._sessions.begin() as session:
                leases.release(session, LEADER, self._holder)
            self.leads = False


def sweep(sessions: sessionmaker[Session], ring: Callable[[], None]) -> int:
    """Ring for the jobs that are due, whose bell was lost or whose moment came; return how many."""
    due = select(Job.id).where(Job.state == JobState.QUEUED, Job.run_at <= clock.now())
    with sessions() as session:
        number = session.scalar(
            select(func.count()).select_from(due.limit(RINGS_AT_ONCE).subquery())
        )
    for _bell in range(number or 0):
        ring()
    return number or 0

"""One process that does background work: threads that hear the bell, and a beat.

Each thread claims what is most urgent until nothing is due, then waits for the bell; it looks by
itself from time to time, so that a bell that does not ring delays work and loses none. The beat
says that the process lives, renews the claims of what runs, and leads when nobody else does.

Told to stop (SIGTERM, SIGINT), the process claims nothing more; short tasks finish, long ones stop
at their next progress and go back to the queue; what still runs when ``grace`` is over goes back
as it is. Told twice, it does not wait.
"""

from __future__ import annotations

import secrets
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from threading import Event, Lock, Thread, current_thread, main_thread
from time import monotonic
from typing import TypeVar

import structlog
from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.jobs.claims import LEASE
from lti_tool.jobs.engine import Bell
from lti_tool.jobs.leader import Leader
from lti_tool.jobs.models import JobWorker
from lti_tool.jobs.runner import Held, process_name, run_next
from lti_tool.settings import Settings

T = TypeVar("T")
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a worker does what; seconds, but for the lease."""

    lease: timedelta = LEASE
    beat: float = 10.0
    """Between two beats; a lease outlives several."""
    look: float = 15.0
    """Between two looks into the ledger when no bell rings."""
    again: float = 2.0
    """Before another try when the database or the bell does not answer."""
    grace: float = 20.0
    """Given to what runs when the process is told to stop."""


class Worker:
    """A process of background work.

    Args:
        sessions: factory of database sessions.
        settings: the settings of this process.
        bell: what wakes it.
        threads: how many jobs it runs at once.
        pace: how often it does what.
    """

    def __init__(
        self,
        sessions: sessionmaker[Session],
        settings: Settings,
        bell: Bell,
        threads: int = 2,
        pace: Pace | None = None,
    ) -> None:
        self._sessions = sessions
        self._settings = settings
        self._bell = bell
        self._threads = threads
        self._pace = pace or Pace()
        self.name = f"{process_name()}:{secrets.token_hex(3)}"
        self._leader = Leader(sessions, self.name, bell.ring, term=3 * self._beat())
        self._started_at = clock.now()
        self._stop = Event()
        self._told = 0
        self._held: set[Held] = set()
        self._holding = Lock()

    def run(self) -> bool:
        """Work until told to stop (blocking).

        Returns:
            Whether every task ended; the threads of the others go on until the process ends.
        """
        if current_thread() is main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, self._hear_signal)
        log.info("worker.started", worker=self.name, threads=self._threads, engine=self._bell.kind)
        beating = Event()
        beat = Thread(target=self._beat_until, args=(beating,), name="beat", daemon=True)
        threads = [
            Thread(target=self._work, name=f"worker-{number}", daemon=True)
            for number in range(self._threads)
        ]
        for thread in (beat, *threads):
            thread.start()
        # A handler must not touch an Event that this thread waits for: it counts, and we look.
        while not self._told:
            self._stop.wait(0.5)
        self._stop.set()
        clean = self._finish(threads)
        beating.set()
        beat.join(self._pace.again)
        self._attempt(self._leave)
        self._bell.close()
        log.info("worker.stopped", worker=self.name, clean=clean)
        return clean

    def stop(self) -> None:
        """Tell the worker to stop, as a signal does."""
        self._told += 1

    def _hear_signal(self, _number: int, _frame: object) -> None:
        self.stop()

    def _work(self) -> None:
        looked = -self._pace.look
        while not self._stop.is_set():
            rung = self._bell.heard(self._stop)
            if rung is None:
                self._stop.wait(self._pace.again)
            if rung is False and monotonic() - looked < self._pace.look:
                continue
            while not self._stop.is_set() and self._attempt(self._run_next):
                pass
            looked = monotonic()
        self._bell.close()

    def _run_next(self) -> bool:
        held: list[Held] = []

        def holding(one: Held) -> None:
            held.append(one)
            with self._holding:
                self._held.add(one)
            if self._stop.is_set():
                one.interrupt()

        try:
            return run_next(
                self._sessions,
                self._settings,
                worker=self.name,
                lease=self._pace.lease,
                holding=holding,
            )
        finally:
            with self._holding:
                self._held.difference_update(held)

    def _beat_until(self, over: Event) -> None:
        while not over.is_set():
            self._attempt(self._tell)
            for held in self._running():
                self._attempt(held.beat)
            if not self._stop.is_set():
                self._attempt(self._leader.turn)
            over.wait(self._pace.beat)

    def _finish(self, threads: list[Thread]) -> bool:
        for held in self._running():
            held.interrupt()
        limit = monotonic() + self._pace.grace
        while any(thread.is_alive() for thread in threads):
            if monotonic() > limit or self._told > 1:
                break
            for thread in threads:
                thread.join(0.1)
        left = self._running()
        for held in left:
            self._attempt(held.give_back)
        return not left

    def _running(self) -> list[Held]:
        with self._holding:
            return list(self._held)

    def _tell(self) -> None:
        """Write in the ledger that this process lives."""
        values = {"threads": self._threads, "seen_at": clock.now()}
        with self._sessions.begin() as session:
            insert = (
                postgresql.insert
                if session.get_bind().dialect.name == "postgresql"
                else sqlite.insert
            )
            session.execute(
                insert(JobWorker)
                .values(name=self.name, started_at=self._started_at, **values)
                .on_conflict_do_update(index_elements=[JobWorker.name], set_=values)
            )

    def _leave(self) -> None:
        self._leader.resign()
        with self._sessions.begin() as session:
            session.execute(delete(JobWorker).where(JobWorker.name == self.name))

    def _beat(self) -> timedelta:
        return timedelta(seconds=self._pace.beat)

    def _attempt(self, step: Callable[[], T]) -> T | None:
        """Return what ``step`` returns, None when the database does not answer: the worker outlives it."""
        try:
            return step()
        except OperationalError as error:
            log.warning("worker.database", worker=self.name, error=str(error.orig)[:200])
        except Exception:
            # Nobody else would start this thread again.
            log.exception("worker.crashed", worker=self.name)
        self._stop.wait(self._pace.again)
        return None

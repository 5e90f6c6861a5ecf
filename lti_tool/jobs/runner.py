"""Running one job: its task, its progress, and the end that the ledger keeps.

``Held`` is a job in the hands of this process. While its task runs, the worker's beat renews the
claim (``Held.beat``), so that a long answer of Moodle never loses it; ``progress`` is where the
task learns that it was cancelled, taken over, or that the worker stops.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from datetime import timedelta
from time import monotonic

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.errors import LtiToolError
from lti_tool.jobs.claims import (
    ATTEMPTS,
    LEASE,
    Claim,
    claim_next,
    finish,
    give_back,
    keep,
    requeued,
    take_back,
)
from lti_tool.jobs.interruptions import Cancelled, GivenBack, Interrupted, TakenOver
from lti_tool.jobs.kinds import JobContext, JobError, Result, find_task
from lti_tool.jobs.models import AttemptEnd, JobState
from lti_tool.settings import Settings

BACKOFF = (timedelta(seconds=20), timedelta(minutes=2), timedelta(minutes=10))
WRITE_EVERY = 0.5
"""Seconds between two progresses that are written."""

log = structlog.get_logger(__name__)


def process_name() -> str:
    """Return ``host:pid`` of this process."""
    return f"{socket.gethostname()[:80]}:{os.getpid()}"


class Held:
    """A claimed job and what is known of it between its claim and its end."""

    def __init__(self, sessions: sessionmaker[Session], claim: Claim, lease: timedelta) -> None:
        self.claim = claim
        self._sessions = sessions
        self._lease = lease
        self._interruption: Interrupted | None = None
        self._told: dict[str, int | None] = {}
        self._written = -WRITE_EVERY

    def progress(self, done: int, total: int | None = None) -> None:
        """Record how far the task is, and stop it when it must stop."""
        self._told = {"progress_done": done, "progress_total": total}
        if self._interruption is None and monotonic() - self._written >= WRITE_EVERY:
            self.beat()
        if self._interruption is not None:
            raise self._interruption

    def beat(self) -> None:
        """Renew the claim; remember whether the task must stop."""
        self._written = monotonic()
        with self._sessions.begin() as session:
            stands, cancelled = keep(session, self.claim, clock.now() + self._lease, **self._told)
        if not stands:
            self._interruption = TakenOver()
        elif cancelled is not None:
            self._interruption = Cancelled()

    def interrupt(self) -> None:
        """Have the task stop at its next progress: the worker stops."""
        if self._interruption is None:
            self._interruption = GivenBack()

    def give_back(self) -> None:
        """Put the job back in the queue now, whatever its task is doing."""
        with self._sessions.begin() as session:
            given = give_back(session, self.claim)
        log.info("job.given_back", job=self.claim.job_id, kind=self.claim.kind, given=given)

    def end(self, end: AttemptEnd, **values: object) -> None:
        """Write the end of the attempt, with the last progress told."""
        with self._sessions.begin() as session:
            finish(session, self.claim, end, **{**self._told, **values})


def run_next(
    sessions: sessionmaker[Session],
    settings: Settings,
    *,
    worker: str = "",
    lease: timedelta = LEASE,
    holding: Callable[[Held], None] = lambda _held: None,
) -> bool:
    """Claim the most urgent due job and run it to its end; False when nothing is due.

    Args:
        sessions: factory of database sessions.
        settings: the settings of this process.
        worker: name of the process, for the history.
        lease: how long the claim lasts without a beat.
        holding: told of the job before its task begins.
    """
    claim = claim_next(sessions, worker or process_name(), lease)
    if claim is None:
        return False
    held = Held(sessions, claim, lease)
    holding(held)
    context = JobContext(
        sessions=sessions,
        settings=settings,
        job_id=claim.job_id,
        progress=held.progress,
        token=claim.token,
    )
    try:
        result = find_task(claim.kind)(context, **claim.args)
    except TakenOver:
        log.warning("job.taken_over", job=claim.job_id, kind=claim.kind)
    except GivenBack:
        held.give_back()
    except Cancelled:
        held.end(AttemptEnd.CANCELLED, state=JobState.CANCELLED, finished_at=clock.now())
        log.info("job.cancelled", job=claim.job_id, kind=claim.kind)
    except LtiToolError as error:
        _fail(held, JobError(error.code, error.detail))
    except JobError as error:
        _fail(held, error)
    except OperationalError as error:
        _fail(held, JobError("JOB-DATABASE", type(error.orig).__name__, retryable=True))
    except Exception:
        # The one place that catches everything: a bug in a task must end in the ledger, not in
        # a job that stays "running" for ever. The trace goes to the log, the code to the person.
        log.exception("job.crashed", job=claim.job_id, kind=claim.kind)
        _fail(held, JobError("JOB-CRASHED", "see the log", retryable=True))
    else:
        _done(held, result)
    return True


def run_due_jobs(sessions: sessionmaker[Session], settings: Settings) -> int:
    """Run what is due, here and now, until nothing is; return how many jobs ran."""
    take_back(sessions)
    ran = 0
    while run_next(sessions, settings):
        ran += 1
    return ran


def _done(held: Held, result: Result | None) -> None:
    held.end(
        AttemptEnd.DONE,
        state=JobState.DONE,
        result=result or {},
        finished_at=clock.now(),
        error_code=None,
        error_detail=None,
    )
    log.info("job.done", job=held.claim.job_id, kind=held.claim.kind)


def _fail(held: Held, error: JobError) -> None:
    claim, moment = held.claim, clock.now()
    again = error.retryable and claim.attempts < ATTEMPTS
    over = {"state": JobState.FAILED, "finished_at": moment, "run_at": moment}
    held.end(
        AttemptEnd.RETRIED if again else AttemptEnd.FAILED,
        **(requeued(moment + BACKOFF[min(claim.attempts, len(BACKOFF)) - 1]) if again else over),
        error_code=error.code,
        error_detail=error.detail[:500],
    )
    log.warning(
        "job.failed",
        job=claim.job_id,
        kind=claim.kind,
        code=error.code,
        detail=error.detail,
        again=again,
    )

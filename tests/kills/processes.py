"""The processes that are killed: workers, and the tool that asks for readings."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from datetime import timedelta

from lti_tool.app import create_bell
from lti_tool.grades.due import mark_due
from lti_tool.jobs import Priority, runner, schedule
from lti_tool.jobs.worker import Pace, Worker
from tests.kills.school import School

PACE = Pace(lease=timedelta(seconds=0.8), beat=0.2, look=0.3, again=0.05, grace=2.0)
"""As in an installation, a hundred times quicker."""

PAUSE = 0.2
"""Seconds between two questions of the tool, so that it lives as long as a round."""


def start(work: Callable[[], None]) -> int:
    """Fork a process that does ``work``; return its number."""
    pid = os.fork()
    if pid:
        return pid
    try:
        work()
    finally:
        os._exit(0)


def kill(pid: int) -> None:
    """``kill -9``, and wait for the end."""
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def worker(school: School) -> Callable[[], None]:
    """The work of a worker."""

    def work() -> None:
        runner.BACKOFF = (timedelta(seconds=0.1),)
        # The synchronisation alone: the stand-in does not know all that a night reads.
        schedule._daily.clear()
        schedule._frequent.clear()
        parts = school.parts
        Worker(parts.sessions, parts.settings, create_bell(parts), threads=2, pace=PACE).run()

    return work


def tool(school: School, courses: list[int], told: int) -> Callable[[], None]:
    """The work of a tool: asks for courses one after the other; writes each commit to a pipe."""

    def work() -> None:
        create_bell(school.parts)
        for course_id in courses:
            with school.parts.sessions.begin() as session:
                mark_due(session, course_id, None, priority=Priority.ASKED, reason="asked")
            os.write(told, b"%d\n" % course_id)
            time.sleep(PAUSE)

    return work

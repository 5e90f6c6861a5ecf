"""Two workers on one engine beside one: the same courses of several sites, at Moodle's own pace."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from lti_tool import clock
from lti_tool.jobs.engine import Bell
from lti_tool.jobs.history import workforce
from lti_tool.jobs.service import RINGS_AT_ONCE
from tests.benchmarks.figures import Figure, ratio
from tests.benchmarks.installations import Installation, installation, postgresql
from tests.benchmarks.running import process, wait_until
from tests.benchmarks.school import add_sites, ask_for_everything, check_all_went_well, is_at_rest
from tests.benchmarks.size import Size
from tests.benchmarks.standin.process import StandIn
from tests.benchmarks.standin.world import Layout
from tests.benchmarks.stopwatch import Company
from tests.redis_server import find_redis

LIMIT = 1 / 1.7
SITES = 4
LEARNERS = 10
"""Of a course at most: what counts is that workers wait."""
THREADS = "1"
"""Of each worker: a thread waits for Moodle most of the time."""


def measure(size: Size) -> Iterator[Figure]:
    """Read everything with one worker, then with two, on each engine."""
    learners = min(LEARNERS, size.class_size)
    layout = Layout(courses=size.worker_courses, learners=learners, columns=5, groups=2)
    with ExitStack() as stack:
        moodles = [stack.enter_context(StandIn(layout)) for _site in range(SITES)]
        yield _engine(stack, "SQLite", "", "", moodles, size)
        if size.postgresql and (url := stack.enter_context(postgresql())):
            yield _engine(stack, "PostgreSQL", url, url, moodles, size)
            if server := find_redis(""):
                queue = stack.enter_context(server).url
                yield _engine(stack, "SQLite and Redis", "", queue, moodles, size)


def _engine(
    stack: ExitStack, name: str, url: str, queue: str, moodles: list[StandIn], size: Size
) -> Figure:
    tool = stack.enter_context(installation(url))
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="ancrage-workers-")))
    chosen = {"data_dir": folder, "queue_url": queue or f"sqlite:///{folder / 'queue.sqlite3'}"}
    settings = tool.settings.model_copy(update=chosen)
    add_sites(tool.parts, moodles)
    bell = stack.enter_context(closing(Bell(settings.engine_url)))
    company = Company()
    with process(settings, "worker", "--threads", THREADS):
        _wait_for(tool, 1)
        _seconds(tool, bell)  # the first reading writes everything, the next ones nothing
        one = [_seconds(tool, bell) for _turn in range(size.worker_turns)]
        with process(settings, "worker", "--threads", THREADS):
            _wait_for(tool, 2)
            two = [_seconds(tool, bell) for _turn in range(size.worker_turns)]
    check_all_went_well(tool.parts)
    figure = ratio(f"{name}: time of two workers beside one", two, one)
    return replace(
        figure,
        limit=LIMIT if size.worker_turns > 1 else None,
        judged="median",
        others=company.others(),
    )


def _wait_for(tool: Installation, workers: int) -> None:
    def alive() -> bool:
        with tool.parts.sessions() as session:
            return len(workforce(session, clock.now()).workers) == workers

    wait_until(alive, f"{workers} workers live")
    wait_until(lambda: is_at_rest(tool.parts), "nothing is due")


def _seconds(tool: Installation, bell: Bell) -> float:
    """Seconds that the workers take to read every course."""
    begun = time.monotonic()
    ask_for_everything(tool.parts)
    for _bell in range(RINGS_AT_ONCE):
        bell.ring()
    wait_until(lambda: is_at_rest(tool.parts), "everything is read", 600)
    return time.monotonic() - begun

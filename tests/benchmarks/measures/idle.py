"""What an installation uses when there is nothing new: site and worker of 50 sites that are watched.

The processes are real. All that is declared periodic runs as it does in an installation, but the
watch, which comes twice as often as by default, so that each site is watched once in the window.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from lti_tool.settings import Settings
from tests.benchmarks.figures import Figure
from tests.benchmarks.installations import installation, postgresql
from tests.benchmarks.processes import cpu_of, family
from tests.benchmarks.running import process, wait_until, web
from tests.benchmarks.school import add_sites, ask_for_everything, check_all_went_well, is_at_rest
from tests.benchmarks.size import Size
from tests.benchmarks.standin.process import StandIn
from tests.benchmarks.standin.world import Delays, Layout
from tests.benchmarks.stopwatch import Company
from tests.redis_server import find_redis

LIMIT = 2.0
LAYOUT = Layout(courses=1, learners=40, columns=3, groups=2, delays=Delays.none())
PATIENCE = 900.0


@dataclass(frozen=True, slots=True)
class Idle:
    """One installation at rest."""

    name: str
    web: int
    worker: int


def measure(size: Size) -> Iterator[Figure]:
    """Let installations of each kind rest side by side, and count the CPU that they use."""
    with ExitStack() as stack:
        moodles = [stack.enter_context(StandIn(LAYOUT)) for _site in range(size.idle_sites)]
        resting = [_installed(stack, "SQLite", "", "", moodles, size)]
        if size.postgresql and (url := stack.enter_context(postgresql())):
            server = find_redis("")
            queue = stack.enter_context(server).url if server else url
            name = "PostgreSQL and Redis" if server else "PostgreSQL"
            resting.append(_installed(stack, name, url, queue, moodles, size))
        company, begun = Company(), time.monotonic()
        before = {one: _used(one) for one in resting}
        time.sleep(size.idle_seconds)
        window = time.monotonic() - begun
        for one in resting:
            shares = [
                100 * (after - start) / window
                for after, start in zip(_used(one), before[one], strict=True)
            ]
            yield Figure(
                f"{one.name}, {len(moodles)} sites: site and worker",
                "% of a core",
                (sum(shares),),
                LIMIT if size.idle_seconds >= 60 else None,
                others=company.others(),
            )
            yield Figure(f"{one.name}: the worker alone", "% of a core", (shares[1],))


def _installed(
    stack: ExitStack, name: str, url: str, queue: str, moodles: list[StandIn], size: Size
) -> Idle:
    tool = stack.enter_context(installation(url))
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ancrage-idle-")))
    settings: Settings = tool.settings.model_copy(
        update={
            "data_dir": folder,
            "queue_url": queue or f"sqlite:///{folder / 'queue.sqlite3'}",
            "watch_minutes": size.idle_watch_minutes,
        }
    )
    add_sites(tool.parts, moodles)
    ask_for_everything(tool.parts)
    site = stack.enter_context(web(settings))
    worker = stack.enter_context(process(settings, "worker"))
    # All is read, and watched for the first time, before anything is counted.
    wait_until(lambda: is_at_rest(tool.parts), "every course is read", PATIENCE)
    check_all_went_well(tool.parts)
    return Idle(name, site.pid, worker.pid)


def _used(one: Idle) -> tuple[float, float]:
    return cpu_of(family(one.web)), cpu_of(family(one.worker))

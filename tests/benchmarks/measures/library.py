"""A complete launch of ours beside PyLTI1p3's own Flask flow, in the same run and interleaved.

Then the same launches at half of the highest rate, how long each waits included, and what 2,000 of
them leave in memory.
"""

from __future__ import annotations

import gc
import os
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from tests.benchmarks.figures import Figure, ratio
from tests.benchmarks.installations import Installation, installation
from tests.benchmarks.library import Shape, library_tool
from tests.benchmarks.measures.launch import PEOPLE, Opened, launch_once, outbound_calls
from tests.benchmarks.size import Size
from tests.benchmarks.stopwatch import Company
from tests.factories import make_site
from tests.security.forge import public_jwk, publish, registration_of

OURS = "ours"
LIMIT = 1.5
"""Our CPU beside the library's, when it keeps what we keep."""
SPREAD_LIMIT = 3.0
FLAT_MB = 4.0
STATM = Path("/proc/self/statm")


def measure(size: Size) -> Iterator[Figure]:
    """Launch in turn with each, then at half rate, then many times."""
    with ExitStack() as stack:
        ours = stack.enter_context(installation())
        with ours.parts.sessions() as session:
            publish(session, registration_of(session, make_site(session)), public_jwk())
        tools: dict[str, Opened] = {OURS: ours}
        tools |= {str(shape): stack.enter_context(library_tool(shape)) for shape in Shape}
        yield from _side_by_side(tools, size)
        yield from _at_half_rate(ours, size)
        yield from _in_memory(ours, size)


def _side_by_side(tools: dict[str, Opened], size: Size) -> Iterator[Figure]:
    people = min(PEOPLE, size.launches)
    for number in range(people):
        for tool in tools.values():
            launch_once(tool, number)
    used: dict[str, list[float]] = {name: [] for name in tools}
    with outbound_calls() as calls:
        for turn in range(size.launches):
            for name, tool in tools.items():
                used[name].append(launch_once(tool, turn % people).cpu)
    for name, values in used.items():
        yield Figure(f"a launch, {name}: CPU", "ms", tuple(1000 * one for one in values))
    for shape in Shape:
        found = ratio(f"our CPU beside {shape}", used[OURS], used[shape])
        if shape is Shape.DATABASE:
            found = Figure(found.what, found.unit, found.values, limit=LIMIT, judged="median")
        yield found
    yield Figure("calls going out during all of them", "", (float(len(calls)),), limit=0)


def _at_half_rate(tool: Installation, size: Size) -> Iterator[Figure]:
    """Begin a launch at each tick of half the highest rate; who comes early waits their turn."""
    start, company = time.perf_counter(), Company()
    for number in range(size.launches):
        launch_once(tool, number % PEOPLE)
    highest = size.launches / (time.perf_counter() - start)
    tick, waits = 2 / highest, []
    start = time.perf_counter()
    for number in range(size.launches):
        due = start + number * tick
        time.sleep(max(0.0, due - time.perf_counter()))
        launch_once(tool, number % PEOPLE)
        waits.append(1000 * (time.perf_counter() - due))
    spread = sorted(waits)[max(0, round(0.95 * len(waits)) - 1)] / statistics.median(waits)
    yield Figure("launches in a second, one after the other", "/s", (highest,))
    yield Figure("a launch at half of that rate", "ms", tuple(waits))
    yield Figure(
        "its p95 beside its median", "×", (spread,), limit=SPREAD_LIMIT, others=company.others()
    )


def _in_memory(tool: Installation, size: Size) -> Iterator[Figure]:
    for number in range(size.launches):
        launch_once(tool, number % PEOPLE)
    before = _resident_mb()
    for number in range(size.flat_launches):
        launch_once(tool, number % PEOPLE)
    kept = _resident_mb() - before
    yield Figure(
        f"memory kept by {size.flat_launches} launches (RSS)", "MB", (kept,), limit=FLAT_MB
    )


def _resident_mb() -> float:
    gc.collect()
    if not STATM.is_file():
        return 0.0
    return int(STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

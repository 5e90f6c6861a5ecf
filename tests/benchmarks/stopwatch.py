"""Time of this thread, and what other programs take of the machine meanwhile.

Elapsed time is told without the time spent waiting for a core (``/proc/thread-self/schedstat``), so
that a busy machine blurs it less; where the kernel does not tell, it is plain elapsed time.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

SCHEDSTAT = Path("/proc/thread-self/schedstat")
STAT = Path("/proc/stat")
TICK = os.sysconf("SC_CLK_TCK")
IDLE = (3, 4)
"""Fields of ``/proc/stat`` that count idle time: idle, iowait."""
GUEST = 8
"""Fields from here on are already counted in the first ones."""


@dataclass(slots=True)
class Stopwatch:
    """Times a block: ``with Stopwatch() as watch: …``, then ``watch.elapsed`` and ``watch.cpu``."""

    elapsed: float = 0.0
    """Seconds from start to end, without waiting for a core."""
    cpu: float = 0.0
    """Seconds of a core used by this thread."""
    _wall: float = 0.0
    _waited: float = 0.0
    _used: float = 0.0

    def __enter__(self) -> Self:
        self._waited, self._used, self._wall = _waited(), time.thread_time(), time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        wall = time.perf_counter() - self._wall
        self.cpu += time.thread_time() - self._used
        # The counters tick apart: never less than the core was used.
        self.elapsed += max(wall - (_waited() - self._waited), 0.0)
        self.elapsed = max(self.elapsed, self.cpu)


class Company:
    """What other programs take of the cores, from now on."""

    def __init__(self) -> None:
        self._wall, self._used, self._ours = time.monotonic(), _machine_use(), time.process_time()

    def others(self, children: float = 0.0) -> float:
        """Return the share of the cores that others took since then; 0 where it cannot be told.

        Args:
            children: seconds of cores used by processes that are ours too.
        """
        wall = (time.monotonic() - self._wall) * (os.cpu_count() or 1)
        ours = time.process_time() - self._ours + children
        return max(0.0, (_machine_use() - self._used - ours) / wall)


def _machine_use() -> float:
    """Return the seconds of cores used by everything since the machine started; 0: unknown."""
    if not STAT.is_file():
        return 0.0
    fields = [int(field) for field in STAT.read_text().split("\n", 1)[0].split()[1:]]
    return sum(n for at, n in enumerate(fields[:GUEST]) if at not in IDLE) / TICK


def _waited() -> float:
    if not SCHEDSTAT.is_file():
        return 0.0
    return int(SCHEDSTAT.read_text().split()[1]) / 1e9

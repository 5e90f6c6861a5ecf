"""Memory and CPU of a process and of those it started, as Linux tells in ``/proc``."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

PROC = Path("/proc")
TICK = os.sysconf("SC_CLK_TCK")
TIMES = slice(11, 15)
"""utime, stime, cutime, cstime, after the name of the program."""
PARENT = 1


def family(pid: int) -> list[int]:
    """Return a process and everything below it."""
    children: dict[int, list[int]] = {}
    for folder in PROC.glob("[0-9]*"):
        fields = _fields(int(folder.name))
        if fields:
            children.setdefault(int(fields[PARENT]), []).append(int(folder.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def cpu_of(pids: Sequence[int]) -> float:
    """Return the seconds of cores used by these processes, those that they saw end included."""
    return sum(sum(map(int, _fields(pid)[TIMES])) for pid in pids) / TICK


def memory_of(pids: Sequence[int]) -> tuple[float, float]:
    """Return (RSS, PSS) of these processes together, in MB of 1,000,000 bytes.

    PSS shares out what several processes hold together: its sum is what the machine gives.
    """
    texts = [(PROC / str(pid) / "smaps_rollup").read_text() for pid in pids]
    return _sum("Rss", texts), _sum("Pss", texts)


def _sum(name: str, texts: Sequence[str]) -> float:
    found = [re.search(rf"^{name}:\s+(\d+) kB$", text, re.MULTILINE) for text in texts]
    return sum(int(match[1]) for match in found if match) * 1024 / 1_000_000


def _fields(pid: int) -> list[str]:
    try:
        text = (PROC / str(pid) / "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return text.rpartition(")")[2].split()

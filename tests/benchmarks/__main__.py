"""``python -m tests.benchmarks``: measures, prints a table, leaves with 1 when a limit is missed."""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.benchmarks.figures import Figure, Verdict
from tests.benchmarks.measures import MEASURES
from tests.benchmarks.size import PUBLISHED
from tests.benchmarks.table import table


def main(arguments: list[str] | None = None) -> int:
    """Measure what was asked for; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "--only", action="append", choices=MEASURES, metavar="NAME", help=", ".join(MEASURES)
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to FILE")
    chosen = parser.parse_args(arguments)
    conditions = _conditions()
    print(" · ".join(str(value) for value in conditions.values()))
    start, found = time.monotonic(), {}
    for name in chosen.only or MEASURES:
        found[name] = list(MEASURES[name](PUBLISHED))
        print("\n".join(table(name, found[name])), flush=True)
    if chosen.json:
        chosen.json.write_text(_as_json(conditions, found), encoding="utf-8")
    return _conclude([figure for figures in found.values() for figure in figures], start)


def _conditions() -> dict[str, str]:
    """Return what the figures depend on."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    return {
        "day": datetime.now(UTC).date().isoformat(),
        "python": f"Python {platform.python_version()}",
        "system": platform.system(),
        "cores": f"{os.cpu_count()} cores",
        "load": f"load {load:.1f} at the start",
    }


def _as_json(conditions: dict[str, str], found: dict[str, list[Figure]]) -> str:
    figures: dict[str, Any] = {
        name: [figure.to_dict() for figure in figures] for name, figures in found.items()
    }
    return json.dumps({"conditions": conditions, "figures": figures}, ensure_ascii=False, indent=2)


def _conclude(figures: list[Figure], start: float) -> int:
    missed = [figure.what for figure in figures if figure.verdict is Verdict.MISSED]
    undecided = [figure.what for figure in figures if figure.verdict is Verdict.UNDECIDED]
    lines = [f"\n{time.monotonic() - start:.0f} s"]
    if undecided:
        lines.append(f"undecided, to measure again on a quiet machine: {', '.join(undecided)}")
    if missed:
        lines.append(f"limits missed: {', '.join(missed)}")
    print("\n".join(lines))
    return 1 if missed else 0


if __name__ == "__main__":
    # Stopped from outside, it still stops what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main())

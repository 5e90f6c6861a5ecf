"""``python -m tests.kills``: kills on each engine, prints figures, leaves with 1 when anything was wrong."""

from __future__ import annotations

import argparse
import secrets
import sys
import tempfile
from pathlib import Path

from tests.kills.engines import NAMES, NotHere
from tests.kills.rounds import run


def main() -> int:
    """Kill as asked for; return the exit code: 0 right, 1 wrong, 3 an engine is not installed."""
    parser = argparse.ArgumentParser(prog="python -m tests.kills", description=__doc__)
    parser.add_argument("--engine", action="append", choices=NAMES, help="default: each")
    parser.add_argument("--moments", type=int, default=100, help="kills on each engine")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6), help="to do it again")
    chosen = parser.parse_args()
    print(f"seed {chosen.seed}", flush=True)
    code = 0
    for name in chosen.engine or NAMES:
        with tempfile.TemporaryDirectory(prefix="ancrage-kills-") as folder:
            try:
                report = run(name, chosen.moments, chosen.seed, Path(folder))
            except NotHere as missing:
                print(f"left out: {missing}", flush=True)
                code = code or 3
                continue
        killed = ", ".join(f"{number} {victim}" for victim, number in sorted(report.killed.items()))
        print(
            f"{name}: {report.killed.total()} kills ({killed}) in {report.rounds} rounds, "
            f"{report.seconds:.1f} s, {len(report.wrongs)} wrong",
            *report.wrongs,
            sep="\n  ",
            flush=True,
        )
        code = 1 if report.wrongs else code
    return code


if __name__ == "__main__":
    sys.exit(main())

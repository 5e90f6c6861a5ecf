"""``kill -9`` of workers, tool and engine at 100 random moments of a synchronisation, on each engine.

Seconds, not milliseconds: the processes are real. ``python -m tests.kills --seed …`` does it again.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import leave_out
from tests.kills.engines import NAMES

NOT_HERE = 3
MOMENTS = 100


@pytest.mark.parametrize("engine", NAMES)
def test_every_job_ends_once_and_no_snapshot_is_lost_or_doubled(engine: str) -> None:
    command = [sys.executable, "-m", "tests.kills", "--engine", engine, "--moments", str(MOMENTS)]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)
    if ended.returncode == NOT_HERE:
        leave_out(engine, ended.stdout.rpartition("left out: ")[2].strip())
    assert ended.returncode == 0, ended.stdout + ended.stderr[-2000:]
    assert f"{MOMENTS} kills" in ended.stdout

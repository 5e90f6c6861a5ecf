"""A worker that syncs courses and says what that cost it: ``python -m tests.benchmarks.syncing``.

Its input is one line of JSON: settings of the installation, and the courses. Its output is another.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from sqlalchemy import func, select

from lti_tool.app import create_runtime
from lti_tool.grades.models import CurrentGrade
from lti_tool.grades.service import pull_course
from lti_tool.platforms.models import Course
from lti_tool.platforms.service import client_for
from lti_tool.settings import Settings
from lti_tool.web.runtime import Runtime


def main() -> None:
    """Sync, then tell."""
    said = json.loads(sys.stdin.readline())
    parts = create_runtime(Settings(**said["settings"], _env_file=None))
    # A worker lasts: what its first sync costs once is not the cost of a grade.
    _sync(parts, said["courses"][0])
    cpu, wall = time.process_time(), time.perf_counter()
    for course_id in said["courses"][1:]:
        _sync(parts, course_id)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    with parts.sessions() as session:
        grades = session.scalar(select(func.count()).select_from(CurrentGrade))
    print(json.dumps({"cpu": cpu, "wall": wall, "grades": grades, "peak": _peak()}))


def _sync(parts: Runtime, course_id: int) -> None:
    with parts.sessions() as session:
        course = session.get_one(Course, course_id)
        client = client_for(course.site, parts.settings)
    with client:
        pull_course(parts.sessions, client, course_id)


def _peak() -> float:
    """Return the highest memory of this program, in MB; ``getrusage`` would tell its parent's too."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024 / 1_000_000


if __name__ == "__main__":
    main()

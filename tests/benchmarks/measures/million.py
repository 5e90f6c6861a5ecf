"""A million grades synced by one worker: its peak memory, and what a grade costs at each size.

The worker is a process of its own, over HTTP, from a stand-in without delays: what is measured is
ours alone. Each size has a database of its own, and a first course that is not counted.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from tests.benchmarks.figures import Figure
from tests.benchmarks.installations import Installation, installation
from tests.benchmarks.size import Size
from tests.benchmarks.standin import Delays, Layout, StandIn
from tests.factories import make_course, make_site

PEAK_MB = 200.0
DRIFT = 0.15
"""How far the cost of a grade may be from that of the smallest size."""
COLUMNS = 13


def measure(size: Size) -> Iterator[Figure]:
    """Sync one part of a course, some courses, all courses."""
    # 10,000 grades, about 100,000, a million.
    some, many = max(size.many_courses // 10, 1), size.many_courses
    sizes = sorted(
        {
            (1, max(size.course_learners * 10 // 26, 1)),
            (some, size.course_learners),
            (many, size.course_learners),
        }
    )
    costs: list[float] = []
    for courses, learners in sizes:
        layout = Layout(
            courses=courses + 1, learners=learners, columns=COLUMNS, delays=Delays.none()
        )
        with installation() as tool, StandIn(layout) as moodle:
            told = _sync(tool, moodle)
        grades = courses * learners * COLUMNS
        if told["grades"] != grades + learners * COLUMNS:
            raise AssertionError(f"{told['grades']} grades stored besides the first course")
        costs.append(1_000_000 * told["cpu"] / grades)
        yield Figure(f"our CPU for a grade, {grades:,} grades", "µs", (costs[-1],))
        yield Figure(
            f"peak memory of the worker, {grades:,} grades", "MB", (told["peak"],), limit=PEAK_MB
        )
        yield Figure(f"grades synced a second, {grades:,} grades", "", (grades / told["wall"],))
    yield Figure(
        "cost of a grade, farthest from that of the smallest size",
        "×",
        (max(abs(cost / costs[0] - 1) for cost in costs),),
        limit=DRIFT,
    )


def _sync(tool: Installation, moodle: StandIn) -> dict[str, Any]:
    with tool.parts.sessions() as session:
        site = make_site(session, moodle.base_url, token=moodle.token)
        courses = [
            make_course(
                session, site, number, idnumber=f"COURS-{number}", shortname=f"C{number}"
            ).id
            for number in range(2, 2 + moodle.layout.courses)
        ]
        session.commit()
    settings = tool.settings
    said = {
        "courses": courses,
        "settings": {
            "environment": "test",
            "private_platforms": list(settings.private_platforms),
            "base_url": settings.base_url,
            "data_dir": str(settings.data_dir),
            "database_url": settings.database_url,
            "secret_keys": [key.get_secret_value() for key in settings.secret_keys],
            "log_level": "ERROR",
        },
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.syncing"],
        input=json.dumps(said) + "\n",
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told

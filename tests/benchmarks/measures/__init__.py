"""The measures, by the name that ``--only`` takes; each yields its figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.benchmarks.figures import Figure
from tests.benchmarks.measures import (
    certificate,
    day,
    demo,
    first_page,
    idle,
    launch,
    library,
    million,
    overhead,
    pages,
    pull,
    storing,
    workers,
)
from tests.benchmarks.size import Size

MEASURES: dict[str, Callable[[Size], Iterator[Figure]]] = {
    "demo": demo.measure,
    "launch": launch.measure,
    "library": library.measure,
    "certificate": certificate.measure,
    "pages": pages.measure,
    "pull": pull.measure,
    "day": day.measure,
    "overhead": overhead.measure,
    "storing": storing.measure,
    "million": million.measure,
    "idle": idle.measure,
    "workers": workers.measure,
    "first-page": first_page.measure,
}

"""A figure: what was measured, how it spreads, and the limit it is held to."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Literal

Judged = Literal["median", "p95", "high"]
BUSY = 0.2
"""Share of the cores that others may take before a missed limit says nothing about us."""


class Verdict(StrEnum):
    """What a figure says of its limit."""

    REPORTED = ""
    HELD = "held"
    MISSED = "MISSED"
    UNDECIDED = "undecided"
    """Missed while others held the cores, and the wait could not be taken out."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table.

    Args:
        what: what was measured, in a few words.
        unit: of the values: ``ms``, ``MB``, ``×``…
        values: one for each run.
        limit: what ``judged`` may not exceed; None: reported only.
        judged: which of the statistics the limit is for.
        others: share of the cores that other programs took meanwhile, where it matters.
    """

    what: str
    unit: str
    values: tuple[float, ...]
    limit: float | None = None
    judged: Judged = "high"
    others: float = 0.0

    @property
    def median(self) -> float:
        """Middle value."""
        return statistics.median(self.values)

    @property
    def p95(self) -> float:
        """Smallest value that is not exceeded by 95 % of them."""
        return sorted(self.values)[math.ceil(0.95 * len(self.values)) - 1]

    @property
    def low(self) -> float:
        """Smallest value."""
        return min(self.values)

    @property
    def high(self) -> float:
        """Largest value."""
        return max(self.values)

    @property
    def verdict(self) -> Verdict:
        """Whether the limit holds."""
        if self.limit is None:
            return Verdict.REPORTED
        value: float = getattr(self, self.judged)
        if value <= self.limit:
            return Verdict.HELD
        return Verdict.UNDECIDED if self.others > BUSY else Verdict.MISSED

    def to_dict(self) -> dict[str, Any]:
        """Return the figure for a file, statistics included."""
        known = {name: getattr(self, name) for name in ("median", "p95", "low", "high")}
        return asdict(self) | known | {"verdict": self.verdict.value}


def ratio(what: str, values: Sequence[float], beside: Sequence[float]) -> Figure:
    """Return the ratio of two medians measured side by side, spread by halves of the runs.

    The spread is that of the ratio over each half, so that drift shows.
    """
    half = max(1, len(values) // 2)
    parts = [(values, beside), (values[:half], beside[:half]), (values[-half:], beside[-half:])]
    ratios = [statistics.median(ours) / statistics.median(theirs) for ours, theirs in parts]
    return Figure(what, "×", tuple(ratios))

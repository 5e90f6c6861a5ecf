"""Places across a chart, in percent of its width, mirrored where lines run from right to left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the width, in percent from the left edge, whatever the direction of reading."""

    x: float
    width: float

    @property
    def middle(self) -> float:
        """The centre, in percent."""
        return round(self.x + self.width / 2, 3)


def spans(parts: Sequence[float], whole: float, rtl: bool = False) -> list[Span]:
    """Lay ``parts`` of ``whole`` one after the other, from the edge where reading starts.

    Raises:
        ValueError: a part is negative, or the parts exceed the whole.
    """
    if any(part < 0 for part in parts) or sum(parts) > whole * (1 + 1e-9):
        raise ValueError("parts must not be negative nor exceed the whole")
    found, start = [], 0.0
    for part in parts:
        share = 100 * part / whole if whole else 0.0
        x = 100 - start - share if rtl else start
        found.append(Span(round(x, 3), round(share, 3)))
        start += share
    return found

"""Fits a text into a width: the largest size on one line, else balanced lines a little smaller.

Pure measures; the faces and their widths come from :mod:`lti_tool.documents.fonts`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from lti_tool.documents.errors import TextTooLong
from lti_tool.documents.fonts import GARAMOND, Face, clean_text, line_height, text_width

# Rounding in the renderer must never push a line's last word to the next line.
_SAFETY = 0.985
_LEADING = 1.2


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes allowed for a text, in points.

    Args:
        largest: on one line, never more.
        smallest_single: below this, two lines are better than one.
        largest_wrapped: on several lines, never more.
        smallest: below this the text is refused.
    """

    largest: float
    smallest_single: float
    largest_wrapped: float
    smallest: float


@dataclass(frozen=True, slots=True)
class FittedText:
    """Lines to print as they are, and the size that makes the widest of them fit."""

    lines: tuple[str, ...]
    size: float

    @property
    def leading(self) -> float:
        """The line height to ask for, in points."""
        return round(self.size * _LEADING, 1)

    @property
    def height(self) -> float:
        """The height in points that all lines take."""
        return sum(line_height(line, self.size, self.leading) for line in self.lines)


def _floor_size(size: float) -> float:
    return math.floor(size * 10) / 10


def _balanced(text: str, measure: Callable[[str], float]) -> tuple[str, ...]:
    """``text`` cut at the space that makes the wider of two lines the shortest."""
    words = text.split(" ")
    cuts = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]
    return min(cuts, key=lambda lines: max(map(measure, lines))) if cuts else (text,)


def fit_text(text: str, width: float, sizes: Sizes, preferred: Face = GARAMOND) -> FittedText:
    """Return how to print ``text`` in ``width`` points; an empty text has no line.

    Raises:
        TextTooLong: it does not fit on two lines at the smallest size.
    """
    cleaned = clean_text(text)
    if not cleaned:
        return FittedText((), sizes.largest)

    def width_at_one_point(line: str) -> float:
        return text_width(line, 1.0, preferred)

    def largest_for(lines: tuple[str, ...]) -> float:
        return _SAFETY * width / max(map(width_at_one_point, lines))

    single = largest_for((cleaned,))
    if single >= sizes.smallest_single:
        return FittedText((cleaned,), _floor_size(min(single, sizes.largest)))
    lines = _balanced(cleaned, width_at_one_point)
    wrapped = largest_for(lines)
    if wrapped < sizes.smallest:
        raise TextTooLong(f"{len(cleaned)} characters do not fit in {width:.0f} points")
    return FittedText(lines, _floor_size(min(wrapped, sizes.largest_wrapped)))

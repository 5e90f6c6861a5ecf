"""Distribution of levels by wave: one bar a row, cut by level, what was not observed last.

A suppressed row keeps its place and loses every number, its total included (anchoring §2.8).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lti_tool.web.charts.span import Span, spans
from lti_tool.web.charts.wrapping import wrap

LINE = 20
"""Height of a line of text, in pixels."""
BAR = 34
ROW_GAP = 18
LEGIBLE = 7.0
"""A count is written inside a segment of at least this share of the width, in percent."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Part of a bar: the cases of one level, or those not observed (``level`` None)."""

    level: int | None
    count: int
    span: Span

    @property
    def legible(self) -> bool:
        """Whether the count fits inside."""
        return self.span.width >= LEGIBLE


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One bar, its label above it."""

    label: tuple[str, ...]
    label_y: int
    bar_y: int
    segments: tuple[Segment, ...]
    observed: int | None
    """How many cases have a level; None when suppressed."""
    total: int | None
    suppressed: str


@dataclass(frozen=True, slots=True)
class LevelChart:
    """All bars and the height of the drawing."""

    rows: tuple[LevelRow, ...]
    height: int
    bar: int = BAR
    line: int = LINE


def level_rows(rows: Sequence[Mapping[str, Any]], rtl: bool = False) -> LevelChart:
    """Place the bars.

    Args:
        rows: mappings with ``label``, ``counts`` (cases by level, from the lowest), ``missing``
            (cases not observed) and ``suppressed`` (why the row may not be shown, or empty).
        rtl: whether reading goes from right to left.
    """
    placed, y = [], 0
    for row in rows:
        label = wrap(row["label"], width=30)
        bar_y = y + LINE * len(label) + 4
        suppressed = row.get("suppressed") or ""
        parts = [] if suppressed else _parts(row)
        total = sum(count for _, count in parts)
        places = spans([count for _, count in parts], total, rtl)
        segments = tuple(
            Segment(level, count, span)
            for (level, count), span in zip(parts, places, strict=True)
            if count
        )
        observed = sum(count for level, count in parts if level is not None)
        placed.append(
            LevelRow(
                label=label,
                label_y=y + 15,
                bar_y=bar_y,
                segments=segments,
                observed=None if suppressed else observed,
                total=None if suppressed else total,
                suppressed=suppressed,
            )
        )
        y = bar_y + BAR + ROW_GAP
    return LevelChart(tuple(placed), max(y - ROW_GAP + 2, 0))


def _parts(row: Mapping[str, Any]) -> list[tuple[int | None, int]]:
    parts: list[tuple[int | None, int]] = list(enumerate(row["counts"]))
    parts.append((None, row.get("missing") or 0))
    return parts

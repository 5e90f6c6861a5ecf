"""A list of bars: one value a row, with its whole when it has one.

An unknown value has a row and no bar; a suppressed one keeps its place and loses every number.
Labels are text of the page beside the bars, so that they wrap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lti_tool.web.charts.span import Span, spans

Amount = int | float | Decimal


@dataclass(frozen=True, slots=True)
class BarRow:
    """One bar and what is written beside it."""

    label: str
    url: str
    span: Span | None
    """None: nothing to draw (unknown or suppressed)."""
    value: Amount | None
    total: Amount | None
    suppressed: str
    """Why the row may not be shown, or empty."""


def bar_rows(rows: Sequence[Mapping[str, Any]], rtl: bool = False) -> list[BarRow]:
    """Measure the bars; a row without total is measured against the greatest value shown.

    Args:
        rows: mappings with ``label``, ``value`` (None: unknown), ``total`` (or None), ``url`` and
            ``suppressed`` (why the row may not be shown, or empty).
        rtl: whether reading goes from right to left.

    Raises:
        ValueError: a value is negative or exceeds its total.
    """
    shown = [row["value"] for row in rows if row["value"] is not None and not row.get("suppressed")]
    greatest = max(shown, default=0)
    return [_row(row, greatest, rtl) for row in rows]


def _row(row: Mapping[str, Any], greatest: Amount, rtl: bool) -> BarRow:
    suppressed = row.get("suppressed") or ""
    value = None if suppressed else row["value"]
    total = None if suppressed else row.get("total")
    whole = greatest if total is None else total
    span = None if value is None else spans([float(value)], float(whole), rtl)[0]
    return BarRow(str(row["label"]), row.get("url") or "", span, value, total, suppressed)

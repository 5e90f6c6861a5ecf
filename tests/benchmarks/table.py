"""Figures as a table on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.benchmarks.figures import Figure, Verdict

HEAD = ("", "unit", "median", "p95", "min–max", "runs", "limit", "")
LEFT = (0, 1, 7)
"""Columns of words; the others are numbers."""


def table(title: str, figures: Iterable[Figure]) -> Iterator[str]:
    """Yield the lines of the table of one measure."""
    rows = [HEAD, *(_row(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    yield f"\n{title}"
    for row in rows:
        cells = (
            cell.ljust(width) if place in LEFT else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(("", *cells)).rstrip()


def _row(figure: Figure) -> tuple[str, ...]:
    verdict = figure.verdict.value
    if figure.verdict is Verdict.UNDECIDED:
        verdict += f": others took {figure.others:.0%} of the cores"
    several = len(figure.values) > 1
    return (
        figure.what,
        figure.unit,
        number(figure.median),
        number(figure.p95) if several else "",
        f"{number(figure.low)}–{number(figure.high)}" if several else "",
        str(len(figure.values)),
        "" if figure.limit is None else f"{figure.judged} ≤ {number(figure.limit)}",
        verdict,
    )


def number(value: float) -> str:
    """Return a value with three significant digits at most."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"

"""One person's levels over the waves: a point a wave, joined where two neighbours are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

STEP = 44
"""Height between two levels, in pixels."""
TOP = 24
UNKNOWN = 30
"""Distance of the lane of what was not observed, below the lowest level."""
AXIS = 64
"""Room below the lowest level: that lane and the names of the waves."""
START, END = 34.0, 92.0
"""First and last wave, in percent of the width; the names of the levels stand before."""


@dataclass(frozen=True, slots=True)
class LevelPoint:
    """One wave; ``level`` None is not observed and is never joined."""

    label: str
    level: int | None
    x: float
    y: int


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line between two neighbouring known points."""

    x1: float
    y1: int
    x2: float
    y2: int


@dataclass(frozen=True, slots=True)
class LevelLine:
    """Points, strokes, the height of each level, the edges of the grid and of the drawing."""

    points: tuple[LevelPoint, ...]
    strokes: tuple[Stroke, ...]
    grid: tuple[int, ...]
    grid_x: tuple[float, float]
    height: int


def level_points(
    points: Sequence[Mapping[str, Any]], levels: int = 4, rtl: bool = False
) -> LevelLine:
    """Place the points.

    Args:
        points: mappings with ``label`` (the wave) and ``level`` (0 to ``levels`` - 1, or None).
        levels: how many levels there are.
        rtl: whether reading goes from right to left.
    """
    bottom = TOP + STEP * (levels - 1)
    gap = (END - START) / (len(points) - 1) if len(points) > 1 else 0.0
    placed = []
    for index, point in enumerate(points):
        x = START + gap * index
        level = point["level"]
        placed.append(
            LevelPoint(
                label=point["label"],
                level=level,
                x=round(100 - x if rtl else x, 3),
                y=bottom + UNKNOWN if level is None else bottom - STEP * level,
            )
        )
    strokes = tuple(
        Stroke(a.x, a.y, b.x, b.y)
        for a, b in pairwise(placed)
        if a.level is not None and b.level is not None
    )
    return LevelLine(
        points=tuple(placed),
        strokes=strokes,
        grid=tuple(bottom - STEP * level for level in range(levels)),
        grid_x=(4.0, 72.0) if rtl else (28.0, 96.0),
        height=bottom + AXIS,
    )

"""The wheel of the domains: equal sectors of a ring, clockwise from noon."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin

SIZE = 340
"""Side of the square drawing."""
CENTRE = SIZE / 2
OUTER = 166.0
INNER = 84.0
NUMBER_RADIUS = 143.0
"""Where the number of the domain stands."""
MARK_RADIUS = 107.0
"""Where the mark of the status stands."""
GAP = 2.5
"""Distance between two neighbouring sectors, constant from the inner to the outer edge."""


@dataclass(frozen=True, slots=True)
class Point:
    """A place in the drawing, y downwards."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Sector:
    """One sector: its outline and the centres of what is written in it."""

    path: str
    number: Point
    mark: Point


def wheel_sectors(count: int) -> list[Sector]:
    """Return the sectors of a ring cut in ``count`` equal parts.

    Raises:
        ValueError: fewer than three parts.
    """
    if count < 3:
        raise ValueError("a wheel has at least three sectors")
    turn = 2 * pi / count
    return [_sector(turn * index, turn * (index + 1)) for index in range(count)]


def _sector(start: float, end: float) -> Sector:
    middle = (start + end) / 2
    outer, inner = GAP / 2 / OUTER, GAP / 2 / INNER
    corners = (
        _point(start + outer, OUTER),
        _point(end - outer, OUTER),
        _point(end - inner, INNER),
        _point(start + inner, INNER),
    )
    a, b, c, d = (f"{corner.x} {corner.y}" for corner in corners)
    path = f"M{a} A{OUTER} {OUTER} 0 0 1 {b} L{c} A{INNER} {INNER} 0 0 0 {d} Z"
    return Sector(path, _point(middle, NUMBER_RADIUS), _point(middle, MARK_RADIUS))


def _point(angle: float, radius: float) -> Point:
    """Return the place at ``angle`` clockwise from noon."""
    return Point(
        round(CENTRE + radius * sin(angle), 2),
        round(CENTRE - radius * cos(angle), 2),
    )

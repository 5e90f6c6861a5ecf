"""Ornament of a framed document, drawn as SVG by pure geometry: a guilloche border and a rosette.

Owns curves and nothing else: lengths are millimetres, the origin is the page's top left corner.
The renderer turns the SVG into vector strokes, so that a print shop can enlarge the page.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cache

Point = tuple[float, float]

# A cubic Bézier whose control points stand here follows a sine's half wave from zero to zero
# within 1 % : slope πA/L at both ends, height A in the middle.
_HALF_WAVE_REACH = 4 / (3 * math.pi)
_HALF_WAVE_RISE = 4 / 3
# The same from crest to trough, with level tangents.
_CREST_REACH = 0.3642

_BRAID_AMPLITUDE = 1.55
_BRAID_HALF_WAVE = 2.6
_CORNER_RADIUS = 5.2


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _closed_curve(points: Sequence[Point]) -> str:
    """A closed Catmull-Rom curve through ``points``, as SVG path data."""
    count = len(points)
    parts = [f"M{_number(points[0][0])} {_number(points[0][1])}"]
    for index in range(count):
        before, start = points[index - 1], points[index]
        end, after = points[(index + 1) % count], points[(index + 2) % count]
        controls = (
            start[0] + (end[0] - before[0]) / 6,
            start[1] + (end[1] - before[1]) / 6,
            end[0] - (after[0] - start[0]) / 6,
            end[1] - (after[1] - start[1]) / 6,
            *end,
        )
        parts.append("C" + " ".join(_number(value) for value in controls))
    return "".join(parts) + "Z"


def _flower(centre: Point, radius: float, depth: float, petals: int, turn: float) -> str:
    """A wavy circle: ``radius`` modulated by ``depth`` over ``petals``, turned by ``turn`` rad."""
    steps = petals * 6
    points = []
    for step in range(steps):
        angle = 2 * math.pi * step / steps
        reach = radius * (1 + depth * math.cos(petals * angle))
        points.append(
            (centre[0] + reach * math.cos(angle + turn), centre[1] + reach * math.sin(angle + turn))
        )
    return _closed_curve(points)


def _strand(start: Point, along: Point, length: float, *, sign: int, from_crest: bool) -> str:
    """One sine strand of the braid from ``start`` in the unit direction ``along``."""
    waves = max(2, 2 * round(length / _BRAID_HALF_WAVE / 2))
    half = length / waves
    across = (-along[1], along[0])

    def place(distance: float, height: float) -> str:
        return (
            f"{_number(start[0] + along[0] * distance + across[0] * height)} "
            f"{_number(start[1] + along[1] * distance + across[1] * height)}"
        )

    height = sign * _BRAID_AMPLITUDE
    parts = ["M" + place(0, height if from_crest else 0)]
    for wave in range(waves):
        left, right = wave * half, (wave + 1) * half
        if from_crest:
            reach = _CREST_REACH * half
            controls = ((left + reach, height), (right - reach, -height), (right, -height))
        else:
            reach = _HALF_WAVE_REACH * half
            rise = _HALF_WAVE_RISE * height
            controls = ((left + reach, rise), (right - reach, rise), (right, 0.0))
        parts.append("C" + " ".join(place(*control) for control in controls))
        height = -height
    return "".join(parts)


def _path(data: str, stroke: str, width: float, fill: str = "none") -> str:
    return f'<path d="{data}" fill="{fill}" stroke="{stroke}" stroke-width="{width}"/>'


def _rectangle(inset: float, page: Point, stroke: str, width: float) -> str:
    return (
        f'<rect x="{inset}" y="{inset}" width="{_number(page[0] - 2 * inset)}" '
        f'height="{_number(page[1] - 2 * inset)}" fill="none" stroke="{stroke}" '
        f'stroke-width="{width}"/>'
    )


def _braids(page: Point, inset: float, stroke: str) -> Iterable[str]:
    width, height = page
    sides = (
        ((inset, inset), (1.0, 0.0), width - 2 * inset),
        ((inset, height - inset), (1.0, 0.0), width - 2 * inset),
        ((inset, inset), (0.0, 1.0), height - 2 * inset),
        ((width - inset, inset), (0.0, 1.0), height - 2 * inset),
    )
    for start, along, length in sides:
        for sign in (1, -1):
            for from_crest in (True, False):
                yield _path(
                    _strand(start, along, length, sign=sign, from_crest=from_crest), stroke, 0.09
                )


def _corners(page: Point, inset: float, ink: str, accent: str) -> Iterable[str]:
    for x in (inset, page[0] - inset):
        for y in (inset, page[1] - inset):
            yield (
                f'<circle cx="{_number(x)}" cy="{_number(y)}" r="{_CORNER_RADIUS}" '
                f'fill="#ffffff" stroke="{ink}" stroke-width="0.22"/>'
            )
            for turn in range(4):
                angle = turn * math.pi / 16
                yield _path(_flower((x, y), 2.75, 0.5, 8, angle), accent, 0.09)
            yield f'<circle cx="{_number(x)}" cy="{_number(y)}" r="0.75" fill="{ink}"/>'


def _rosette(centre: Point, tint: str) -> Iterable[str]:
    for radius, depth, petals, copies in ((58, 0.2, 18, 6), (34, 0.3, 12, 5)):
        for copy in range(copies):
            turn = copy * 2 * math.pi / petals / copies
            yield _path(_flower(centre, radius, depth, petals, turn), tint, 0.16)


def _flourish(centre: Point, stroke: str) -> Iterable[str]:
    """A tapering rule with a lozenge in its middle."""
    x, y = centre
    for side in (-1, 1):
        near, far = x + side * 3.2, x + side * 34
        yield (
            f'<path d="M{_number(far)} {y} L{_number(near)} {_number(y - 0.16)} '
            f'L{_number(near)} {_number(y + 0.16)}Z" fill="{stroke}" stroke="none"/>'
        )
    yield (
        f'<path d="M{_number(x - 1.3)} {y} L{x} {_number(y - 1.3)} L{_number(x + 1.3)} {y} '
        f'L{x} {_number(y + 1.3)}Z" fill="none" stroke="{stroke}" stroke-width="0.25"/>'
    )
    yield f'<circle cx="{x}" cy="{y}" r="0.4" fill="{stroke}"/>'


@cache
def frame_svg(
    width: float, height: float, flourish: float, ink: str, accent: str, tint: str
) -> str:
    """Return the ornament of a page as an SVG document.

    Args:
        width: page width in millimetres.
        height: page height in millimetres.
        flourish: how far down the small rule under the title stands, in millimetres.
        ink: colour of the rules, ``#rrggbb``.
        accent: colour of the braid.
        tint: colour of the rosette behind the text, pale enough to read over.
    """
    page = (width, height)
    shapes = [
        *_rosette((width / 2, height * 0.45), tint),
        _rectangle(8.2, page, ink, 0.45),
        *_braids(page, 10.9, accent),
        _rectangle(13.6, page, ink, 0.18),
        *_flourish((width / 2, flourish), accent),
        *_corners(page, 10.9, ink, accent),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" '
        f'viewBox="0 0 {width} {height}">{"".join(shapes)}</svg>'
    )

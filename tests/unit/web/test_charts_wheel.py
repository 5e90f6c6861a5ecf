"""The wheel of the domains."""

from __future__ import annotations

from math import hypot

import pytest

from lti_tool.web.charts.wheel import (
    CENTRE,
    GAP,
    INNER,
    MARK_RADIUS,
    NUMBER_RADIUS,
    OUTER,
    SIZE,
    Point,
    wheel_sectors,
)


def corners(path: str) -> list[Point]:
    """The four corners of a sector: start and end of the outer arc, then of the inner one."""
    tokens = path.replace("M", "").replace("L", "").split()
    return [
        Point(float(tokens[0]), float(tokens[1])),
        Point(float(tokens[7]), float(tokens[8])),
        Point(float(tokens[9]), float(tokens[10])),
        Point(float(tokens[16]), float(tokens[17])),
    ]


def distance(a: Point, b: Point) -> float:
    return hypot(a.x - b.x, a.y - b.y)


def test_there_are_as_many_sectors_as_domains() -> None:
    assert len(wheel_sectors(15)) == 15


def test_the_first_sector_starts_at_noon_and_goes_clockwise() -> None:
    first = wheel_sectors(15)[0]
    start = corners(first.path)[0]
    assert start.x == pytest.approx(CENTRE + GAP / 2, abs=0.05)
    assert start.y < CENTRE
    assert first.number.x > CENTRE


def test_corners_stand_on_the_two_edges_of_the_ring() -> None:
    centre = Point(CENTRE, CENTRE)
    for sector in wheel_sectors(15):
        radii = [distance(centre, corner) for corner in corners(sector.path)]
        assert radii == pytest.approx([OUTER, OUTER, INNER, INNER], abs=0.02)


def test_neighbours_keep_the_same_distance_inside_and_outside() -> None:
    sectors = wheel_sectors(15)
    for one, other in zip(sectors, sectors[1:] + sectors[:1], strict=True):
        mine, theirs = corners(one.path), corners(other.path)
        assert distance(mine[1], theirs[0]) == pytest.approx(GAP, abs=0.05)
        assert distance(mine[2], theirs[3]) == pytest.approx(GAP, abs=0.05)


def test_what_is_written_in_a_sector_stays_in_the_ring_and_apart() -> None:
    centre = Point(CENTRE, CENTRE)
    for sector in wheel_sectors(15):
        assert distance(centre, sector.number) == pytest.approx(NUMBER_RADIUS, abs=0.02)
        assert distance(centre, sector.mark) == pytest.approx(MARK_RADIUS, abs=0.02)
        assert distance(sector.number, sector.mark) > 24


def test_the_drawing_holds_the_whole_wheel() -> None:
    for sector in wheel_sectors(15):
        for corner in corners(sector.path):
            assert 0 <= corner.x <= SIZE
            assert 0 <= corner.y <= SIZE


def test_a_wheel_of_two_is_refused() -> None:
    with pytest.raises(ValueError, match="three"):
        wheel_sectors(2)

"""Levels by wave, and one person's levels over the waves."""

from __future__ import annotations

from lti_tool.web.charts.levels import BAR, level_rows
from lti_tool.web.charts.line import STEP, UNKNOWN, level_points

WAVE = {"label": "À 3 mois", "counts": [2, 4, 3, 1], "missing": 2}


def test_a_bar_is_cut_by_level_and_what_was_not_observed_comes_last() -> None:
    row = level_rows([WAVE]).rows[0]
    assert [(part.level, part.count) for part in row.segments] == [
        (0, 2),
        (1, 4),
        (2, 3),
        (3, 1),
        (None, 2),
    ]
    assert (row.observed, row.total) == (10, 12)


def test_what_was_not_observed_keeps_its_share_of_the_bar() -> None:
    missing = level_rows([WAVE]).rows[0].segments[-1]
    assert missing.span.width == 16.667
    assert missing.span.x == 83.333


def test_a_level_that_nobody_has_takes_no_segment() -> None:
    row = level_rows([{"label": "Départ", "counts": [5, 0, 0, 0]}]).rows[0]
    assert [part.level for part in row.segments] == [0]
    assert row.total == 5


def test_a_wave_of_nobody_has_a_row_and_no_segment() -> None:
    row = level_rows([{"label": "À 12 mois", "counts": [0, 0, 0, 0]}]).rows[0]
    assert row.segments == ()
    assert row.total == 0


def test_a_suppressed_row_loses_every_number_and_keeps_its_reason() -> None:
    row = level_rows([{**WAVE, "suppressed": "moins de 5 personnes"}]).rows[0]
    assert row.segments == ()
    assert row.observed is None
    assert row.total is None
    assert row.suppressed == "moins de 5 personnes"


def test_a_count_is_not_written_in_a_segment_too_narrow_for_it() -> None:
    row = level_rows([{"label": "Départ", "counts": [97, 3, 0, 0]}]).rows[0]
    assert [part.legible for part in row.segments] == [True, False]


def test_rows_never_overlap_and_the_drawing_holds_them() -> None:
    chart = level_rows([WAVE, {**WAVE, "label": "Une association au nom vraiment très long"}, WAVE])
    bottom = 0
    for row in chart.rows:
        assert row.label_y > bottom
        assert row.bar_y > row.label_y
        bottom = row.bar_y + BAR
    assert chart.height >= bottom


def test_the_lowest_level_is_read_first_from_the_right_in_arabic() -> None:
    row = level_rows([WAVE], rtl=True).rows[0]
    assert row.segments[0].span.x > row.segments[-1].span.x


def test_no_wave_is_no_drawing() -> None:
    assert level_rows([]).height == 0


POINTS = [
    {"label": "Départ", "level": 0},
    {"label": "3 mois", "level": 1},
    {"label": "6 mois", "level": None},
    {"label": "12 mois", "level": 3},
]


def test_a_higher_level_stands_higher() -> None:
    line = level_points(POINTS)
    assert line.points[0].y - line.points[1].y == STEP


def test_a_level_not_observed_is_never_drawn_as_the_lowest_level() -> None:
    line = level_points(POINTS)
    unknown, lowest = line.points[2], line.grid[0]
    assert unknown.level is None
    assert unknown.y == lowest + UNKNOWN
    assert unknown.y < line.height


def test_a_wave_not_observed_is_not_bridged() -> None:
    line = level_points(POINTS)
    assert [(stroke.x1, stroke.x2) for stroke in line.strokes] == [
        (line.points[0].x, line.points[1].x)
    ]


def test_waves_go_from_right_to_left_in_arabic() -> None:
    xs = [point.x for point in level_points(POINTS, rtl=True).points]
    assert xs == sorted(xs, reverse=True)


def test_one_wave_alone_is_a_point() -> None:
    line = level_points(POINTS[:1])
    assert len(line.points) == 1
    assert line.strokes == ()

"""A list of bars."""

from __future__ import annotations

import pytest

from lti_tool.web.charts.bars import bar_rows


def test_a_bar_shows_its_share_of_its_whole() -> None:
    row = bar_rows([{"label": "Écriture", "value": 3, "total": 12}])[0]
    assert row.span is not None
    assert row.span.width == 25


def test_bars_without_whole_are_measured_against_the_greatest() -> None:
    first, second = bar_rows([{"label": "A", "value": 4}, {"label": "B", "value": 8}])
    assert first.span is not None
    assert second.span is not None
    assert (first.span.width, second.span.width) == (50, 100)


def test_an_unknown_value_has_no_bar_and_is_not_a_zero() -> None:
    unknown, zero = bar_rows(
        [{"label": "A", "value": None, "total": 5}, {"label": "B", "value": 0, "total": 5}]
    )
    assert unknown.span is None
    assert zero.span is not None
    assert zero.span.width == 0


def test_a_suppressed_row_loses_every_number() -> None:
    row = bar_rows([{"label": "A", "value": 2, "total": 3, "suppressed": "moins de 5"}])[0]
    assert (row.span, row.value, row.total) == (None, None, None)


def test_a_suppressed_value_does_not_set_the_scale_of_the_others() -> None:
    shown = bar_rows(
        [{"label": "A", "value": 6}, {"label": "B", "value": 60, "suppressed": "moins de 5"}]
    )[0]
    assert shown.span is not None
    assert shown.span.width == 100


def test_a_value_beyond_its_whole_is_refused() -> None:
    with pytest.raises(ValueError, match="whole"):
        bar_rows([{"label": "A", "value": 4, "total": 3}])


def test_bars_grow_from_the_right_in_arabic() -> None:
    row = bar_rows([{"label": "A", "value": 1, "total": 4}], rtl=True)[0]
    assert row.span is not None
    assert row.span.x == 75

"""Dates, durations and numbers as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask

from lti_tool.web.formatting import (
    format_ago,
    format_day,
    format_moment,
    format_number,
    format_percent,
    is_older,
    text_direction,
)

NOW = datetime(2027, 3, 12, 12, 0, tzinfo=UTC)


def plain(text: str) -> str:
    """Narrow and no-break spaces as spaces."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


@pytest.fixture(autouse=True)
def _speaking_french(page: Flask) -> object:
    with page.test_request_context("/"):
        yield


def test_a_day_is_written_out() -> None:
    assert format_day(date(2027, 3, 12)) == "12 mars 2027"


def test_the_first_of_the_month_is_an_ordinal_in_french() -> None:
    assert format_day(date(2027, 3, 1)) == "1er mars 2027"
    assert format_day(date(2027, 3, 11)) == "11 mars 2027"


def test_a_short_day_is_in_figures() -> None:
    assert format_day(date(2027, 3, 1), "short") == "01/03/2027"


def test_a_moment_is_told_in_the_zone_of_the_reader() -> None:
    assert format_moment(datetime(2027, 3, 12, 23, 30, tzinfo=UTC)) == "13 mars 2027 à 00:30"


def test_english_dates_are_english(page: Flask) -> None:
    with page.test_request_context("/?lang=en"):
        assert format_day(date(2027, 3, 1)) == "March 1, 2027"


@pytest.mark.parametrize(
    ("delta", "sentence"),
    [
        (timedelta(seconds=-20), "à l’instant"),
        (timedelta(minutes=-4), "il y a 4 minutes"),
        (timedelta(days=-3), "il y a 3 jours"),
        (timedelta(days=2), "dans 2 jours"),
    ],
)
def test_how_long_ago_is_told_in_words(delta: timedelta, sentence: str) -> None:
    assert plain(format_ago(NOW + delta, now=NOW)) == sentence


def test_a_day_is_counted_in_days() -> None:
    assert format_ago(date(2027, 3, 12), now=NOW) == "aujourd’hui"
    assert plain(format_ago(date(2027, 3, 11), now=NOW)) == "il y a 1 jour"


def test_numbers_are_grouped_and_have_a_comma() -> None:
    assert plain(format_number(Decimal("1234.5"))) == "1 234,5"
    assert plain(format_number(1234)) == "1 234"
    assert format_number(Decimal("2.75"), 1) == "2,8"


def test_what_is_missing_is_never_a_zero() -> None:
    for written in (
        format_number(None),
        format_percent(None),
        format_day(None),
        format_moment(None),
        format_ago(None),
    ):
        assert written == "—"


def test_a_ratio_is_rounded_to_the_whole() -> None:
    assert plain(format_percent(Decimal("0.8333"))) == "83 %"
    assert plain(format_percent(0)) == "0 %"
    assert plain(format_percent(1)) == "100 %"


def test_a_share_that_is_something_is_never_written_nothing_or_everything() -> None:
    assert plain(format_percent(0.001)) == "moins de 1 %"
    assert plain(format_percent(0.999)) == "plus de 99 %"


def test_a_grade_just_below_a_threshold_does_not_read_as_the_threshold() -> None:
    assert plain(format_percent(Decimal("59.96"), of=100)) == "59,9 %"
    assert plain(format_percent(Decimal(60), of=100)) == "60 %"


def test_a_grade_keeps_one_decimal_at_most() -> None:
    assert plain(format_percent(Decimal("61.50000"), of=100)) == "61,5 %"


def test_a_reading_is_stale_after_the_days_given() -> None:
    assert is_older(NOW - timedelta(days=8), 7, now=NOW)
    assert not is_older(NOW - timedelta(days=6), 7, now=NOW)


def test_french_runs_from_left_to_right() -> None:
    assert text_direction() == "ltr"


def test_the_direction_is_that_of_the_language(page: Flask) -> None:
    with page.test_request_context("/?lang=ar"):
        assert text_direction() == "rtl"

"""Every date vector of specification §2.2, and the days around each boundary."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.anchoring.rules.levels import EvidencePeriod
from lti_tool.anchoring.rules.waves import (
    WAVES,
    Answering,
    Quarter,
    add_months,
    answering,
    evidence_period,
    quarter_of,
    window,
    windows,
)

DAY = timedelta(days=1)
T0 = date(2026, 1, 15)


@pytest.mark.parametrize(
    ("issued_on", "months", "opens", "due", "first", "second", "closes"),
    [
        ("2026-01-15", 3, "2026-04-01", "2026-04-15", "2026-04-22", "2026-05-06", "2026-05-15"),
        ("2026-01-15", 12, "2027-01-01", "2027-01-15", "2027-01-22", "2027-02-05", "2027-02-14"),
        ("2026-08-31", 3, "2026-11-16", "2026-11-30", "2026-12-07", "2026-12-21", "2026-12-30"),
        ("2026-08-31", 6, "2027-02-14", "2027-02-28", "2027-03-07", "2027-03-21", "2027-03-30"),
        ("2027-11-30", 3, "2028-02-15", "2028-02-29", "2028-03-07", "2028-03-21", "2028-03-30"),
    ],
)
def test_a_wave_opens_is_due_reminds_and_closes(
    issued_on: str, months: int, opens: str, due: str, first: str, second: str, closes: str
) -> None:
    found = window(date.fromisoformat(issued_on), months)
    days = (found.opens, found.due, *found.reminders, found.closes)
    assert [day.isoformat() for day in days] == [opens, due, first, second, closes]


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2027, 3, 12), -18, date(2025, 9, 12)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_months_are_added_with_an_end_of_month_clamp(
    day: date, months: int, expected: date
) -> None:
    assert add_months(day, months) == expected


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-60, 60))
def test_adding_months_lands_in_that_month_and_never_after_the_same_day(
    day: date, months: int
) -> None:
    found = add_months(day, months)
    assert (found.year - day.year) * 12 + found.month - day.month == months
    assert found.day <= day.day
    assert found.day == day.day or (found + DAY).day == 1


def test_both_ends_of_a_window_count() -> None:
    found = window(T0, 3)
    assert not found.is_open(found.opens - DAY)
    assert found.is_open(found.opens)
    assert found.is_open(found.closes)
    assert not found.is_closed(found.closes)
    assert found.is_closed(found.closes + DAY)
    assert not found.is_open(found.closes + DAY)


def test_reminders_fall_due_one_after_the_other_and_stop_at_the_close() -> None:
    found = window(T0, 3)
    first, second = found.reminders
    days = [first - DAY, first, second - DAY, second, found.closes, found.closes + DAY]
    assert [found.reminders_due(day) for day in days] == [0, 1, 1, 2, 2, 0]


def test_the_baseline_opens_when_the_convention_is_accepted() -> None:
    baseline = window(T0, 0, accepted_on=date(2025, 10, 1))
    assert (baseline.opens, baseline.due) == (date(2025, 10, 1), T0)
    assert window(T0, 3, accepted_on=date(2025, 10, 1)) == window(T0, 3)
    with pytest.raises(ValueError, match="before the award"):
        window(T0, 0, accepted_on=T0 + DAY)


def test_a_case_has_the_baseline_and_three_waves() -> None:
    assert [found.months for found in windows(T0)] == [0, 3, 6, 12] == list(WAVES)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2026, 1, 1), "2026-Q1"),
        (date(2026, 3, 31), "2026-Q1"),
        (date(2026, 4, 1), "2026-Q2"),
        (date(2026, 12, 31), "2026-Q4"),
    ],
)
def test_a_day_has_a_quarter(day: date, code: str) -> None:
    assert str(quarter_of(day)) == code


def test_a_wave_is_counted_in_the_quarter_of_its_due_day_not_of_the_answer() -> None:
    found = window(date(2026, 3, 20), 3)
    assert found.closes > date(2026, 7, 1)
    assert found.period == Quarter(2026, 2)


def test_evidence_counts_from_the_award_then_from_each_close() -> None:
    assert evidence_period(T0, 0) is None
    assert evidence_period(T0, 3) == EvidencePeriod(T0, window(T0, 3).closes, T0)
    assert evidence_period(T0, 6) == EvidencePeriod(window(T0, 3).closes, window(T0, 6).closes, T0)
    assert evidence_period(T0, 12) == EvidencePeriod(
        window(T0, 6).closes, window(T0, 12).closes, T0
    )


@pytest.mark.parametrize(
    ("day", "last", "expected"),
    [
        (date(2026, 3, 31), False, Answering.NOT_YET),
        (date(2026, 4, 1), False, Answering.COUNTED),
        (date(2026, 5, 15), False, Answering.COUNTED),
        (date(2026, 5, 16), False, Answering.LATE),
        (date(2026, 6, 30), False, Answering.LATE),
        (date(2026, 7, 1), False, Answering.OVER),
        (date(2026, 5, 16), True, Answering.OVER),
    ],
)
def test_an_answer_is_late_until_the_next_wave_opens_and_never_after_the_last(
    day: date, last: bool, expected: Answering
) -> None:
    found = answering(
        day,
        opens=date(2026, 4, 1),
        closes=date(2026, 5, 15),
        next_opens=None if last else date(2026, 7, 1),
    )
    assert found is expected

"""A framework agreement lasts one year from its signature, and is never renewed by silence."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.partners.agreements import (
    AgreementState,
    AgreementStatus,
    Period,
    last_day_in_force,
    status_on,
)

YEAR = Period(date(2026, 3, 1), date(2027, 2, 28))


@pytest.mark.parametrize(
    ("signed", "last"),
    [
        ("2026-03-01", "2027-02-28"),
        ("2028-02-29", "2029-02-27"),
        ("2027-03-01", "2028-02-29"),
        ("2026-01-01", "2026-12-31"),
        ("2026-12-31", "2027-12-30"),
    ],
)
def test_an_agreement_ends_twelve_months_after_its_signature_less_a_day(
    signed: str, last: str
) -> None:
    assert last_day_in_force(date.fromisoformat(signed)) == date.fromisoformat(last)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_an_agreement_lasts_365_or_366_days_and_a_leap_day_one_less(signed: date) -> None:
    days = (last_day_in_force(signed) - signed).days + 1
    assert days in (365, 366)


def test_without_agreement_nothing_is_in_force() -> None:
    assert status_on([], date(2026, 3, 1)) == AgreementStatus(AgreementState.NONE)


@pytest.mark.parametrize(
    ("on", "in_force"),
    [("2026-02-28", False), ("2026-03-01", True), ("2027-02-28", True), ("2027-03-01", False)],
)
def test_the_first_and_the_last_day_are_in_force_and_their_neighbours_are_not(
    on: str, in_force: bool
) -> None:
    assert status_on([YEAR], date.fromisoformat(on)).in_force is in_force


def test_an_agreement_signed_later_is_not_looked_at() -> None:
    assert status_on([YEAR], date(2026, 2, 28)).state == AgreementState.NONE


@pytest.mark.parametrize(
    ("days_left", "state", "notice"),
    [
        (91, AgreementState.IN_FORCE, None),
        (90, AgreementState.ENDING, 90),
        (61, AgreementState.ENDING, 90),
        (60, AgreementState.ENDING, 60),
        (30, AgreementState.ENDING, 30),
        (0, AgreementState.ENDING, 30),
    ],
)
def test_the_end_is_told_90_60_and_30_days_before(
    days_left: int, state: AgreementState, notice: int | None
) -> None:
    found = status_on([YEAR], YEAR.ends_on - timedelta(days=days_left))
    assert (found.state, found.days_left, found.notice) == (state, days_left, notice)


def test_a_lapsed_agreement_keeps_its_last_day() -> None:
    found = status_on([YEAR], date(2027, 3, 1))
    assert (found.state, found.ends_on, found.days_left) == (
        AgreementState.LAPSED,
        YEAR.ends_on,
        None,
    )


def test_a_renewal_that_overlaps_extends_what_it_renews() -> None:
    renewal = Period(date(2027, 2, 1), date(2028, 1, 31))
    for periods in ([YEAR, renewal], [renewal, YEAR]):
        found = status_on(periods, date(2027, 2, 20))
        assert (found.state, found.ends_on) == (AgreementState.IN_FORCE, renewal.ends_on)

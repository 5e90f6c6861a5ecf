"""The worked cohort of specification §2.6: counts, response, anchoring with its bounds."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.anchoring.rules.indicators import Rate, WaveOutcome, summarise
from lti_tool.anchoring.rules.levels import Level

CLOSES = date(2026, 5, 15)
AFTER = CLOSES + timedelta(days=1)
COHORT = {3: "1 2 1 0 2 - 1 3 - 1 0 2", 6: "2 2 1 1 2 1 - 3 - 2 0 1", 12: "2 3 0 1 X - 1 3 - 2 - 2"}


def outcome(mark: str) -> WaveOutcome:
    """`-`: no level; `X`: revoked before the due day."""
    return WaveOutcome(
        closes=CLOSES,
        stopped_at_due=mark == "X",
        level=Level(int(mark)) if mark.isdigit() else None,
    )


def cohort(wave: int) -> list[WaveOutcome]:
    return [outcome(mark) for mark in COHORT[wave].split()]


@pytest.mark.parametrize(
    ("wave", "eligible", "observed", "at_level", "response"),
    [
        (3, 12, 10, (2, 4, 3, 1), 0.8333),
        (6, 12, 10, (1, 4, 4, 1), 0.8333),
        (12, 11, 8, (1, 2, 3, 2), 0.7273),
    ],
)
def test_the_cohort_is_counted(
    wave: int, eligible: int, observed: int, at_level: tuple[int, ...], response: float
) -> None:
    summary = summarise(cohort(wave), AFTER)
    assert (summary.eligible, summary.observed, summary.at_level) == (eligible, observed, at_level)
    assert summary.unobserved == eligible - observed
    assert summary.response == Rate(observed, eligible)
    assert summary.response.value is not None
    assert round(float(summary.response.value), 4) == response


@pytest.mark.parametrize(
    ("wave", "threshold", "share", "low", "high"),
    [
        (3, 1, 0.80, 0.6667, 0.8333),
        (3, 2, 0.40, 0.3333, 0.50),
        (3, 3, 0.10, 0.0833, 0.25),
        (6, 1, 0.90, 0.75, 0.9167),
        (6, 2, 0.50, 0.4167, 0.5833),
        (6, 3, 0.10, 0.0833, 0.25),
        (12, 1, 0.875, 0.6364, 0.9091),
        (12, 2, 0.625, 0.4545, 0.7273),
        (12, 3, 0.25, 0.1818, 0.4545),
    ],
)
def test_the_anchoring_rate_has_bounds_that_suppose_nothing(
    wave: int, threshold: int, share: float, low: float, high: float
) -> None:
    rate = summarise(cohort(wave), AFTER).anchoring(Level(threshold))
    values = [rate.among_respondents.value, rate.low.value, rate.high.value]
    assert [value is not None and round(float(value), 4) for value in values] == [share, low, high]


def test_a_window_that_closes_today_is_not_counted_yet() -> None:
    assert summarise(cohort(3), CLOSES).eligible == 0
    assert summarise(cohort(3), AFTER).eligible == 12


def test_a_case_stopped_at_its_due_day_leaves_the_denominator() -> None:
    assert summarise([outcome("X"), outcome("2"), outcome("-")], AFTER).response == Rate(1, 2)


def test_a_rate_of_nobody_has_no_value() -> None:
    summary = summarise([], AFTER)
    assert summary.response == Rate(0, 0)
    assert summary.response.value is None
    assert summary.anchoring().among_respondents.value is None


def test_each_source_has_its_own_response_rate() -> None:
    known, absent = Level.ACQUIRED, None
    outcomes = [
        WaveOutcome(
            closes=CLOSES,
            stopped_at_due=False,
            level=known,
            self_report=known,
            partner=partner,
            evidence=evidence,
        )
        for partner, evidence in [(known, absent), (known, known), (absent, absent)]
    ]
    summary = summarise([*outcomes, outcome("-")], AFTER)
    assert summary.self_report_response == Rate(3, 4)
    assert summary.partner_response == Rate(2, 4)
    assert summary.evidence_response == Rate(1, 4)


@given(st.lists(st.sampled_from("0123-X")), st.sampled_from(Level))
def test_the_bounds_hold_the_share_that_full_answers_would_give(
    marks: list[str], threshold: Level
) -> None:
    summary = summarise([outcome(mark) for mark in marks], AFTER)
    rate = summary.anchoring(threshold)
    for answer in "03":
        answered = [outcome(answer if mark == "-" else mark) for mark in marks]
        full = summarise(answered, AFTER).anchoring(threshold).among_respondents.value
        if full is not None:
            assert rate.low.value is not None
            assert rate.high.value is not None
            assert Fraction(0) <= rate.low.value <= full <= rate.high.value <= Fraction(1)

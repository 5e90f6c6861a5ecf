"""The pace of calls: it grows by one, falls by half, and stays within its bounds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lti_tool.grades.rules.pace import LONGEST_PAUSE, Pace

ANSWERS = st.lists(st.one_of(st.none(), st.floats(0.001, 100)), max_size=60)


def after(pace: Pace, answers: list[float | None]) -> Pace:
    """The pace after some answers; None is a refusal."""
    for seconds in answers:
        pace = pace.refused() if seconds is None else pace.answered(seconds)
    return pace


@given(st.integers(1, 32), ANSWERS)
def test_calls_at_once_stay_between_one_and_the_ceiling(
    ceiling: int, answers: list[float | None]
) -> None:
    assert 1 <= after(Pace(ceiling), answers).at_once <= ceiling


@given(ANSWERS)
def test_a_pause_is_never_longer_than_it_may_be_and_ends_with_a_good_answer(
    answers: list[float | None],
) -> None:
    pace = after(Pace(8), answers)
    assert 0 <= pace.pause() <= LONGEST_PAUSE
    assert after(pace, [0.001]).pause() == 0


def test_good_answers_open_one_more_call_a_round() -> None:
    pace = after(Pace(8), [0.06] * 5)
    assert pace.at_once == 3
    assert after(pace, [0.06] * 60).at_once == 8


def test_a_refusal_halves_once_for_the_calls_in_flight() -> None:
    pace = after(Pace(8), [0.06] * 60)
    assert pace.refused().at_once == 4
    assert after(pace, [None] * 8).at_once == 4
    assert after(pace, [None] * 9).at_once == 2


def test_an_answer_much_slower_than_usual_is_a_sign_and_is_not_learnt() -> None:
    pace = after(Pace(8), [0.06] * 60)
    slowed = pace.answered(0.30)
    assert slowed.at_once == 4
    assert slowed.usual == pace.usual
    assert pace.answered(0.12).at_once == 8


def test_refusals_in_a_row_wait_longer_and_longer_and_as_the_site_asks() -> None:
    pace = Pace(4).refused()
    assert pace.pause() == 1
    assert pace.pause(12) == 12
    assert pace.refused().pause() == 2
    assert after(pace, [None] * 20).pause() == LONGEST_PAUSE

"""How often, how much and in which order: cadence, nights, priorities."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from lti_tool.grades.rules.cadence import (
    LONGEST,
    Comparison,
    Verdict,
    departures_are_sure,
    judge,
    page_size,
    pause,
)
from lti_tool.grades.rules.nights import Course, Night, courses_of_tonight, share_passed
from lti_tool.grades.rules.priority import Candidate, Signal, choose

TEN = timedelta(minutes=10)
MIDNIGHT = datetime(2026, 11, 23, tzinfo=UTC)


def test_a_cheap_report_is_watched_as_often_as_asked_and_a_dear_one_less() -> None:
    assert pause(TEN, 1.0) == timedelta(seconds=539)
    assert pause(TEN, 24.0) == timedelta(seconds=516)
    assert pause(TEN, 240.0) == timedelta(seconds=4800)
    assert pause(timedelta(minutes=1), 0.1) == timedelta(seconds=45)


def test_a_site_that_fails_is_asked_less_and_less_but_never_forgotten() -> None:
    waits = [pause(TEN, 1.0, failures) for failures in range(12)]
    assert all(later >= sooner for sooner, later in pairwise(waits))
    assert waits[2] == 4 * waits[0]
    assert waits[-1] == LONGEST


@pytest.mark.parametrize(
    ("now", "rows", "seconds", "wanted"),
    [
        (5000, 5000, 1.3, 20_000),  # 0.2 s a page and 0.22 ms a row
        (5000, 5000, 60.0, 500),
        (5000, 2000, 0.5, 5000),  # the page was not full
        (5000, 3, 0.2, 5000),  # a few rows say nothing of the others
        (5000, 5000, 10.0, 4000),
        (5000, 5000, 8.0, 5000),
        (5000, 0, 0.0, 5000),
    ],
)
def test_pages_last_some_seconds_each(now: int, rows: int, seconds: float, wanted: int) -> None:
    assert page_size(now, rows, seconds) == wanted


@pytest.mark.parametrize(
    ("seen", "verdict"),
    [
        (Comparison(100, (100, 100), 100, 3, 2), Verdict.SOUND),
        (Comparison(0, (0, 0), 100, 0, 100), Verdict.EMPTY),
        (Comparison(0, (0, 0), 0, 0, 0), Verdict.SOUND),
        (Comparison(90, (100, 100), 100, 0, 10), Verdict.CUT),
        (Comparison(40, (40, 40), 100, 0, 60), Verdict.SHRUNK),
        (Comparison(4, (4, 4), 10, 0, 6), Verdict.SOUND),
        (Comparison(60, (60, 60), 60, 60, 0), Verdict.SOUND),
        (Comparison(9000, (9000, 9000), 9000, 5000, 0), Verdict.RESHAPED),
    ],
)
def test_what_a_report_says_is_judged_before_it_is_believed(
    seen: Comparison, verdict: Verdict
) -> None:
    assert judge(seen) is verdict


def test_departures_are_sure_when_every_page_announces_the_same() -> None:
    assert departures_are_sure(Comparison(9, (9, 9), 10, 0, 1))
    assert not departures_are_sure(Comparison(9, (9, 10), 10, 0, 1))


def night(**values: object) -> Night:
    """A night that is over, of a site read in seven, with budget enough."""
    usual: dict[str, object] = {
        "now": MIDNIGHT,
        "passed": 1.0,
        "spent": 0.0,
        "budget": 3600.0,
        "nights": 7,
    }
    return Night(**(usual | values))  # type: ignore[arg-type]  # merged by name


def courses(number: int, seconds: float = 15.0) -> list[Course]:
    """Courses read one hour after the other, the first the oldest."""
    return [Course(n, MIDNIGHT - timedelta(hours=24 - n % 20), seconds) for n in range(number)]


def test_each_night_takes_its_share_and_every_course_comes_back() -> None:
    known = {one.id: one for one in courses(100)}
    read: list[int] = []
    for day in range(8):
        at = MIDNIGHT + timedelta(days=day)
        chosen = courses_of_tonight(known.values(), night(now=at))
        assert 13 <= len(chosen) <= 17
        read += [one.id for one in chosen]
        known |= {one.id: Course(one.id, at, one.seconds) for one in chosen}
    assert sorted(set(read)) == list(range(100))


def test_the_only_course_of_a_site_is_read_once_in_seven_nights() -> None:
    one = Course(1, MIDNIGHT, 10.0)
    nights = [
        courses_of_tonight([one], night(now=MIDNIGHT + timedelta(days=n))) for n in range(1, 8)
    ]
    assert [bool(chosen) for chosen in nights] == [False] * 6 + [True]


def test_the_night_is_spread_and_never_dearer_than_its_budget() -> None:
    late = [Course(n, MIDNIGHT - timedelta(days=30 + n), 15.0) for n in range(100)]
    half = courses_of_tonight(late, night(passed=0.5, budget=600.0))
    assert sum(one.seconds for one in half) == pytest.approx(300, abs=15)
    spent = courses_of_tonight(late, night(spent=600.0, budget=600.0))
    assert spent == []
    assert half[0].id == 99


def test_a_course_dearer_than_a_night_is_read_alone_when_its_turn_has_passed() -> None:
    huge = Course(1, MIDNIGHT - timedelta(days=8), 9000.0)
    assert courses_of_tonight([huge], night(budget=600.0)) == [huge]


def test_after_a_reset_nights_read_more_but_not_the_whole_site() -> None:
    known = courses(100)
    assert 13 <= len(courses_of_tonight(known, night())) <= 15
    assert 40 <= len(courses_of_tonight(known, night(since=MIDNIGHT))) <= 43


def test_the_night_is_the_sites_own() -> None:
    assert share_passed(MIDNIGHT.replace(hour=12)) is None
    assert share_passed(MIDNIGHT) == 0
    assert share_passed(MIDNIGHT.replace(hour=4, minute=50)) == 1


def test_the_strongest_sign_goes_first_and_the_budget_is_kept() -> None:
    found = [
        Candidate(1, None, Signal.AGE, 10.0, MIDNIGHT),
        Candidate(2, None, Signal.AGE, 10.0, None),
        Candidate(1, 7, Signal.ACCESSED, 0.06),
        Candidate(1, 7, Signal.GRADED, 0.06),
        Candidate(1, 8, Signal.LAUNCHED, 0.06),
    ]
    assert choose(found, 10.2) == [found[3], found[4], found[1]]
    assert choose(found, 0.1) == [found[3]]
    assert choose(found, 0.0) == []

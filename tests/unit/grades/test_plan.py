"""The plan of a reading: each learner once, by calls that will not die, never dearer than one by one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lti_tool.grades.rules.plan import (
    Costs,
    Step,
    Way,
    averaged,
    died_of_time,
    plan,
    wants_groups,
)

PEOPLE = st.frozensets(st.integers(1, 40), max_size=40)
GROUPS = st.dictionaries(st.integers(1, 8), PEOPLE, max_size=6)
COSTS = st.builds(
    Costs,
    st.floats(0.001, 1),
    st.floats(0.001, 1),
    st.floats(0.01, 60),
)


def cost(steps: list[Step], present: int, costs: Costs, groups: dict[int, frozenset[int]]) -> float:
    """What a plan costs the site, in seconds."""
    seconds = 0.0
    for step in steps:
        if step.way is Way.WHOLE:
            seconds += present * costs.whole
        elif step.way is Way.GROUP:
            seconds += len(groups[step.group or 0]) * costs.whole
        else:
            seconds += len(step.learners) * costs.single
    return seconds


@given(PEOPLE, st.integers(40, 60), COSTS, GROUPS)
def test_everybody_wanted_is_read_once_and_nobody_else(
    wanted: frozenset[int], present: int, costs: Costs, groups: dict[int, frozenset[int]]
) -> None:
    steps = plan(wanted, present, costs, groups)
    read = [number for step in steps for number in step.learners]
    assert sorted(read) == sorted(wanted)


@given(PEOPLE, st.integers(40, 60), COSTS, GROUPS)
def test_no_plan_is_dearer_than_one_by_one_nor_longer_than_the_site_allows(
    wanted: frozenset[int], present: int, costs: Costs, groups: dict[int, frozenset[int]]
) -> None:
    steps = plan(wanted, present, costs, groups)
    assert cost(steps, present, costs, groups) <= len(wanted) * costs.single + 1e-9
    for step in steps:
        if step.way is Way.WHOLE:
            assert costs.fits(present)
        if step.way is Way.GROUP:
            assert costs.fits(len(groups[step.group or 0]))


def test_a_small_course_is_read_whole_and_one_learner_alone() -> None:
    everybody = set(range(60))
    assert [step.way for step in plan(everybody, 60, Costs())] == [Way.WHOLE]
    assert plan({7}, 60, Costs()) == [Step(Way.SINGLE, (7,))]


def test_learners_become_the_whole_course_when_that_is_cheaper() -> None:
    assert plan(set(range(29)), 60, Costs())[0].way is Way.SINGLE
    assert plan(set(range(30)), 60, Costs())[0].way is Way.WHOLE


def test_a_course_too_long_for_the_site_is_read_by_groups_and_the_others_alone() -> None:
    everybody = set(range(2000))
    groups = {1: range(800), 2: range(600, 1400), 3: range(1400, 1990)}
    steps = plan(everybody, 2000, Costs(), groups)
    assert [(step.way, step.group, len(step.learners)) for step in steps] == [
        (Way.GROUP, 1, 800),
        (Way.GROUP, 3, 590),
        (Way.GROUP, 2, 600),
        (Way.SINGLE, None, 10),
    ]
    assert wants_groups(everybody, 2000, Costs())
    assert not wants_groups(everybody, 1500, Costs())
    assert not wants_groups(range(19), 2000, Costs())
    assert [step.way for step in plan(everybody, 2000, Costs())] == [Way.SINGLE]


def test_a_group_longer_than_the_site_allows_is_not_asked_for() -> None:
    steps = plan(set(range(4000)), 4000, Costs(), {1: range(3000), 2: range(3000, 4000)})
    assert [step.group for step in steps] == [2, None]


def test_nothing_wanted_is_nothing_to_do() -> None:
    assert plan(set(), 60, Costs()) == []


def test_a_moving_average_begins_with_its_first_measure_and_stays_between() -> None:
    assert averaged(None, 0.5) == 0.5
    assert 0.5 < averaged(0.5, 1.0) < 1.0


def test_a_site_that_refuses_at_once_did_not_die_of_time() -> None:
    assert not died_of_time(0.2, 2000, Costs())
    assert died_of_time(31, 2000, Costs())
    assert died_of_time(1.0, 60, Costs())

"""The stand-in of the benchmarks answers what the client asks, and counts what it cost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from moodle_client import MoodleClient, MoodleError, NoCriteria, ServerFailure, TransportOptions
from tests.benchmarks.standin import Delays, Layout, StandIn


@pytest.fixture(scope="module")
def moodle() -> Iterator[StandIn]:
    """Two courses of eight learners, answers at once."""
    delays = Delays(scale=0.001)
    with StandIn(Layout(courses=2, learners=8, groups=2, limit=0.23, delays=delays)) as site:
        yield site


@pytest.fixture(scope="module")
def client(moodle: StandIn) -> Iterator[MoodleClient]:
    """A client of it, which repeats nothing."""
    with MoodleClient(moodle.base_url, moodle.token, options=TransportOptions(retries=0)) as opened:
        yield opened


def test_a_group_and_a_learner_have_the_grades_of_the_course(
    moodle: StandIn, client: MoodleClient
) -> None:
    people = [user.id for user in client.get_enrolled_users(2, page_size=3)]
    assert len(people) == 8
    assert list(client.get_enrolled_users(2, only_suspended=True)) == []
    [one] = client.get_grade_items(2, people[0])
    members = {group.group_id: group.user_ids for group in client.get_group_members([1, 2])}
    group = client.get_grade_items(2, group_id=1)
    assert one in group
    assert {grades.user_id for grades in group} == set(members[1])
    assert set(members[1]) | set(members[2]) == set(people)
    assert len(one.items) == 13
    assert one.course_total is not None
    with pytest.raises(NoCriteria):
        client.get_course_completion_status(2, people[0])


def test_a_change_shows_in_the_report_and_in_the_gradebook(
    moodle: StandIn, client: MoodleClient
) -> None:
    def seen() -> tuple[list[str | None], object]:
        rows = [row.cells[8] for row in client.iterate_report(1, per_page=5)]
        return rows, client.get_grade_items(3, 1008)[0].course_total

    before = seen()
    moodle.change(3, [1008])
    after = seen()
    assert len(after[0]) == 16
    assert [
        place
        for place, (a, b) in enumerate(zip(*(s[0] for s in (before, after)), strict=True))
        if a != b
    ] == [8]
    assert before[1] != after[1]


def test_an_answer_past_the_limit_of_the_web_server_is_its_error(
    moodle: StandIn, client: MoodleClient
) -> None:
    moodle.reset()
    with pytest.raises(ServerFailure):
        client.get_grade_items(2)
    client.get_grade_items(2, 1000)
    told = moodle.told()
    assert told.calls == {"gradereport_user_get_grade_items": 2}
    assert told.busy == pytest.approx(0.00029)


def test_another_token_is_refused(moodle: StandIn) -> None:
    with MoodleClient(moodle.base_url, "0" * 32) as other, pytest.raises(MoodleError):
        other.get_site_info()

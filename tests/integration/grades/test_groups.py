"""Groups are read with the enrolments: who is in which, since when, and until when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.demo.moodle import DemoMoodle, running_moodle
from lti_tool.grades.groups import (
    SEPARATE,
    groups_of_course,
    groups_of_learner,
    people_in_groups,
    read_group_mode,
    store_groups,
)
from lti_tool.grades.models import GroupMember
from lti_tool.grades.reading.people import read_people
from lti_tool.grades.storing.people import People, known_learners
from lti_tool.people.models import Account
from lti_tool.platforms.models import Course
from moodle_client import GroupRef, MoodleClient
from tests.factories import make_course, make_site


@pytest.fixture(scope="module")
def moodle() -> Iterator[DemoMoodle]:
    """The demonstration's Moodle, read by every test here."""
    with running_moodle(tool_url="http://tool.localhost") as site:
        yield site


@pytest.fixture
def client(moodle: DemoMoodle) -> Iterator[MoodleClient]:
    """A client of the peer."""
    with MoodleClient(moodle.base_url, moodle.service_token) as opened:
        yield opened


@pytest.fixture
def course(session: Session, moodle: DemoMoodle) -> Course:
    """The course of the peer with separate groups."""
    found = moodle.world.course_with_idnumber("RMP-ADL-12")
    return make_course(session, make_site(session, moodle.base_url), moodle_id=found.id)


Told = dict[int, tuple[GroupRef, ...]]


def read(session: Session, client: MoodleClient, course: Course, at: datetime) -> Told:
    """Read who is in the course, store them, and return their groups."""
    people = People(course.id, course.site_id, at)
    for page in read_people(client, course.moodle_id):
        people.store(session, page, at)
    return people.groups


def someone(told: Told) -> int:
    """Account of somebody who is in a group."""
    return next(account_id for account_id, refs in told.items() if refs)


def test_groups_are_those_of_moodle_without_the_right_to_change_groups(
    session: Session, moodle: DemoMoodle, client: MoodleClient, course: Course
) -> None:
    service = next(one for one in moodle.world.people.values() if one.username == "ws_rmp")
    service.capabilities.discard("moodle/course:managegroups")
    told = read(session, client, course, clock.now())
    mode = read_group_mode(client, course.moodle_id, told)
    service.capabilities.add("moodle/course:managegroups")
    store_groups(session, course.id, told, mode, clock.now())
    assert course.group_mode == SEPARATE
    there = {group.name: set(group.members) for group in moodle.world.groups_of(course.moodle_id)}
    known = {}
    for one in groups_of_course(session, course.id):
        people = people_in_groups(session, [one.group.id])
        subjects = session.scalars(select(Account.subject).where(Account.person_id.in_(people)))
        known[one.group.name] = {int(subject) for subject in subjects}
        assert one.learners == len(people)
    assert known == {name: members for name, members in there.items() if members}


def test_a_name_is_read_without_the_entities_that_moodle_writes(
    session: Session, moodle: DemoMoodle, client: MoodleClient, course: Course
) -> None:
    group = moodle.world.groups_of(course.moodle_id)[0]
    name, group.name = group.name, "مجموعة & Zanmi"
    told = read(session, client, course, clock.now())
    group.name = name
    store_groups(session, course.id, told, SEPARATE, clock.now())
    assert "مجموعة & Zanmi" in {one.group.name for one in groups_of_course(session, course.id)}


def test_who_changes_group_is_known_by_moment_and_nothing_is_erased(
    session: Session, client: MoodleClient, course: Course
) -> None:
    first = clock.now()
    told = read(session, client, course, first)
    for days in (0, 1):
        store_groups(session, course.id, told, SEPARATE, first + timedelta(days=days))
    before = session.scalar(select(func.count()).select_from(GroupMember))
    assert before == sum(len(refs) for refs in told.values())
    mover = someone(told)
    moved = told | {mover: (GroupRef(9999, "Session 2"),)}
    store_groups(session, course.id, moved, SEPARATE, first + timedelta(days=10))
    person_id = session.get_one(Account, mover).person_id

    def names(at: datetime | None) -> list[str]:
        return [one.name for one in groups_of_learner(session, course.id, person_id, at)]

    assert names(None) == ["Session 2"]
    assert names(first + timedelta(days=5)) == [told[mover][0].name]
    assert names(first - timedelta(days=1)) == []
    assert groups_of_learner(session, course.id + 1, person_id) == []
    assert session.scalar(select(func.count()).select_from(GroupMember)) == before + 1


def test_a_reading_that_shows_no_learner_says_nothing_of_groups(
    session: Session, client: MoodleClient, course: Course
) -> None:
    told = read(session, client, course, clock.now())
    store_groups(session, course.id, told, SEPARATE, clock.now())
    known = [(one.group.id, one.learners) for one in groups_of_course(session, course.id)]
    trainers = dict.fromkeys(told.keys() - set(known_learners(session, course.id).values()), ())
    store_groups(session, course.id, trainers, None, clock.now())
    assert [(one.group.id, one.learners) for one in groups_of_course(session, course.id)] == known
    assert course.group_mode == SEPARATE


def test_a_course_without_group_costs_no_call(client: MoodleClient) -> None:
    client.close()
    assert read_group_mode(client, 2, {1: ()}) is None

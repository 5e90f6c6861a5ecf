"""Groups are read with the enrolments: who is in which, since when, and until when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.demo.moodle import DemoMoodle, running_moodle
from lti_tool.grades.enrolling import store_enrolments
from lti_tool.grades.groups import (
    SEPARATE,
    groups_of_course,
    groups_of_learner,
    people_in_group,
    read_group_mode,
    store_groups,
)
from lti_tool.grades.models import GroupMember
from lti_tool.grades.reading import Enrolled, read_enrolments
from lti_tool.people.models import Account
from lti_tool.platforms.models import Course
from moodle_client import EnrolledUser, GroupRef, MoodleClient
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


def write(
    session: Session,
    course: Course,
    enrolled: list[Enrolled],
    at: datetime,
    mode: int | None = SEPARATE,
) -> None:
    """Store a reading of the course."""
    store_enrolments(session, course, enrolled, at, read_from=at)
    store_groups(session, course, enrolled, mode, at)


def a_learner(session: Session, course: Course, subject: str) -> int:
    """Person behind an account of the course's site."""
    found = session.scalar(
        select(Account.person_id).where(
            Account.site_id == course.site_id, Account.subject == subject
        )
    )
    assert found is not None
    return found


def within(entry: Enrolled, *groups: GroupRef) -> Enrolled:
    """The same person, in other groups."""
    values = {name: getattr(entry.user, name) for name in EnrolledUser.__slots__}
    return replace(entry, user=EnrolledUser(**(values | {"groups": groups})))


def test_groups_are_those_of_moodle_without_the_right_to_change_groups(
    session: Session, moodle: DemoMoodle, client: MoodleClient, course: Course
) -> None:
    service = next(one for one in moodle.world.people.values() if one.username == "ws_rmp")
    service.capabilities.discard("moodle/course:managegroups")
    enrolled = read_enrolments(client, course.moodle_id)
    mode = read_group_mode(client, course.moodle_id, enrolled)
    service.capabilities.add("moodle/course:managegroups")
    write(session, course, enrolled, clock.now(), mode)
    assert course.group_mode == SEPARATE
    told = {group.name: set(group.members) for group in moodle.world.groups_of(course.moodle_id)}
    known = {}
    for one in groups_of_course(session, course.id):
        people = people_in_group(session, one.group.id)
        subjects = session.scalars(select(Account.subject).where(Account.person_id.in_(people)))
        known[one.group.name] = {int(subject) for subject in subjects}
        assert one.learners == len(people)
    assert known == {name: members for name, members in told.items() if members}


def test_a_name_is_read_without_the_entities_that_moodle_writes(
    session: Session, moodle: DemoMoodle, client: MoodleClient, course: Course
) -> None:
    group = moodle.world.groups_of(course.moodle_id)[0]
    name, group.name = group.name, "مجموعة & Zanmi"
    enrolled = read_enrolments(client, course.moodle_id)
    group.name = name
    write(session, course, enrolled, clock.now())
    assert "مجموعة & Zanmi" in {one.group.name for one in groups_of_course(session, course.id)}


def test_who_changes_group_is_known_by_moment_and_nothing_is_erased(
    session: Session, client: MoodleClient, course: Course
) -> None:
    enrolled = read_enrolments(client, course.moodle_id)
    first = clock.now()
    write(session, course, enrolled, first)
    before = session.scalar(select(func.count()).select_from(GroupMember))
    write(session, course, enrolled, first + timedelta(days=1))
    assert session.scalar(select(func.count()).select_from(GroupMember)) == before
    mover = next(entry for entry in enrolled if entry.user.groups)
    later = first + timedelta(days=10)
    write(
        session,
        course,
        [within(one, GroupRef(9999, "Session 2")) if one is mover else one for one in enrolled],
        later,
    )
    person_id = a_learner(session, course, str(mover.user.id))

    def names(at: datetime | None) -> list[str]:
        return [one.name for one in groups_of_learner(session, course.id, person_id, at)]

    assert names(None) == ["Session 2"]
    assert names(first + timedelta(days=5)) == [mover.user.groups[0].name]
    assert names(first - timedelta(days=1)) == []
    assert groups_of_learner(session, course.id + 1, person_id) == []


def test_a_reading_that_shows_no_learner_says_nothing_of_groups(
    session: Session, client: MoodleClient, course: Course
) -> None:
    enrolled = read_enrolments(client, course.moodle_id)
    write(session, course, enrolled, clock.now())
    known = [(one.group.id, one.learners) for one in groups_of_course(session, course.id)]
    trainers = [entry for entry in enrolled if entry.role == "trainer"]
    store_groups(session, course, trainers, None, clock.now())
    assert [(one.group.id, one.learners) for one in groups_of_course(session, course.id)] == known
    assert course.group_mode == SEPARATE

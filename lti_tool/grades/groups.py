"""The groups of a course: learners' cohorts, read with the enrolments, which tell them for nothing.

Moodle gives the groups of each participant in the record of the enrolment; its own functions on groups
need a capability to *change* groups (``moodle/course:managegroups``), and are not called here. Only
groups that somebody is in are known that way and, where the course has a default grouping, only those of
that grouping.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload

from lti_tool.grades.models import EnrolledAs, Enrolment, EnrolmentState, Group, GroupMember
from lti_tool.people.models import Account
from lti_tool.platforms.models import Course
from moodle_client import AccessDenied, GroupRef, MoodleClient

NAME_LENGTH = 254
SEPARATE = 1
"""Moodle's group mode in which people see their own group only, but for those who may see all."""


@dataclass(frozen=True, slots=True)
class CourseGroup:
    """A group with its present learners."""

    group: Group
    learners: int


def read_group_mode(
    client: MoodleClient, moodle_id: int, told: Mapping[int, Collection[GroupRef]]
) -> int | None:
    """Return Moodle's group mode of a course where somebody is in a group; None: no group, or untold.

    Raises:
        MoodleError: Moodle does not answer.
    """
    if not any(told.values()):
        return None
    try:
        found = client.get_courses_by_field("id", str(moodle_id))
    except AccessDenied:
        return None  # the function is not in the service
    return found[0].group_mode if found else None


def store_groups(
    session: Session,
    course_id: int,
    told: Mapping[int, Collection[GroupRef]],
    mode: int | None,
    at: datetime,
) -> None:
    """Bring the groups of a course up to date with a reading of its people; the caller commits.

    A reading that shows no learner at all says nothing: an account without the right to see groups reads
    such a course.

    Args:
        told: Account.id → groups, of everybody whom the reading listed.
        mode: as ``read_group_mode`` gave it.
    """
    if not _shows_learners(session, course_id, told):
        return
    session.get_one(Course, course_id).group_mode = mode
    names = {ref.id: ref.name for refs in told.values() for ref in refs}
    groups = _store_names(session, course_id, names)
    seen = {(groups[ref.id].id, account_id) for account_id, refs in told.items() for ref in refs}
    ids = [group.id for group in groups.values()]
    present = {
        (row.group_id, row.account_id): row
        for row in session.scalars(
            select(GroupMember).where(GroupMember.group_id.in_(ids), GroupMember.left_at.is_(None))
        )
    }
    for pair in present.keys() - seen:
        present[pair].left_at = at
    session.add_all(
        GroupMember(group_id=group_id, account_id=account_id, seen_from=at)
        for group_id, account_id in sorted(seen - present.keys())
    )
    session.flush()


def groups_of_course(session: Session, course_id: int) -> list[CourseGroup]:
    """Return the groups of a course that have learners now, by name."""
    query = (
        select(Group, func.count(Account.person_id.distinct()))
        .join(GroupMember, GroupMember.group_id == Group.id)
        .join(Account, Account.id == GroupMember.account_id)
        .join(
            Enrolment,
            (Enrolment.account_id == Account.id) & (Enrolment.course_id == Group.course_id),
        )
        .where(
            Group.course_id == course_id,
            GroupMember.left_at.is_(None),
            Enrolment.role == EnrolledAs.LEARNER,
            Enrolment.state != EnrolmentState.GONE,
        )
        .group_by(Group.id)
        .order_by(Group.name, Group.id)
    )
    return [CourseGroup(group, count) for group, count in session.execute(query)]


def people_in_groups(session: Session, group_ids: Collection[int]) -> frozenset[int]:
    """Return who is in one of these groups now, trainers too, by Person.id."""
    query = (
        select(Account.person_id)
        .join(GroupMember, GroupMember.account_id == Account.id)
        .where(GroupMember.group_id.in_(group_ids), GroupMember.left_at.is_(None))
    )
    return frozenset(session.scalars(query))


def groups_holding(session: Session, person_ids: Collection[int]) -> dict[Group, frozenset[int]]:
    """Return the groups, of whatever course, where some of these people are now, and which of them.

    Nobody else is named: who else is in a group is not the reader's to know.
    """
    query = (
        select(Group, Account.person_id)
        .join(GroupMember, GroupMember.group_id == Group.id)
        .join(Account, Account.id == GroupMember.account_id)
        .options(joinedload(Group.course))
        .where(Account.person_id.in_(person_ids), GroupMember.left_at.is_(None))
        .order_by(Group.name, Group.id)
    )
    found: dict[Group, set[int]] = defaultdict(set)
    for group, person_id in session.execute(query):
        found[group].add(person_id)
    return {group: frozenset(people) for group, people in found.items()}


def groups_of_people(
    session: Session,
    course_ids: Collection[int],
    person_ids: Collection[int],
    at: datetime | None = None,
) -> dict[tuple[int, int], list[Group]]:
    """Return the groups of people in courses, by (Course.id, Person.id), each list by name.

    Args:
        at: as the readings knew them at that moment; None: now.
    """
    query = (
        select(Account.person_id, Group)
        .join(GroupMember, GroupMember.account_id == Account.id)
        .join(Group, Group.id == GroupMember.group_id)
        .where(Group.course_id.in_(course_ids), Account.person_id.in_(person_ids), _holds(at))
        .order_by(Group.name, Group.id)
    )
    found: dict[tuple[int, int], list[Group]] = defaultdict(list)
    for person_id, group in session.execute(query):
        if group not in found[group.course_id, person_id]:
            found[group.course_id, person_id].append(group)
    return dict(found)


def groups_of_learner(
    session: Session, course_id: int, person_id: int, at: datetime | None = None
) -> list[Group]:
    """Return the group or groups of one person in a course: the session that they follow it in."""
    found = groups_of_people(session, [course_id], [person_id], at)
    return found.get((course_id, person_id), [])


def _holds(at: datetime | None) -> ColumnElement[bool]:
    if at is None:
        return GroupMember.left_at.is_(None)
    return (GroupMember.seen_from <= at) & or_(
        GroupMember.left_at.is_(None), GroupMember.left_at > at
    )


def _store_names(session: Session, course_id: int, names: dict[int, str]) -> dict[int, Group]:
    groups = {
        row.moodle_id: row
        for row in session.scalars(select(Group).where(Group.course_id == course_id))
    }
    for number, name in names.items():
        group = groups.get(number)
        if group is None:
            group = groups[number] = Group(course_id=course_id, moodle_id=number)
            session.add(group)
        group.name = name[:NAME_LENGTH]
    session.flush()
    return groups


def _shows_learners(session: Session, course_id: int, told: Collection[int]) -> bool:
    """Whether a learner of the course is among the accounts that a reading listed."""
    learners = session.scalars(
        select(Enrolment.account_id).where(
            Enrolment.course_id == course_id, Enrolment.role == EnrolledAs.LEARNER
        )
    )
    return any(account_id in told for account_id in learners)

"""Reading learners one by one stores what a whole reading stores, and nothing of the others."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.demo.moodle import DemoMoodle, running_moodle
from lti_tool.demo.moodle.seed.standings import learner_id
from lti_tool.grades.due import mark_due
from lti_tool.grades.models import CurrentGrade, GradeItem, GradeSnapshot, Pull, Unreadable
from lti_tool.grades.rules.scope import EVERY_PART, Part, Scope
from lti_tool.grades.service import last_pull, pull_course
from lti_tool.jobs import Priority
from lti_tool.jobs.runner import run_due_jobs
from lti_tool.people.models import Account
from lti_tool.settings import Settings
from moodle_client import MoodleClient
from tests.factories import make_course, make_site

COURSE = 2


@pytest.fixture
def moodle() -> Iterator[DemoMoodle]:
    """The demonstration's Moodle, on a port of its own."""
    with running_moodle(tool_url="http://tool.localhost") as site:
        yield site


@pytest.fixture
def client(moodle: DemoMoodle) -> Iterator[MoodleClient]:
    """A client of the peer."""
    with MoodleClient(moodle.base_url, moodle.service_token) as opened:
        yield opened


@pytest.fixture
def course_id(session: Session, moodle: DemoMoodle) -> int:
    """The course RMP-ADL-01 of the peer."""
    site = make_site(session, moodle.base_url, token=moodle.service_token)
    course = make_course(session, site, COURSE, idnumber="RMP-ADL-01")
    session.commit()
    return course.id


def of_learners(*numbers: int, parts: frozenset[Part] = EVERY_PART) -> Scope:
    """Some learners, one by one."""
    chosen = frozenset(numbers)
    return Scope(
        everyone=frozenset(),
        grades=chosen if Part.GRADES in parts else frozenset(),
        completion=chosen if Part.COMPLETION in parts else frozenset(),
        membership=Part.MEMBERSHIP in parts,
    )


def known(session: Session) -> dict[tuple[int, int], tuple[object, ...]]:
    """The present values, by Moodle's numbers."""
    rows = session.execute(
        select(
            Account.subject,
            GradeItem.moodle_id,
            GradeSnapshot.final,
            GradeSnapshot.grade_min,
            GradeSnapshot.grade_max,
            GradeSnapshot.hidden,
            GradeSnapshot.overridden,
            GradeSnapshot.excluded,
            GradeSnapshot.label,
        )
        .join(CurrentGrade, CurrentGrade.snapshot_id == GradeSnapshot.id)
        .join(GradeItem, GradeItem.id == GradeSnapshot.item_id)
        .join(Account, Account.id == GradeSnapshot.account_id)
    ).all()
    session.rollback()
    return {(int(row[0]), row[1]): tuple(row[2:]) for row in rows}


def test_learners_read_one_by_one_are_stored_as_a_whole_reading_stores_them(
    sessions: sessionmaker[Session], session: Session, client: MoodleClient, course_id: int
) -> None:
    everybody = [user.id for user in client.get_enrolled_users(COURSE) if user.has_role("student")]
    pull_course(sessions, client, course_id, scope=of_learners(*everybody))
    one_by_one = known(session)
    reasons = set(session.scalars(select(Unreadable.reason)))
    session.rollback()
    assert reasons == {"enrolment_inactive", "account_suspended"}
    whole = pull_course(sessions, client, course_id)
    assert known(session) == one_by_one
    assert whole.changed == 0


def test_one_marked_learner_costs_one_call_and_moves_nobody_else(
    sessions: sessionmaker[Session],
    session: Session,
    client: MoodleClient,
    moodle: DemoMoodle,
    course_id: int,
    settings: Settings,
) -> None:
    pull_course(sessions, client, course_id)
    whole = last_pull(session, course_id)
    before = known(session)
    person = learner_id(37)
    item = next(
        item.id
        for grades in client.get_grade_items(COURSE, person)
        for item in grades.items
        if item.type == "mod"
    )
    moodle.changes.make(
        moodle.world, "set_grade", item=item, person=person, value="2", moment=moodle.now
    )
    mark_due(
        session, course_id, [person], parts={Part.GRADES}, priority=Priority.SOON, reason="report"
    )
    session.commit()
    run_due_jobs(sessions, settings)
    after = known(session)
    assert after[person, item][0] == Decimal(2)
    assert {key[0] for key in after if after[key] != before[key]} == {person}
    newest = session.scalars(select(Pull).order_by(Pull.id.desc())).first()
    assert newest is not None
    assert not newest.everyone
    assert last_pull(session, course_id).id == whole.id


def test_an_account_suspended_since_is_unreadable_and_keeps_its_values(
    sessions: sessionmaker[Session],
    session: Session,
    client: MoodleClient,
    moodle: DemoMoodle,
    course_id: int,
) -> None:
    pull_course(sessions, client, course_id)
    before = known(session)
    person = learner_id(1)
    moodle.world.people[person].suspended = True
    pull_course(sessions, client, course_id, scope=of_learners(person))
    assert known(session) == before
    reason = session.scalar(
        select(Unreadable.reason)
        .join(Account, Account.id == Unreadable.account_id)
        .where(Account.subject == str(person))
    )
    assert reason == "account_suspended"

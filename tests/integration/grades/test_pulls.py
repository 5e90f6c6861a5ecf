"""Pulls from a real peer over HTTP: exact values, unchanged re-reads, faults that lose nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.demo.moodle import DemoMoodle, running_moodle
from lti_tool.demo.moodle.courses import Enrolment as MoodleEnrolment
from lti_tool.demo.moodle.people import PARTNER_LEAD, STUDENT
from lti_tool.demo.moodle.people import Role as MoodleRole
from lti_tool.demo.moodle.seed.standings import learner_id
from lti_tool.demo.moodle.seed.world import FIRST_REFERENT
from lti_tool.grades.models import (
    CompletionSnapshot,
    CurrentGrade,
    Enrolment,
    EnrolmentState,
    GradeItem,
    GradeSnapshot,
    Pull,
    Unreadable,
)
from lti_tool.grades.reading import people
from lti_tool.grades.service import last_pull, latest_failure, pull_course
from lti_tool.people.accounts import find_or_create_account
from lti_tool.people.models import Account, CourseRole, Role
from lti_tool.people.sessions import create_session, load_viewer
from lti_tool.platforms.models import Course
from moodle_client import EnrolledUser, Maintenance, MissingCapability, MoodleClient, MoodleError
from tests.factories import make_course, make_grant, make_site

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
    site = make_site(session, moodle.base_url)
    course = make_course(session, site, COURSE, idnumber="RMP-ADL-01")
    session.commit()
    return course.id


def count(session: Session, model: type) -> int:
    """How many rows a table has."""
    found = session.scalar(select(func.count()).select_from(model)) or 0
    session.commit()
    return found


def total_of(session: Session, number: int) -> GradeSnapshot:
    """The present course total of ``apprenant<number>``."""
    found = session.scalars(
        select(GradeSnapshot)
        .join(CurrentGrade, CurrentGrade.snapshot_id == GradeSnapshot.id)
        .join(GradeItem, GradeItem.id == GradeSnapshot.item_id)
        .join(Account, Account.id == GradeSnapshot.account_id)
        .where(Account.subject == str(learner_id(number)), GradeItem.item_type == "course")
    ).one()
    session.commit()
    return found


def test_every_value_is_the_one_that_moodle_gives(
    sessions: sessionmaker[Session], session: Session, client: MoodleClient, course_id: int
) -> None:
    pull_course(sessions, client, course_id)
    given = {
        (grades.user_id, item.id): item.final
        for grades in client.get_grade_items(COURSE)
        for item in grades.items
    }
    stored = {
        (int(subject), number): final
        for subject, number, final in session.execute(
            select(Account.subject, GradeItem.moodle_id, GradeSnapshot.final)
            .join(CurrentGrade, CurrentGrade.snapshot_id == GradeSnapshot.id)
            .join(GradeItem, GradeItem.id == GradeSnapshot.item_id)
            .join(Account, Account.id == GradeSnapshot.account_id)
        )
    }
    assert stored == given
    assert len(stored) > 100


def test_zero_missing_hidden_and_boundary_stay_what_they_are(
    sessions: sessionmaker[Session], session: Session, client: MoodleClient, course_id: int
) -> None:
    pull_course(sessions, client, course_id)
    assert total_of(session, 31).final == Decimal(0)
    assert total_of(session, 32).final is None
    assert total_of(session, 36).final is not None
    flags = session.scalars(
        select(GradeSnapshot.hidden).join(Account).where(Account.subject == str(learner_id(33)))
    ).all()
    assert True in flags


def test_an_unchanged_course_writes_no_snapshot_the_second_time(
    sessions: sessionmaker[Session], session: Session, client: MoodleClient, course_id: int
) -> None:
    pull_course(sessions, client, course_id)
    before = count(session, GradeSnapshot), count(session, CompletionSnapshot)
    again = pull_course(sessions, client, course_id)
    assert (count(session, GradeSnapshot), count(session, CompletionSnapshot)) == before
    assert again.changed == 0
    assert again.read > 0


def test_a_changed_grade_adds_one_line_and_keeps_the_former(
    sessions: sessionmaker[Session],
    session: Session,
    client: MoodleClient,
    moodle: DemoMoodle,
    course_id: int,
) -> None:
    pull_course(sessions, client, course_id)
    former = total_of(session, 37)
    person = learner_id(37)
    item = next(
        item
        for grades in client.get_grade_items(COURSE, person)
        for item in grades.items
        if item.type == "mod"
    )
    moodle.changes.make(
        moodle.world, "set_grade", item=item.id, person=person, value="2", moment=moodle.now
    )
    done = pull_course(sessions, client, course_id)
    assert 1 <= done.changed <= 3
    assert total_of(session, 37).id != former.id
    assert session.get(GradeSnapshot, former.id) is not None


def test_suspended_people_are_unreadable_not_ungraded(
    sessions: sessionmaker[Session], session: Session, client: MoodleClient, course_id: int
) -> None:
    pull_course(sessions, client, course_id)
    reasons = {
        int(subject): reason
        for subject, reason in session.execute(
            select(Account.subject, Unreadable.reason).join(
                Account, Account.id == Unreadable.account_id
            )
        )
    }
    assert reasons[learner_id(38)] == "enrolment_inactive"
    assert reasons[learner_id(42)] == "account_suspended"


def test_who_leaves_the_course_is_gone_and_keeps_every_line(
    sessions: sessionmaker[Session],
    session: Session,
    client: MoodleClient,
    moodle: DemoMoodle,
    course_id: int,
) -> None:
    pull_course(sessions, client, course_id)
    before = count(session, GradeSnapshot)
    person = learner_id(1)
    moodle.world.enrolments = [
        one for one in moodle.world.enrolments if (one.course, one.person) != (COURSE, person)
    ]
    pull_course(sessions, client, course_id)
    account = session.scalars(select(Account).where(Account.subject == str(person))).one()
    enrolment = session.scalars(select(Enrolment).where(Enrolment.account_id == account.id)).one()
    assert enrolment.state == EnrolmentState.GONE
    assert count(session, GradeSnapshot) == before


@pytest.mark.parametrize("fault", ["maintenance", "capability", "token", "unreachable"])
def test_a_fault_loses_nothing_is_recorded_and_the_next_pull_mends_it(
    sessions: sessionmaker[Session],
    session: Session,
    client: MoodleClient,
    moodle: DemoMoodle,
    course_id: int,
    fault: str,
) -> None:
    pull_course(sessions, client, course_id)
    good = last_pull(session, course_id)
    before = count(session, GradeSnapshot)
    broken = client
    if fault == "maintenance":
        moodle.switches.maintenance = "web"
    elif fault == "capability":
        moodle.service_account.capabilities.remove("gradereport/user:view")
    elif fault == "token":
        broken = MoodleClient(moodle.base_url, "0" * 32)
    else:
        broken = MoodleClient("http://127.0.0.1:9", moodle.service_token)
    expected = {"maintenance": Maintenance, "capability": MissingCapability}.get(fault, MoodleError)
    with pytest.raises(expected):
        pull_course(sessions, broken, course_id)
    failure = latest_failure(session, course_id)
    assert failure is not None
    assert failure.error_code
    assert failure.error_code.startswith("MOODLE-")
    assert last_pull(session, course_id).id == good.id
    assert count(session, GradeSnapshot) == before
    moodle.switches.maintenance = ""
    moodle.service_account.capabilities.add("gradereport/user:view")
    pull_course(sessions, client, course_id)
    session.expire_all()
    assert latest_failure(session, course_id) is None


def test_nobody_is_taken_for_gone_because_another_left_between_two_pages(
    sessions: sessionmaker[Session],
    session: Session,
    client: MoodleClient,
    course_id: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(people, "PAGE", 5)
    pull_course(sessions, client, course_id)
    listed, asked = client.get_enrolled_users, []

    def shifted(number: int, **options: Any) -> Iterator[EnrolledUser]:
        found = list(listed(number, **options))
        if options.get("page_size"):
            asked.append(number)
            del found[5 if len(asked) == 1 else 0]
        yield from found

    monkeypatch.setattr(client, "get_enrolled_users", shifted)
    pull_course(sessions, client, course_id)
    assert EnrolmentState.GONE not in set(session.scalars(select(Enrolment.state)))
    assert len(asked) == 2


def test_an_interrupted_pull_leaves_true_lines_and_no_end(
    sessions: sessionmaker[Session], session: Session, client: MoodleClient, course_id: int
) -> None:
    class KilledError(Exception):
        pass

    def die(done: int, total: int | None) -> None:
        if total and done > total // 2:
            raise KilledError

    with pytest.raises(KilledError):
        pull_course(sessions, client, course_id, progress=die)
    assert last_pull(session, course_id) is None
    written = count(session, GradeSnapshot)
    assert written > 0
    assert count(session, Pull) == 1
    pull_course(sessions, client, course_id)
    assert count(session, GradeSnapshot) == written


def test_an_empty_course_is_read_without_a_warning(
    sessions: sessionmaker[Session], session: Session, client: MoodleClient, moodle: DemoMoodle
) -> None:
    site = make_site(session, moodle.base_url)
    empty = make_course(session, site, 17, idnumber="RMP-ADL-15")
    session.commit()
    done = pull_course(sessions, client, empty.id)
    assert (done.read, done.warnings) == (0, [])
    assert session.get(Course, empty.id) is not None


LEAD = FIRST_REFERENT


def lead_in_course(moodle: DemoMoodle, role: MoodleRole = PARTNER_LEAD) -> MoodleEnrolment:
    """Have a partner lead enrolled under the site's own role."""
    found = moodle.world.enrolment(COURSE, LEAD)
    if found is None:
        found = MoodleEnrolment(COURSE, LEAD, role)
        moodle.world.enrolments.append(found)
    found.role = role
    return found


def enrolled_as(session: Session, person: int) -> str | None:
    """What is known of the enrolment of somebody of the peer."""
    found = session.scalar(
        select(Enrolment.role)
        .join(Account, Account.id == Enrolment.account_id)
        .where(Account.subject == str(person))
    )
    session.commit()
    return found


def test_a_lead_enrolled_under_another_role_is_known_as_no_learner_by_number_alone(
    sessions: sessionmaker[Session],
    session: Session,
    client: MoodleClient,
    moodle: DemoMoodle,
    course_id: int,
) -> None:
    lead_in_course(moodle)

    pull_course(sessions, client, course_id)
    pull_course(sessions, client, course_id)

    assert enrolled_as(session, LEAD) == "other"
    account = session.scalars(select(Account).where(Account.subject == str(LEAD))).one()
    assert (account.full_name, account.person.full_name) == ("", "—")
    assert learner_id(1) in {
        int(account.subject)
        for account in session.scalars(select(Account))
        if enrolled_as(session, int(account.subject)) == "learner"
    }


def test_a_role_of_the_site_that_is_graded_may_be_a_learner_s(
    sessions: sessionmaker[Session],
    session: Session,
    client: MoodleClient,
    moodle: DemoMoodle,
    course_id: int,
) -> None:
    """Somebody graded is never taken for a lead, whatever their role is called."""
    lead_in_course(moodle, replace(PARTNER_LEAD, shortname="stagiaire", gradable=True))

    pull_course(sessions, client, course_id)

    assert enrolled_as(session, LEAD) is None


def test_a_gradebook_that_could_not_be_read_says_nothing_of_other_roles(
    sessions: sessionmaker[Session],
    session: Session,
    client: MoodleClient,
    moodle: DemoMoodle,
    course_id: int,
) -> None:
    lead_in_course(moodle)
    moodle.service_account.capabilities.remove("gradereport/user:view")

    with pytest.raises(MissingCapability):
        pull_course(sessions, client, course_id)

    assert enrolled_as(session, LEAD) is None


def test_a_lead_who_is_a_student_too_is_a_learner(
    sessions: sessionmaker[Session],
    session: Session,
    client: MoodleClient,
    moodle: DemoMoodle,
    course_id: int,
) -> None:
    lead_in_course(moodle, STUDENT)

    pull_course(sessions, client, course_id)

    assert enrolled_as(session, LEAD) == "learner"


@dataclass
class OpenSession:
    """A browser of somebody of the peer."""

    session: Session
    token: str

    def courses(self) -> list[int] | None:
        self.session.expire_all()
        viewer = load_viewer(self.session, self.token)
        self.session.rollback()
        return None if viewer is None else list(viewer.courses)


def open_session(
    session: Session, person: int, course_ids: list[int], *, role: CourseRole = CourseRole.LEARNER
) -> OpenSession:
    """Begin a session of ``person`` in these courses."""
    site_id = session.get_one(Course, course_ids[0]).site_id
    account = find_or_create_account(session, site_id=site_id, subject=str(person))
    _browser, token = create_session(session, account.person_id, dict.fromkeys(course_ids, role))
    session.commit()
    return OpenSession(session, token)


def test_a_suspended_enrolment_closes_the_course_and_leaves_one_s_own_pages(
    sessions: sessionmaker[Session],
    session: Session,
    client: MoodleClient,
    moodle: DemoMoodle,
    course_id: int,
) -> None:
    other = make_course(session, session.get_one(Course, course_id).site, 99).id
    session.commit()
    pull_course(sessions, client, course_id)
    opened = open_session(session, learner_id(1), [course_id, other])
    neighbour = open_session(session, learner_id(2), [course_id])
    enrolment = moodle.world.enrolment(COURSE, learner_id(1))
    assert enrolment is not None
    enrolment.suspended = True

    pull_course(sessions, client, course_id)

    assert opened.courses() == [other]
    assert neighbour.courses() == [course_id]


def test_who_left_loses_the_course_once_and_a_later_launch_stands(
    sessions: sessionmaker[Session],
    session: Session,
    client: MoodleClient,
    moodle: DemoMoodle,
    course_id: int,
) -> None:
    pull_course(sessions, client, course_id)
    person = learner_id(1)
    before = open_session(session, person, [course_id])
    moodle.world.enrolments = [
        one for one in moodle.world.enrolments if (one.course, one.person) != (COURSE, person)
    ]

    pull_course(sessions, client, course_id)
    assert before.courses() == []
    after = open_session(session, person, [course_id])
    pull_course(sessions, client, course_id)

    assert after.courses() == [course_id]


def test_a_launch_made_while_moodle_was_being_read_stands(
    sessions: sessionmaker[Session],
    session: Session,
    client: MoodleClient,
    moodle: DemoMoodle,
    course_id: int,
) -> None:
    pull_course(sessions, client, course_id)
    enrolment = moodle.world.enrolment(COURSE, learner_id(1))
    assert enrolment is not None
    enrolment.suspended = True
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):
        opened = open_session(session, learner_id(1), [course_id])

    pull_course(sessions, client, course_id)

    assert opened.courses() == [course_id]


def test_a_suspended_account_loses_every_course_of_its_site_and_its_rights(
    sessions: sessionmaker[Session], session: Session, client: MoodleClient, course_id: int
) -> None:
    """``apprenant42`` is suspended in the peer."""
    site = session.get_one(Course, course_id).site
    other = make_course(session, site, 99).id
    elsewhere = make_course(session, make_site(session, "http://autre.localhost:8082"), 3).id
    opened = open_session(session, learner_id(42), [course_id, other, elsewhere])
    account = session.scalars(select(Account).where(Account.subject == str(learner_id(42)))).one()
    make_grant(session, account.person, Role.COORDINATOR)
    session.commit()

    pull_course(sessions, client, course_id)

    assert opened.courses() == [elsewhere]
    viewer = load_viewer(session, opened.token)
    assert viewer is not None
    assert not viewer.is_coordinator

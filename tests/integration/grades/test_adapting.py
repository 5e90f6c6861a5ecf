"""Readings that adapt: what dies of its length goes on in pieces, several at once, nothing lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from threading import Event

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.grades.costs import known_costs, note_costs
from lti_tool.grades.models import CurrentGrade, GradeSnapshot, Pull, ReadingCost
from lti_tool.grades.reading.pacing import Put, Throttle
from lti_tool.grades.reading.slots import SiteSlots
from lti_tool.grades.rules.plan import Costs, Measure
from lti_tool.grades.rules.scope import Scope
from lti_tool.grades.service import pull_course
from lti_tool.jobs import leases
from lti_tool.platforms.models import Course
from moodle_client import GroupMembers, MoodleClient, ServerFailure, TransportOptions
from tests.benchmarks.standin import Delays, Layout, StandIn
from tests.factories import make_course, make_site

LEARNERS, COLUMNS = 40, 13
GRADES = LEARNERS * COLUMNS
WHOLE, SINGLE = 0.006, 0.012
"""Seconds, as the stand-in delays them."""
GRADEBOOK = "gradereport_user_get_grade_items"


@pytest.fixture(scope="module")
def moodle() -> Iterator[StandIn]:
    """One course of forty in four groups; an answer longer than half of it is given up."""
    delays = Delays(scale=0.2, call=0.0, enrolled=0.0)
    with StandIn(Layout(learners=LEARNERS, limit=0.6, delays=delays)) as site:
        yield site


@pytest.fixture
def client(moodle: StandIn) -> Iterator[MoodleClient]:
    """A client of it, which repeats nothing."""
    moodle.reset()
    with MoodleClient(moodle.base_url, moodle.token, options=TransportOptions(retries=0)) as opened:
        yield opened


@pytest.fixture
def course(session: Session, moodle: StandIn) -> Course:
    """The course of the stand-in, whose cost was measured before."""
    site = make_site(session, moodle.base_url)
    made = make_course(session, site, 2, idnumber="COURS-2", shortname="C2")
    measures = [(Measure.WHOLE, WHOLE), (Measure.SINGLE, SINGLE)]
    note_costs(session, made.id, measures, clock.now())
    session.commit()
    return made


def stored(session: Session) -> tuple[int, int]:
    """How many present grades, and how many snapshots."""
    found = tuple(
        session.scalar(select(func.count()).select_from(table)) or 0
        for table in (CurrentGrade, GradeSnapshot)
    )
    session.rollback()
    return found[0], found[1]


def ways(session: Session) -> set[str | None]:
    """How the snapshots were read."""
    found = set(session.scalars(select(GradeSnapshot.way)))
    session.rollback()
    return found


def limit_noted_at(session: Session) -> datetime:
    """When a call was last seen to die of its length."""
    found = session.scalars(
        select(ReadingCost.measured_at).where(ReadingCost.measure == Measure.LIMIT)
    ).one()
    session.rollback()
    return found


def test_a_course_too_long_for_the_site_goes_on_by_groups_in_the_same_reading(
    sessions: sessionmaker[Session],
    session: Session,
    client: MoodleClient,
    moodle: StandIn,
    course: Course,
) -> None:
    course_id = course.id
    done = pull_course(sessions, client, course_id)
    assert stored(session) == (GRADES, GRADES)
    assert ways(session) <= {"group", "single"}
    assert done.finished_at is not None
    assert moodle.told().calls[GRADEBOOK] >= 1 + 4
    died_at = limit_noted_at(session)
    again = pull_course(sessions, client, course_id)
    assert limit_noted_at(session) == died_at, "what died was asked for again"
    assert (again.read, again.changed) == (GRADES + LEARNERS, 0)
    assert stored(session) == (GRADES, GRADES)


class MovedMeanwhile(MoodleClient):
    """Tells of one learner as a member of the group that they left since."""

    def get_group_members(self, group_ids: Sequence[int]) -> list[GroupMembers]:
        first, second, *others = super().get_group_members(group_ids)
        moved, *stayed = second.user_ids
        here = replace(first, user_ids=(*first.user_ids, moved))
        return [here, replace(second, user_ids=tuple(stayed)), *others]


def test_a_learner_who_changes_group_while_groups_are_read_is_read_all_the_same(
    sessions: sessionmaker[Session], session: Session, moodle: StandIn, course: Course
) -> None:
    note_costs(session, course.id, [(Measure.LIMIT, 0.1)], clock.now())
    session.commit()
    moodle.reset()
    options = TransportOptions(retries=0)
    with MovedMeanwhile(moodle.base_url, moodle.token, options=options) as client:
        pull_course(sessions, client, course.id)
    assert stored(session) == (GRADES, GRADES)
    assert ways(session) == {"group", "single"}


def test_a_few_learners_are_read_alone_and_several_at_once(
    sessions: sessionmaker[Session],
    session: Session,
    client: MoodleClient,
    moodle: StandIn,
    course: Course,
) -> None:
    pull_course(sessions, client, course.id)
    moodle.reset()
    changed = range(1000, 1006)
    moodle.change(2, changed)
    done = pull_course(
        sessions, client, course.id, scope=Scope(everyone=frozenset(), grades=frozenset(changed))
    )
    assert done.changed == 6 * COLUMNS
    assert moodle.told().calls == {GRADEBOOK: 6}, "no other call"
    assert "single" in ways(session)
    measured = session.scalar(
        select(ReadingCost.seconds).where(ReadingCost.measure == Measure.SINGLE)
    )
    assert measured is not None
    assert measured != SINGLE


def test_a_site_that_is_ill_is_not_asked_in_pieces(
    sessions: sessionmaker[Session], session: Session, course: Course
) -> None:
    """Its web server refuses at once: asking forty times would make it worse."""
    slow = Delays(scale=0.001, call=0.0, enrolled=0.0)
    with StandIn(Layout(learners=LEARNERS, limit=0.0, delays=slow)) as ill:
        course.site.base_url = ill.base_url
        note_costs(session, course.id, [(Measure.WHOLE, 30.0)] * 50, clock.now())
        session.commit()
        options = TransportOptions(retries=0)
        with (
            MoodleClient(ill.base_url, ill.token, options=options) as client,
            pytest.raises(ServerFailure),
        ):
            pull_course(sessions, client, course.id)
    assert stored(session) == (0, 0)
    failed = session.scalars(select(Pull).order_by(Pull.id.desc())).first()
    assert failed is not None
    assert (failed.error_code, failed.finished_at) == ("MOODLE-SERVER-FAILURE", None)


def test_costs_of_a_new_course_are_those_of_its_site_and_a_limit_holds_for_the_site(
    session: Session, course: Course
) -> None:
    now = clock.now()
    note_costs(session, course.id, [(Measure.LIMIT, 31.0)], now)
    other = make_course(session, course.site)
    elsewhere = make_course(session, make_site(session, "http://autre.localhost:8082"))
    session.flush()
    assert known_costs(session, other, 60.0, now) == Costs(WHOLE, SINGLE, 31.0)
    assert known_costs(session, elsewhere, 60.0, now) == Costs()


def test_a_call_after_lanes_holds_a_slot_of_the_site_as_those_before(
    sessions: sessionmaker[Session], session: Session
) -> None:
    throttle = Throttle(2, SiteSlots(sessions, 7, limit=2))

    def unit(put: Put[int]) -> None:
        put(1)

    def held() -> int:
        found = len(leases.holders(session, "moodle.site.7"))
        session.rollback()
        return found

    assert list(throttle.lanes([unit, unit])) == [1, 1]
    assert throttle.alone(held, 1) == 1


def test_all_workers_together_hold_no_more_slots_of_a_site_than_allowed(
    sessions: sessionmaker[Session], session: Session
) -> None:
    slots = SiteSlots(sessions, 7, limit=2)
    with slots.hold(Event()), slots.hold(Event()):
        assert len(leases.holders(session, "moodle.site.7")) == 2
        session.rollback()
        over = Event()
        over.set()
        with SiteSlots(sessions, 7, limit=2).hold(over):
            assert len(leases.holders(session, "moodle.site.7")) == 2
            session.rollback()
        with SiteSlots(sessions, 8, limit=1).hold(Event()):
            assert len(leases.holders(session, "moodle.site.8")) == 1
            session.rollback()
    assert leases.holders(session, "moodle.site.7") == []

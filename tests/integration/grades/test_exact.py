"""What is stored is exact: where it comes from, when it was last read, and nothing for no change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import Engine, event, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.demo.moodle import DemoMoodle, running_moodle
from lti_tool.demo.moodle.gradebook import report
from lti_tool.grades.dating import date_of_item, read_dates
from lti_tool.grades.models import (
    CompletionSnapshot,
    CurrentGrade,
    GradeItem,
    GradeSnapshot,
    LearnerReading,
    Pull,
)
from lti_tool.grades.rules.scope import WHOLE, Part, Scope
from lti_tool.grades.service import latest_failure, pull_course
from lti_tool.grades.storing.values import same_in_any_language
from lti_tool.people.models import Account
from lti_tool.platforms.models import Course
from moodle_client import MoodleClient, OtherSite
from tests.factories import MOMENT, make_course, make_site

COURSE = 6
FINDINGS = [{"code": "missing-capability", "capabilities": ["moodle/grade:viewhidden"]}]
OF_THE_READING = ("pull", "reading_cost", "lease", "site", "current_rating")
"""Tables that say that a reading was made, rather than what it read; ratings have a date of their own."""


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
    """The course RMP-ADL-04 of the peer, whose gradebook has everything."""
    site = make_site(session, moodle.base_url, check_findings=FINDINGS, checked_at=MOMENT)
    course = make_course(session, site, COURSE, idnumber="RMP-ADL-04")
    session.commit()
    return course.id


@contextmanager
def writes(engine: Engine) -> Iterator[list[str]]:
    """Statements that write, but for those that say that a reading was made."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        words = statement.replace('"', "").split()
        if words[0] in ("INSERT", "UPDATE", "DELETE"):
            table = words[1] if words[0] == "UPDATE" else words[2]
            if table not in OF_THE_READING:
                seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def learner(session: Session, rank: int) -> tuple[int, int]:
    """Account.id and Moodle's number of one of the learners read."""
    found = session.execute(
        select(Account.id, Account.subject)
        .join(LearnerReading, LearnerReading.account_id == Account.id)
        .order_by(Account.id)
        .offset(rank)
        .limit(1)
    ).one()
    session.rollback()
    return found.id, int(found.subject)


def dates(session: Session, course_id: int, rank: int) -> dict[int, object]:
    """When each value of a learner was last read, by Moodle's number of the column."""
    account_id = learner(session, rank)[0]
    read_at = read_dates(session, [course_id], [account_id])[course_id, account_id]
    rows = session.execute(
        select(GradeItem.moodle_id, GradeItem.seen_at, GradeItem.gone_at).where(
            GradeItem.course_id == course_id
        )
    ).all()
    session.rollback()
    return {row.moodle_id: date_of_item(read_at, row.seen_at, row.gone_at) for row in rows}


def test_every_snapshot_says_from_where_how_and_with_what_rights(
    sessions: sessionmaker[Session],
    session: Session,
    client: MoodleClient,
    moodle: DemoMoodle,
    course_id: int,
) -> None:
    pull_course(sessions, client, course_id)
    snapshot = session.scalars(select(GradeSnapshot).limit(1)).one()
    assert snapshot.way == "whole"
    assert snapshot.pull.site_url == moodle.base_url
    assert (snapshot.pull.probe, snapshot.pull.probed_at) == (FINDINGS, MOMENT)
    assert snapshot.pull.started_at <= snapshot.read_at <= clock.now()


def test_columns_are_told_with_their_category_and_what_can_be_known_of_them(
    sessions: sessionmaker[Session], session: Session, client: MoodleClient, course_id: int
) -> None:
    pull_course(sessions, client, course_id)
    items = session.scalars(select(GradeItem).where(GradeItem.course_id == course_id)).all()
    names = {
        node.id: node.name for node in client.get_grade_tree(COURSE).walk() if node.is_category
    }
    assert len({item.category for item in items}) > 1
    for item in items:
        above = item.instance if item.item_type in ("category", "course") else item.category_id
        assert item.category == names[above or 0]
        assert item.gone_at is None
    assert {item.locked for item in items} <= {True, False, None}


def test_an_unchanged_reading_writes_no_row(
    sessions: sessionmaker[Session],
    session: Session,
    engine: Engine,
    client: MoodleClient,
    course_id: int,
) -> None:
    pull_course(sessions, client, course_id)
    with writes(engine) as written:
        pull_course(sessions, client, course_id)
    assert written == []
    with writes(engine) as written:
        session.execute(text("UPDATE grade_item SET name = name"))
        session.rollback()
    assert len(written) == 1


@pytest.mark.parametrize("digests_are_older", [False, True])
def test_another_language_of_the_service_account_changes_no_grade(
    digests_are_older: bool,
    sessions: sessionmaker[Session],
    session: Session,
    client: MoodleClient,
    course_id: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pull_course(sessions, client, course_id)
    if digests_are_older:
        session.execute(update(LearnerReading).values(digest=b"of another release"[:16]))
        session.commit()
    written = report.grade_text
    monkeypatch.setattr(report, "grade_text", lambda cell: written(cell).replace(".", ","))
    assert any("," in item.displayed for item in client.get_grade_items(COURSE)[0].items)
    assert pull_course(sessions, client, course_id).changed == 0


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("0.74", "0,74", True),
        ("-12.50 (B)", "-12,50 (B)", True),
        ("74.00 %", "74,00\N{NARROW NO-BREAK SPACE}%", True),
        ("74%", "74 %", True),
        ("0.74", "0,75", False),
        ("Acquis", "Non acquis", False),
        ("Très bien", "Trèsbien", False),
        ("1.5", "15", False),
    ],
)
def test_a_label_is_compared_by_what_it_says_and_not_by_how_a_language_writes_it(
    before: str, after: str, same: bool
) -> None:
    assert (same_in_any_language(before) == same_in_any_language(after)) is same


def test_an_unchanged_value_is_as_fresh_as_the_last_reading_of_everybody_or_of_its_learner(
    sessions: sessionmaker[Session], session: Session, client: MoodleClient, course_id: int
) -> None:
    pull_course(sessions, client, course_id)
    first = set(dates(session, course_id, 1).values())
    later = clock.now() + timedelta(hours=1)
    with time_machine.travel(later, tick=False):
        pull_course(sessions, client, course_id)
    assert set(dates(session, course_id, 1).values()) == {later} != first
    alone = Scope(everyone=frozenset(), grades=frozenset({learner(session, 1)[1]}))
    latest = later + timedelta(hours=1)
    with time_machine.travel(latest, tick=False):
        pull_course(sessions, client, course_id, scope=alone)
    assert set(dates(session, course_id, 1).values()) == {latest}
    assert set(dates(session, course_id, 2).values()) == {later}


@pytest.mark.parametrize("alone", [False, True])
def test_a_column_that_left_the_gradebook_keeps_its_values_and_its_date(
    sessions: sessionmaker[Session],
    session: Session,
    client: MoodleClient,
    moodle: DemoMoodle,
    course_id: int,
    alone: bool,
) -> None:
    whole = pull_course(sessions, client, course_id)
    removed = session.scalars(
        select(GradeItem).where(GradeItem.course_id == course_id, GradeItem.item_type == "manual")
    ).first()
    assert removed is not None
    number, item_id = removed.moodle_id, removed.id
    values = select(CurrentGrade.snapshot_id).where(CurrentGrade.item_id == item_id)
    before = set(session.scalars(values))
    session.rollback()
    kept = [item for item in moodle.world.grade_items if item.id != number]
    moodle.world.grade_items[:] = kept
    later = clock.now() + timedelta(hours=1)
    number_of = learner(session, 1)[1]
    scope = Scope(everyone=frozenset(), grades=frozenset({number_of})) if alone else WHOLE
    with time_machine.travel(later, tick=False):
        pull_course(sessions, client, course_id, scope=scope)
    found = dates(session, course_id, 1)
    assert found.pop(number) == whole.started_at
    assert set(found.values()) == {later}
    assert set(session.scalars(values)) == before


def test_another_course_under_the_same_number_is_refused_and_nothing_is_stored(
    sessions: sessionmaker[Session], session: Session, client: MoodleClient, course_id: int
) -> None:
    session.get_one(Course, course_id).idnumber = "RMP-ADL-AUTRE"
    session.commit()
    with pytest.raises(OtherSite) as refused:
        pull_course(sessions, client, course_id)
    assert refused.value.reason == "course"
    failure = latest_failure(session, course_id)
    assert failure is not None
    assert (failure.error_code, failure.error_reason) == ("MOODLE-OTHER-SITE", "course")
    assert session.scalars(select(GradeSnapshot.id)).all() == []


def test_a_learner_who_does_not_look_like_the_one_known_makes_the_site_say_who_it_is(
    sessions: sessionmaker[Session], session: Session, client: MoodleClient, course_id: int
) -> None:
    pull_course(sessions, client, course_id)
    account_id, number = learner(session, 1)
    known = session.get_one(Account, account_id)
    known.idnumber = "ADH-D-UN-AUTRE-SITE"
    session.get_one(Course, course_id).idnumber = "RMP-ADL-AUTRE"
    session.commit()
    alone = Scope(everyone=frozenset(), grades=frozenset({number}))
    with pytest.raises(OtherSite):
        pull_course(sessions, client, course_id, scope=alone)


def test_the_present_value_is_one_indexed_read(
    sessions: sessionmaker[Session],
    session: Session,
    engine: Engine,
    client: MoodleClient,
    course_id: int,
) -> None:
    pull_course(sessions, client, course_id)
    query = (
        "SELECT s.final FROM current_grade c JOIN grade_snapshot s ON s.id = c.snapshot_id "
        "WHERE c.account_id = 1 AND c.item_id = 1"
    )
    if engine.dialect.name == "sqlite":
        rows = session.execute(text(f"EXPLAIN QUERY PLAN {query}")).all()
        plan = [row[3] for row in rows]
        assert all(line.startswith("SEARCH") for line in plan), plan
    else:
        session.execute(text("SET LOCAL enable_seqscan = off"))
        plan = list(session.scalars(text(f"EXPLAIN {query}")))
        assert not any("Seq Scan" in line for line in plan), plan
        assert sum("Index Scan" in line for line in plan) == 2, plan


def test_completions_are_only_ever_added(
    sessions: sessionmaker[Session], session: Session, client: MoodleClient, course_id: int
) -> None:
    parts = frozenset({Part.COMPLETION, Part.MEMBERSHIP})
    pull_course(sessions, client, course_id, scope=Scope(everyone=parts, membership=True))
    assert session.scalars(select(CompletionSnapshot.id)).first() is not None
    assert session.scalars(select(GradeSnapshot.id)).all() == []
    assert [pull.everyone for pull in session.scalars(select(Pull))] == [False]
    session.rollback()
    for statement in (
        "UPDATE completion_snapshot SET completed = NULL",
        "DELETE FROM completion_snapshot",
    ):
        with pytest.raises(DBAPIError, match="keeps every line"):
            session.execute(text(statement))
        session.rollback()

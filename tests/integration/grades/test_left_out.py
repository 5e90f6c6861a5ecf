"""Columns that Moodle keeps from the service account: told, and no total of the course decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.certification.rules.facts import COURSE_TOTAL, UnreadableReason
from lti_tool.certification.service.pulls import freshness
from lti_tool.certification.service.readings import Readings, read_grades
from lti_tool.demo.moodle import DemoMoodle, running_moodle
from lti_tool.demo.moodle.people import GRADE_VIEW_HIDDEN
from lti_tool.demo.moodle.seed.world import SERVICE_ID
from lti_tool.grades import pulling
from lti_tool.grades.models import CurrentGrade
from lti_tool.grades.pulls import ITEMS_LEFT_OUT
from lti_tool.grades.reading.tree import Tree
from lti_tool.grades.rules.scope import Mark, Part, Scope
from lti_tool.grades.service import pull_course
from lti_tool.people.models import Account
from lti_tool.platforms.models import Course
from moodle_client import MoodleClient
from tests.factories import make_course, make_site

COURSE = 6


class Book:
    """The course RMP-ADL-04 of the demonstration, with its hidden columns."""

    def __init__(self, moodle: DemoMoodle, session: Session, sessions: sessionmaker[Session]):
        self.moodle, self.session, self.sessions = moodle, session, sessions
        site = make_site(session, moodle.base_url, token=moodle.service_token, check_findings=[])
        self.course: Course = make_course(session, site, COURSE, idnumber="RMP-ADL-04")
        session.commit()
        self.course_id = self.course.id

    def sees_hidden(self, allowed: bool) -> None:
        """What an administrator of Moodle lets the role of the service account see."""
        held = self.moodle.world.people[SERVICE_ID].capabilities
        held ^= {GRADE_VIEW_HIDDEN} if (GRADE_VIEW_HIDDEN in held) is not allowed else set()

    def pull(self, subject: int | None = None) -> list[str]:
        """Read everybody, or one learner; return the warnings."""
        parts = frozenset({Part.GRADES})
        scope = Scope.of([Mark(subject, parts | ({Part.MEMBERSHIP} if subject is None else set()))])
        with MoodleClient(self.moodle.base_url, self.moodle.service_token) as client:
            warnings = pull_course(self.sessions, client, self.course_id, scope=scope).warnings
        self.session.expire_all()
        return warnings

    def learner(self) -> int:
        """Moodle's number of a learner whose gradebook was read."""
        found = self.session.scalars(
            select(Account.subject)
            .join(CurrentGrade, CurrentGrade.account_id == Account.id)
            .order_by(Account.id)
        ).first()
        self.session.rollback()
        return int(found or 0)

    def totals(self) -> set[UnreadableReason | None]:
        """Why the course totals cannot be relied upon; None: they can."""
        people = self.session.scalars(
            select(Account.person_id).join(CurrentGrade, CurrentGrade.account_id == Account.id)
        ).all()
        readings = Readings.of(self.session, [self.course], sorted(set(people)))
        found = read_grades(self.session, readings).values()
        self.session.rollback()
        return {one.unreadable for grades in found for one in grades if one.item == COURSE_TOTAL}

    def left_out(self) -> bool:
        """Whether the page of the course says so."""
        found = freshness(self.session, self.course).left_out
        self.session.rollback()
        return found


@pytest.fixture
def book(session: Session, sessions: sessionmaker[Session]) -> Iterator[Book]:
    """A course whose columns are all given, until a test decides otherwise."""
    with running_moodle(tool_url="http://tool.localhost") as moodle:
        yield Book(moodle, session, sessions)


def test_hidden_columns_that_are_no_longer_given_make_every_total_wait(book: Book) -> None:
    assert book.pull() == []
    assert (book.totals(), book.left_out()) == ({None}, False)
    book.sees_hidden(False)
    assert book.pull() == [ITEMS_LEFT_OUT]
    assert (book.totals(), book.left_out()) == ({UnreadableReason.ACCESS_DENIED}, True)
    book.sees_hidden(True)
    assert book.pull() == []
    assert (book.totals(), book.left_out()) == ({None}, False)


def test_the_reading_of_one_learner_is_enough_to_see_it_and_not_to_take_it_back(book: Book) -> None:
    book.pull()
    learner = book.learner()
    book.sees_hidden(False)
    assert book.pull(learner) == [ITEMS_LEFT_OUT]
    assert book.totals() == {UnreadableReason.ACCESS_DENIED}
    book.sees_hidden(True)
    assert book.pull(learner) == []
    assert book.totals() == {UnreadableReason.ACCESS_DENIED}
    book.pull()
    assert book.totals() == {None}


def test_a_column_deleted_while_the_course_is_read_is_not_one_left_out(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_tree = pulling.read_tree
    trees = []

    def with_one_more(client: MoodleClient, course: int) -> Tree:
        trees.append(read_tree(client, course))
        return trees[0] if len(trees) > 1 else replace(trees[0], items=trees[0].items | {999_999})

    monkeypatch.setattr(pulling, "read_tree", with_one_more)
    assert book.pull() == []
    assert len(trees) == 2


def test_a_reading_killed_after_its_first_batch_has_said_it(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.pull()
    book.sees_hidden(False)
    monkeypatch.setattr(pulling.CourseReading, "_left_out", _killed)
    with pytest.raises(KeyboardInterrupt):
        book.pull()
    assert book.totals() == {UnreadableReason.ACCESS_DENIED}


def _killed(*_: object) -> bool:
    raise KeyboardInterrupt

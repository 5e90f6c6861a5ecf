"""What a pull stores of a column of ours, and that no total that holds it decides anything."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.certification.service.readings import Readings, read_grades
from lti_tool.demo.moodle import DemoMoodle, running_moodle
from lti_tool.demo.moodle.seed.standings import learner_id
from lti_tool.grades.models import CurrentGrade, GradeItem, GradeSnapshot
from lti_tool.grades.service import OWN_COLUMN_COUNTS, pull_course
from lti_tool.grades.weights import weigh
from lti_tool.lti.gradebook.weights import Told
from lti_tool.lti.models import LineItem, Outcome, Weight
from lti_tool.people.models import Account
from lti_tool.platforms.models import Course, Registration
from lti_tool.settings import Settings
from moodle_client import MoodleClient
from tests.factories import make_course, make_site

COURSE = 2


class Book:
    """The gradebook of a course in which the tool publishes one column."""

    def __init__(self, moodle: DemoMoodle, session: Session, sessions: sessionmaker[Session]):
        self.moodle, self.session, self.sessions = moodle, session, sessions
        site = make_site(session, moodle.base_url, token=moodle.service_token, check_findings=[])
        self.course: Course = make_course(session, site, COURSE, idnumber="RMP-ADL-01")
        self.learner = learner_id(1)
        self.column = 1 + max(item.id for item in moodle.world.grade_items)
        root = next(
            one for one in moodle.world.grade_categories if one.course == COURSE and not one.parent
        )
        moodle.changes.make(
            moodle.world,
            "add_column",
            column={
                "id": self.column,
                "course": COURSE,
                "label": "Progression RMP-ADL",
                "maximum": "100",
                "category": root.id,
                "resource_id": "ancrage-progress",
                "tag": "ancrage",
                "resource_link": None,
                "tool": 1,
            },
        )
        self.item = LineItem(
            course_id=self.course.id,
            registration_id=session.scalars(select(Registration.id)).one(),
            outcome=Outcome.PROGRESS,
            url=f"{moodle.base_url}/mod/lti/services.php/{COURSE}/lineitems/{self.column}/lineitem",
            label="Progression RMP-ADL",
            score_maximum=Decimal(100),
            weight=Weight.OUT,
            created_at=clock.now(),
        )
        session.add(self.item)
        session.commit()
        self.course_id, self.item_id = self.course.id, self.item.id

    def score(self, value: str | None) -> None:
        """What the tool sends about the learner."""
        self.moodle.changes.make(
            self.moodle.world,
            "score",
            item=self.column,
            person=self.learner,
            value=value,
            comment="",
            moment=self.moodle.now,
        )

    def weigh(self, weight: str) -> None:
        """What a trainer sets in Moodle."""
        self.moodle.changes.make(self.moodle.world, "set_weight", item=self.column, weight=weight)

    def pull(self) -> list[str]:
        """Read the course; return the warnings."""
        self.session.rollback()  # what a test read holds the lock of SQLite
        with MoodleClient(self.moodle.base_url, self.moodle.service_token) as client:
            pull = pull_course(self.sessions, client, self.course_id)
        self.session.expire_all()
        return pull.warnings

    def total(self) -> tuple[Decimal | None, bool]:
        """The total of the learner, and whether it holds a score of ours."""
        account = self.session.scalars(
            select(Account).where(Account.subject == str(self.learner))
        ).one()
        readings = Readings.of(self.session, [self.course], [account.person_id])
        found = {fact.item: fact for fact in read_grades(self.session, readings)[account.person_id]}
        self.session.rollback()
        return found["course_total"].final, found["course_total"].contains_own

    def snapshots(self) -> list[bool | None]:
        """Whether the column counts, in each snapshot of the learner's grade in it."""
        rows = self.session.scalars(
            select(GradeSnapshot.counts)
            .join(GradeItem)
            .join(Account, Account.id == GradeSnapshot.account_id)
            .where(GradeItem.moodle_id == self.column, Account.subject == str(self.learner))
            .order_by(GradeSnapshot.id)
        ).all()
        self.session.rollback()
        return list(rows)

    @property
    def weight(self) -> Weight:
        """What is known of the column's weight."""
        found = Weight(self.session.get_one(LineItem, self.item_id).weight)
        self.session.rollback()
        return found


@pytest.fixture
def book(session: Session, sessions: sessionmaker[Session]) -> Iterator[Book]:
    """Course 2 of the demonstration's Moodle."""
    with running_moodle(tool_url="http://tool.localhost") as moodle:
        yield Book(moodle, session, sessions)


def test_a_total_that_holds_our_score_is_told_from_the_others(book: Book) -> None:
    assert book.pull() == []
    value, _ours = book.total()
    assert _ours is False
    assert value is not None
    book.score("100")
    assert book.pull() == [OWN_COLUMN_COUNTS]
    assert book.total() == (value + 100, True)
    assert book.weight is Weight.COUNTS
    book.weigh("0")
    assert book.pull() == []
    assert book.total() == (value, False)
    # What was found counting is let go by the publication, which looks at Moodle itself.
    assert book.weight is Weight.COUNTS


def test_a_weight_of_0_that_a_trainer_changes_later_is_seen_at_the_next_reading(
    book: Book,
) -> None:
    book.weigh("0")
    book.score("100")
    assert book.pull() == []
    assert (book.total()[1], book.weight) == (False, Weight.OUT)
    book.weigh("1")
    assert book.pull() == [OWN_COLUMN_COUNTS]
    assert (book.total()[1], book.weight) == (True, Weight.COUNTS)
    assert book.snapshots()[-2:] == [False, True]


def test_a_column_that_is_no_longer_published_still_counts(book: Book) -> None:
    book.session.get_one(LineItem, book.item_id).stopped_at = clock.now()
    book.session.commit()
    book.score("100")
    assert book.pull() == [OWN_COLUMN_COUNTS]
    assert book.total()[1] is True


def test_a_total_read_after_the_column_was_deleted_is_clean(book: Book) -> None:
    book.score("100")
    book.pull()
    assert book.total()[1] is True
    book.moodle.changes.make(book.moodle.world, "remove_column", item=book.column)
    assert book.pull() == []
    assert book.total()[1] is False


def test_where_moodle_shows_no_weight_a_total_with_our_score_is_not_believed(book: Book) -> None:
    book.moodle.switches.percentages_shown = False
    book.pull()
    assert book.total()[1] is False
    book.score("100")
    assert book.pull() == [OWN_COLUMN_COUNTS]
    assert book.snapshots()[-1] is None
    assert book.total()[1] is True


def test_a_column_being_tried_is_left_to_the_publication(book: Book) -> None:
    book.session.get_one(LineItem, book.item_id).weight = Weight.TRIED
    book.session.commit()
    book.score("100")
    assert book.pull() == [OWN_COLUMN_COUNTS]
    assert (book.total()[1], book.weight) == (True, Weight.TRIED)


def test_the_columns_of_others_have_no_such_mark_and_make_no_snapshot_twice(book: Book) -> None:
    book.pull()
    before = len(book.session.scalars(select(GradeSnapshot.id)).all())
    book.pull()
    assert len(book.session.scalars(select(GradeSnapshot.id)).all()) == before
    marked = book.session.scalars(
        select(GradeItem.moodle_id)
        .join(CurrentGrade)
        .join(GradeSnapshot, GradeSnapshot.id == CurrentGrade.snapshot_id)
        .where(GradeSnapshot.counts.is_not(None))
        .distinct()
    ).all()
    assert marked in ([], [book.column])
    book.session.rollback()


def test_a_hidden_column_of_weight_0_hides_no_total(book: Book) -> None:
    book.weigh("0")
    book.score("100")
    item = book.moodle.world.item(book.column)
    assert item is not None
    item.hidden = True
    book.pull()
    account = book.session.scalars(
        select(Account).where(Account.subject == str(book.learner))
    ).one()
    readings = Readings.of(book.session, [book.course], [account.person_id])
    [total] = [
        fact
        for fact in read_grades(book.session, readings)[account.person_id]
        if fact.item == "course_total"
    ]
    assert not total.contains_hidden
    assert not total.contains_own
    book.session.rollback()


def test_a_rule_that_names_our_own_column_reads_nothing_in_it(book: Book) -> None:
    book.weigh("0")
    book.score("100")
    book.pull()
    account = book.session.scalars(
        select(Account).where(Account.subject == str(book.learner))
    ).one()
    readings = Readings.of(book.session, [book.course], [account.person_id])
    own = [
        fact
        for fact in read_grades(book.session, readings)[account.person_id]
        if fact.item == "idnumber:ancrage-progress"
    ]
    assert [fact.contains_own for fact in own] == [True]
    book.session.rollback()


def test_those_whom_the_last_reading_found_counting_do_not_hide_the_one_who_can_tell(
    book: Book, sessions: sessionmaker[Session], settings: Settings
) -> None:
    """Their grades were erased since; the score that was just sent is looked at all the same."""
    for number in range(1, 7):
        book.learner = learner_id(number)
        book.score("100")
    book.pull()
    for number in range(1, 7):
        book.learner = learner_id(number)
        book.score(None)
    book.weigh("0")
    book.learner = learner_id(7)
    book.score("100")
    column = book.session.get_one(LineItem, book.item_id).url
    book.session.rollback()
    assert weigh(sessions, settings, book.course_id, column, [str(book.learner)]) is Told.OUT

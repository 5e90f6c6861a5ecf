"""A column that counts in the course total is not written to: seen on the demonstration's Moodle."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from lti_tool import clock
from lti_tool.demo.moodle.gradebook.items import Grade
from lti_tool.grades.weights import weigh
from lti_tool.jobs import Job, JobError
from lti_tool.jobs.runner import run_due_jobs
from lti_tool.lti.gradebook import tasks, weights
from lti_tool.lti.gradebook.outcomes import Wanted
from lti_tool.lti.gradebook.publishing import Publication, Published
from lti_tool.lti.gradebook.service import ask_to_weigh, publishings
from lti_tool.lti.gradebook.weights import Told
from lti_tool.lti.models import LineItem, Outcome, Score, ScoreState, Weight
from lti_tool.lti.services.wire import Answer
from lti_tool.platforms.models import Site
from lti_tool.settings import Settings
from tests.integration.lti.gradebook.desk import Desk, full
from tests.integration.lti.services.conftest import COURSE


class Scales:
    """The desk, on a site whose totals the tool reads."""

    def __init__(self, desk: Desk, settings: Settings) -> None:
        self.desk, self.settings = desk, settings
        desk.session.scalars(select(Site)).one().token = desk.peer.site.service_token
        desk.session.commit()
        self.asked: list[list[str]] = []
        self.number = desk.begin()

    def weigh(self, course_id: int, column: str, subjects: Sequence[str]) -> Told:
        """Ask Moodle, and keep about whom."""
        self.asked.append(list(subjects))
        return weigh(self.desk.peer.sessions, self.settings, course_id, column, subjects)

    def run(self, **values: Any) -> Published:
        """Publish, some time after the last run."""
        self.desk.session.rollback()  # what a test read holds the lock of SQLite
        self.desk.moment += timedelta(minutes=1)
        return self.desk.run(self.number, **({"weigh": self.weigh} | values))

    def say_out(self) -> None:
        """A trainer says that the column is out of the total."""
        ask_to_weigh(
            self.desk.session, self.desk.peer.course_id, Outcome.CERTIFIED, self.desk.trainer
        )

    def set_weight(self, weight: int) -> None:
        """A trainer sets the weight in Moodle."""
        site = self.desk.peer.site
        site.changes.make(site.world, "set_weight", item=self.desk.column().id, weight=str(weight))

    @property
    def weight(self) -> Weight:
        """What is known of the weight."""
        return Weight(self.desk.session.get_one(LineItem, self.number).weight)

    def total(self, subject: str) -> tuple[Decimal | None, Decimal]:
        """The course total of somebody, and out of how much."""
        cells = self.desk.peer.site.world.gradebook(COURSE).cells(int(subject))
        [cell] = [cell for cell in cells if cell.item.kind == "course"]
        return cell.value, cell.grademax

    def states(self) -> list[ScoreState]:
        """Where each score stands."""
        return [ScoreState(one) for one in self.desk.session.scalars(select(Score.state))]


@pytest.fixture
def scales(desk: Desk, settings: Settings) -> Scales:
    """A publication asked for on a site whose totals the tool reads."""
    return Scales(desk, settings)


@pytest.fixture
def ready(scales: Scales, two: tuple[str, str]) -> Scales:
    """Two scores wait for the column that was made."""
    scales.desk.wanted = dict.fromkeys(two, full())
    scales.run()
    return scales


def test_a_published_column_counts_in_the_total_of_moodle_unless_its_weight_is_0(
    desk: Desk, two: tuple[str, str]
) -> None:
    """What decision 0031 is about; the demonstration's Moodle does as the real one."""

    def total() -> tuple[Decimal | None, Decimal]:
        cells = desk.peer.site.world.gradebook(COURSE).cells(int(two[0]))
        [cell] = [cell for cell in cells if cell.item.kind == "course"]
        return cell.value, cell.grademax

    value, maximum = total()
    assert value is not None
    desk.wanted = {two[0]: full()}
    desk.run()
    assert total() == (value + 100, maximum + 100)
    desk.peer.site.changes.make(
        desk.peer.site.world, "set_weight", item=desk.column().id, weight="0"
    )
    assert total() == (value, maximum)


def test_a_new_column_gets_no_score_before_a_trainer_says_that_it_is_out(
    ready: Scales, two: tuple[str, str]
) -> None:
    assert ready.desk.column()
    assert ready.weight is Weight.COUNTS
    for _turn in range(2):
        assert ready.run() == Published(held=2)
    assert ready.desk.sent == []
    assert ready.states() == [ScoreState.WAITING] * 2
    [shown, _other] = publishings(ready.desk.session, ready.desk.peer.course_id)
    assert shown.is_held
    ready.desk.session.rollback()


def test_one_score_tells_that_the_column_is_out_and_the_others_follow(
    ready: Scales, two: tuple[str, str]
) -> None:
    before = [ready.total(one) for one in two]
    ready.set_weight(0)
    ready.say_out()
    ready.asked.clear()
    assert ready.run() == Published(sent=2)
    assert ready.weight is Weight.OUT
    assert [ready.desk.value(one) for one in two] == [100, 100]
    assert [ready.total(one) for one in two] == before
    assert ready.asked == [[], [ready.desk.sent[0]["userId"]]]
    assert ready.run() == Published()


def test_a_trainer_who_did_not_set_the_weight_spoils_no_total(
    ready: Scales, two: tuple[str, str]
) -> None:
    before = [ready.total(one) for one in two]
    ready.say_out()
    assert ready.run() == Published(held=2)
    assert ready.weight is Weight.COUNTS
    assert {one["userId"] for one in ready.desk.sent} == {ready.desk.sent[0]["userId"]}
    assert ["scoreGiven" in one for one in ready.desk.sent] == [True, False]
    assert [ready.total(one) for one in two] == before
    assert ready.states() == [ScoreState.WAITING] * 2
    ready.set_weight(0)
    ready.say_out()
    assert ready.run() == Published(sent=2)
    assert [ready.desk.value(one) for one in two] == [100, 100]


def test_a_run_killed_after_the_first_score_takes_it_back_the_next_time(
    ready: Scales, two: tuple[str, str]
) -> None:
    before = [ready.total(one) for one in two]
    ready.say_out()

    def killed(course_id: int, column: str, subjects: Sequence[str]) -> Told:
        if subjects:
            raise JobError("MOODLE-UNREACHABLE", retryable=True)
        return ready.weigh(course_id, column, subjects)

    with pytest.raises(JobError):
        ready.run(weigh=killed)
    ready.desk.session.rollback()
    ready.desk.session.expire_all()
    assert ready.weight is Weight.TRIED
    ready.desk.session.rollback()
    assert ready.run() == Published(held=2)
    assert [ready.total(one) for one in two] == before
    assert ready.weight is Weight.COUNTS


def test_a_weight_that_comes_back_holds_what_is_new_and_lets_go_what_is_withdrawn(
    ready: Scales, two: tuple[str, str]
) -> None:
    ready.set_weight(0)
    ready.say_out()
    ready.run()
    ready.set_weight(1)
    ready.desk.wanted = {two[0]: full("Autre")}
    sent = len(ready.desk.sent)
    assert ready.run() == Published(sent=1, held=1)
    assert ready.weight is Weight.COUNTS
    assert len(ready.desk.sent) == sent + 1
    assert ready.desk.value(two[1]) is None
    assert ready.desk.grade(two[0]).feedback == full().comment
    ready.set_weight(0)
    assert ready.run() == Published(sent=1)
    assert ready.desk.grade(two[0]).feedback == "Autre"


def test_a_column_made_again_is_held_again(ready: Scales, two: tuple[str, str]) -> None:
    ready.set_weight(0)
    ready.say_out()
    ready.run()
    site = ready.desk.peer.site
    site.changes.make(site.world, "remove_column", item=ready.desk.column().id)
    assert ready.run() == Published(held=2)
    assert ready.weight is Weight.COUNTS
    assert [ready.desk.grade(one) for one in two] == [None, None]


def test_weights_that_moodle_does_not_show_hold_everything(
    ready: Scales, two: tuple[str, str]
) -> None:
    before = [ready.total(one) for one in two]
    ready.desk.peer.site.switches.percentages_shown = False
    ready.set_weight(0)
    ready.say_out()
    assert ready.run() == Published(held=2)
    assert ready.weight is Weight.UNSHOWN
    assert [ready.desk.value(one) for one in two] == [None, None]
    assert [ready.total(one) for one in two] == before


def test_an_erased_grade_tells_nothing_and_another_is_tried(
    ready: Scales, two: tuple[str, str]
) -> None:
    ready.set_weight(0)
    ready.say_out()
    ready.run()
    for one in two:
        ready.desk.grade(one).value = None
    ready.desk.wanted = dict.fromkeys(two, full("Autre"))
    assert ready.run() == Published(sent=2)
    assert ready.weight is Weight.OUT


def leave_out(scales: Scales, *subjects: str) -> None:
    """A trainer leaves the grades of some out of the total, before there is one (« exclue »)."""
    number = scales.desk.column().id
    for one in subjects:
        grade = Grade(number, int(one), feedback_format=2, excluded=True)
        scales.desk.peer.site.world.grades[number, int(one)] = grade


@pytest.mark.parametrize("weight", [0, 1])
def test_a_grade_left_out_for_one_person_says_nothing_of_the_column(
    ready: Scales, two: tuple[str, str], weight: int
) -> None:
    before = [ready.total(one) for one in two]
    leave_out(ready, min(two, key=lambda one: ready.desk.score(one).id))  # the one tried first
    ready.set_weight(weight)
    ready.say_out()
    assert ready.run() == (Published(held=2) if weight else Published(sent=2))
    assert ready.weight is (Weight.COUNTS if weight else Weight.OUT)
    assert [ready.total(one) for one in two] == before
    assert [ready.desk.value(one) for one in two] == ([None] * 2 if weight else [100] * 2)


def test_when_no_score_tells_anything_all_are_taken_back(
    ready: Scales, two: tuple[str, str]
) -> None:
    leave_out(ready, *two)
    ready.say_out()
    assert ready.run() == Published(held=2)
    assert ready.weight is Weight.UNSHOWN
    assert [ready.desk.value(one) for one in two] == [None, None]


def test_what_is_withdrawn_leaves_moodle_though_the_weight_cannot_be_read(
    ready: Scales, two: tuple[str, str]
) -> None:
    ready.set_weight(0)
    ready.say_out()
    ready.run()
    ready.desk.session.scalars(select(Site)).one().token = "wrong"
    ready.desk.session.commit()
    ready.desk.wanted = {two[0]: full("Autre")}
    with pytest.raises(JobError):
        ready.run()
    ready.desk.session.rollback()
    assert ready.desk.value(two[1]) is None
    assert ready.desk.grade(two[0]).feedback == full().comment


def test_without_a_score_to_send_what_the_trainer_said_waits(scales: Scales) -> None:
    scales.run()
    scales.say_out()
    assert scales.run() == Published()
    assert scales.weight is Weight.ASKED
    assert scales.desk.sent == []


def test_a_moodle_that_does_not_answer_about_weights_sends_nothing(
    scales: Scales, two: tuple[str, str]
) -> None:
    scales.desk.wanted = {two[0]: full()}
    scales.desk.session.scalars(select(Site)).one().token = "wrong"
    scales.desk.session.commit()
    scales.run()
    scales.say_out()
    with pytest.raises(JobError) as raised:
        scales.run()
    assert raised.value.code == "MOODLE-INVALID-TOKEN"
    assert not raised.value.retryable
    scales.desk.session.rollback()


def test_without_a_token_there_is_no_total_to_spoil(scales: Scales, two: tuple[str, str]) -> None:
    scales.desk.wanted = dict.fromkeys(two, full())
    scales.desk.session.scalars(select(Site)).one().token = None
    scales.desk.session.commit()
    assert scales.run() == Published(sent=2)
    assert scales.weight is Weight.NO_TOTALS
    scales.desk.session.scalars(select(Site)).one().token = scales.desk.peer.site.service_token
    scales.desk.session.commit()
    scales.desk.wanted = dict.fromkeys(two, full("Autre"))
    assert scales.run() == Published(held=2)
    assert scales.weight is Weight.COUNTS
    assert [scales.desk.value(one) for one in two] == [100, 100]


def test_what_a_trainer_says_during_a_run_is_not_lost(ready: Scales, two: tuple[str, str]) -> None:
    def while_asked(course_id: int, column: str, subjects: Sequence[str]) -> Told:
        with ready.desk.peer.sessions.begin() as session:
            session.get_one(LineItem, ready.number).weight = Weight.ASKED
        return Told.COUNTS

    with ready.desk.peer.sessions.begin() as session:
        session.get_one(LineItem, ready.number).weight = Weight.OUT
    ready.run(weigh=while_asked)
    assert ready.weight is Weight.ASKED


def test_the_weight_of_a_progress_is_read_as_well(scales: Scales, two: tuple[str, str]) -> None:
    """Each column has a weight of its own."""
    scales.number = scales.desk.begin(Outcome.PROGRESS)
    scales.desk.wanted = {two[0]: Wanted(Decimal(50), "Un critère")}
    assert scales.run() == Published(held=1)
    [certified, progress] = publishings(scales.desk.session, scales.desk.peer.course_id)
    assert not certified.is_held
    assert progress.is_held
    scales.desk.session.rollback()


def test_the_time_of_a_run_is_bounded_and_the_next_one_goes_on(
    desk: Desk, two: tuple[str, str]
) -> None:
    desk.wanted = dict.fromkeys(two, full())
    number = desk.begin()
    desk.before = slow(desk)
    assert desk.run(number, budget=timedelta(minutes=2)) == Published(sent=1, left=1)
    assert desk.run(number, budget=timedelta(minutes=2)) == Published(sent=1)
    assert sorted(one["userId"] for one in desk.sent) == sorted(two)


def slow(desk: Desk) -> Callable[[dict[str, Any]], None]:
    """Have each score take three minutes."""

    def wait(_message: dict[str, Any]) -> None:
        desk.moment += timedelta(minutes=3)

    return wait


def test_a_first_score_whose_value_changed_on_its_way_is_taken_back_too(
    ready: Scales, two: tuple[str, str]
) -> None:
    before = [ready.total(one) for one in two]
    ready.say_out()

    def change(_message: dict[str, Any]) -> None:
        with ready.desk.peer.sessions.begin() as session:
            for score in session.scalars(select(Score)):
                score.comment, score.wanted_at = "Autre", score.wanted_at + timedelta(seconds=1)
        ready.desk.before = lambda _message: None

    ready.desk.before = change
    assert ready.run() == Published(held=2)
    assert [ready.total(one) for one in two] == before


def test_a_first_score_that_is_refused_leaves_the_next_one_to_tell(
    ready: Scales, two: tuple[str, str]
) -> None:
    ready.set_weight(0)
    ready.say_out()
    ready.desk.before = lambda message: Answer(200, b"[]") if message["userId"] == two[0] else None
    assert ready.run() == Published(sent=1, refused=1)
    assert ready.weight is Weight.OUT


def test_of_two_runs_at_once_one_sends_what_neither_had_begun(
    desk: Desk, two: tuple[str, str]
) -> None:
    desk.wanted = dict.fromkeys(two, full())
    number = desk.begin()
    others: list[Published] = []

    def meanwhile(_message: dict[str, Any]) -> None:
        desk.before = lambda _message: None
        others.append(desk.run(number))

    desk.before = meanwhile
    desk.run(number)
    [other] = set(two) - {desk.sent[0]["userId"]}
    # The one on its way may be sent again by whoever comes later; no other is.
    assert [one["userId"] for one in desk.sent].count(other) == 1
    assert len(others) == 1
    assert [desk.value(one) for one in two] == [100, 100]


def test_what_is_left_is_handed_on_from_job_to_job_and_nothing_is_repeated(
    desk: Desk, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A third run needs the first key again, which is free by then."""
    monkeypatch.setattr(tasks, "Publication", partial(Publication, budget=timedelta(0)))
    monkeypatch.setattr(weights, "_sources", [])
    world = desk.peer.site.world
    people = [
        str(one.person)
        for one in world.enrolments_in(COURSE)
        if one.role.gradable and one.is_active(desk.peer.site.now)
    ][:4]
    desk.wanted = dict.fromkeys(people, full())
    desk.peer.site.clock = clock.now
    desk.begin()
    assert run_due_jobs(desk.peer.sessions, settings) == 4
    desk.session.expire_all()
    jobs = desk.session.scalars(select(Job).order_by(Job.id)).all()
    assert [job.result for job in jobs] == [
        {"sent": 1, "refused": 0, "left": 3},
        {"sent": 1, "refused": 0, "left": 2},
        {"sent": 1, "refused": 0, "left": 1},
        {"sent": 1, "refused": 0},
    ]
    assert {job.asked_by for job in jobs} == {desk.trainer}
    assert [desk.score(one).attempts for one in people] == [1] * 4
    assert [desk.value(one) for one in people] == [100] * 4
    desk.session.rollback()

"""Publication against the demonstration's Moodle: what its gradebook holds, and every trap of AGS."""

from __future__ import annotations

import json
import threading
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.demo.moodle.lti.tokens import PERMITTED_SCOPES
from lti_tool.errors import NotFound
from lti_tool.jobs import Job, JobState
from lti_tool.jobs.interruptions import TakenOver
from lti_tool.jobs.runner import run_due_jobs, run_next
from lti_tool.lti.gradebook import outcomes as sources
from lti_tool.lti.gradebook.outcomes import Outcomes, Wanted
from lti_tool.lti.gradebook.publishing import Published
from lti_tool.lti.gradebook.service import (
    ask_for_publication,
    publishings,
    retry,
    stop,
)
from lti_tool.lti.models import ContextServices, LineItem, Outcome, Score, ScoreState
from lti_tool.lti.services.errors import (
    ScopeRefused,
    ServiceAddressRefused,
    ServiceUnreachable,
)
from lti_tool.lti.services.wire import Answer, exchange
from lti_tool.settings import Settings
from tests.integration.lti.gradebook.desk import Desk, full
from tests.integration.lti.services.conftest import COURSE


def test_only_those_who_have_an_outcome_have_a_grade(desk: Desk, two: tuple[str, str]) -> None:
    certified, other = two
    desk.wanted = {certified: full()}
    assert desk.run() == Published(sent=1)
    assert desk.column().grademax == 100
    assert desk.value(certified) == 100
    assert desk.grade(certified).feedback == "Délivrée le 12 mars 2027."
    assert desk.grade(other) is None
    assert len(desk.sent) == 1


def test_a_message_is_whole_compact_and_of_one_line(desk: Desk, two: tuple[str, str]) -> None:
    desk.wanted = {two[0]: full("Ligne une,\nligne deux.\r\nFin")}
    bodies: list[bytes] = []

    def send(method: str, address: str, **values: Any) -> Answer:
        if "/scores" in address:
            bodies.append(values["body"])
        return exchange(method, address, **values)

    desk.run(send=send)
    [body] = bodies
    assert b"\n" not in body
    assert b"\\n" not in body
    assert b": " not in body
    message = json.loads(body)
    assert message["scoreGiven"] == message["scoreMaximum"] == 100
    assert message["gradingProgress"] == "FullyGraded"
    assert message["comment"] == "Ligne une, ligne deux. Fin"
    assert datetime.fromisoformat(message["timestamp"]) <= desk.moment


def test_what_was_sent_is_not_sent_twice(desk: Desk, two: tuple[str, str]) -> None:
    desk.wanted = {two[0]: full()}
    number = desk.begin()
    desk.run(number)
    assert desk.run(number) == Published()
    assert len(desk.sent) == 1


def test_a_changed_value_is_sent_a_second_later_at_least(desk: Desk, two: tuple[str, str]) -> None:
    number = desk.begin(Outcome.PROGRESS)
    desk.wanted = {two[0]: Wanted(Decimal(25), "Un critère")}
    desk.run(number)
    desk.wanted = {two[0]: Wanted(Decimal("66.67"), "Deux critères")}
    assert desk.run(number) == Published(sent=1)
    assert desk.value(two[0]) == Decimal("66.67")
    assert desk.grade(two[0]).feedback == "Deux critères"
    first, second = (datetime.fromisoformat(one["timestamp"]) for one in desk.sent)
    assert second - first >= timedelta(seconds=1)
    assert second <= desk.moment
    assert sum(desk.waits) <= 1


def test_an_outcome_that_is_withdrawn_takes_the_grade_away(
    desk: Desk, two: tuple[str, str]
) -> None:
    desk.wanted = {two[0]: full()}
    number = desk.begin()
    desk.run(number)
    desk.wanted = {}
    assert desk.run(number) == Published(sent=1)
    assert desk.value(two[0]) is None
    assert "scoreGiven" not in desk.sent[-1]
    assert desk.run(number) == Published()


def test_an_outcome_withdrawn_before_it_was_sent_is_never_sent(
    desk: Desk, two: tuple[str, str], session: Session
) -> None:
    desk.wanted = {two[0]: full()}
    number = desk.begin()

    def down(method: str, address: str, **values: Any) -> Answer:
        if "lineitem" in address:
            raise ServiceUnreachable("test")
        return exchange(method, address, **values)

    with pytest.raises(ServiceUnreachable):
        desk.run(number, send=down)
    assert desk.score(two[0]).state == ScoreState.WAITING
    session.rollback()
    desk.wanted = {}
    desk.run(number)
    assert session.scalars(select(Score)).all() == []
    assert desk.sent == []


def test_a_column_of_ours_is_found_again_and_never_doubled(
    desk: Desk, two: tuple[str, str], session: Session
) -> None:
    desk.wanted = {two[0]: full()}
    number = desk.begin()
    desk.run(number)
    session.get_one(LineItem, number).url = None
    session.commit()
    desk.run(number)
    assert desk.column().id


def test_a_deleted_column_is_made_again_and_everything_is_sent_again(
    desk: Desk, two: tuple[str, str]
) -> None:
    desk.wanted = dict.fromkeys(two, full())
    number = desk.begin()
    desk.run(number)
    before = desk.column().id
    desk.peer.site.changes.make(desk.peer.site.world, "remove_column", item=before)
    desk.moment += timedelta(seconds=5)
    assert desk.run(number) == Published(sent=2)
    assert desk.column().resource_id == "ancrage-certified"
    assert [desk.value(one) for one in two] == [100, 100]


def test_a_column_deleted_between_two_scores_is_made_again(
    desk: Desk, two: tuple[str, str]
) -> None:
    desk.wanted = dict.fromkeys(two, full())

    def delete(_message: dict[str, Any]) -> None:
        if len(desk.sent) == 2:
            item = desk.column().id
            desk.peer.site.changes.make(desk.peer.site.world, "remove_column", item=item)

    desk.before = delete
    desk.run()
    assert [desk.value(one) for one in two] == [100, 100]


def test_a_column_that_is_not_ours_any_more_is_not_written_to(
    desk: Desk, two: tuple[str, str], session: Session
) -> None:
    """Trap 12: an address may come to mean the column of an assignment."""
    desk.wanted = {two[0]: full()}
    number = desk.begin()
    desk.run(number)
    desk.column().resource_id = "autre"
    foreign = desk.column().id
    session.get_one(Score, desk.score(two[0]).id).state = ScoreState.WAITING
    session.commit()
    desk.moment += timedelta(seconds=5)
    held = desk.peer.site.world.grades[foreign, int(two[0])].score_time
    desk.run(number)
    assert desk.peer.site.world.grades[foreign, int(two[0])].score_time == held
    assert session.get_one(LineItem, number).url.count(f"/lineitems/{foreign}/") == 0


def test_a_column_elsewhere_is_refused_before_a_token_goes_there(
    desk: Desk, two: tuple[str, str]
) -> None:
    """Row 37, in what the platform answers."""
    desk.wanted = {two[0]: full()}

    def lying(method: str, address: str, **values: Any) -> Answer:
        assert "evil" not in address
        if method == "POST" and address.partition("?")[0].endswith("/lineitems"):
            return Answer(201, b'{"id": "http://evil.test/lineitems/1/lineitem"}')
        return exchange(method, address, **values)

    with pytest.raises(ServiceAddressRefused):
        desk.run(send=lying)


def test_a_refusal_that_answers_200_is_a_refusal(desk: Desk, two: tuple[str, str]) -> None:
    desk.wanted = dict.fromkeys(two, full())
    desk.before = lambda message: Answer(200, b"[]") if message["userId"] == two[0] else None
    assert desk.run() == Published(sent=1, refused=1)
    assert desk.score(two[0]).state == ScoreState.REFUSED
    assert desk.score(two[0]).error_code == "LTI-SCORE-REFUSED"
    assert desk.score(two[1]).state == ScoreState.SENT


def test_who_is_not_in_the_course_is_never_sent_anything(
    desk: Desk, two: tuple[str, str], session: Session
) -> None:
    """Row 43."""
    desk.wanted = {two[0]: full()}
    number = desk.begin()
    desk.run(number)
    enrolment = desk.peer.site.world.enrolment(COURSE, int(two[0]))
    enrolment.suspended = True
    desk.wanted = {two[0]: full("Autre")}
    desk.moment += timedelta(minutes=11)
    assert desk.run(number) == Published()
    retry(session, desk.peer.course_id, Outcome.CERTIFIED, desk.trainer)
    desk.run(number)
    assert len(desk.sent) == 1
    assert desk.score(two[0]).error_code in ("", "LTI-SCORE-ABSENT")
    session.rollback()
    enrolment.suspended = False
    desk.moment += timedelta(minutes=11)
    assert desk.run(number) == Published(sent=1)


def test_a_waiting_score_of_somebody_who_left_is_held_back_until_they_return(
    desk: Desk, two: tuple[str, str], session: Session
) -> None:
    desk.wanted = {two[0]: full()}
    number = desk.begin()
    desk.before = lambda _message: Answer(200, b"[]")
    desk.run(number)
    retry(session, desk.peer.course_id, Outcome.CERTIFIED, desk.trainer)
    enrolment = desk.peer.site.world.enrolment(COURSE, int(two[0]))
    enrolment.suspended = True
    desk.moment += timedelta(minutes=11)
    desk.run(number)
    assert desk.score(two[0]).error_code == "LTI-SCORE-ABSENT"
    session.rollback()
    assert len(desk.sent) == 1
    enrolment.suspended = False
    desk.before = lambda _message: None
    desk.moment += timedelta(minutes=11)
    assert desk.run(number) == Published(sent=1)


def test_a_409_is_tried_again_a_second_later(desk: Desk, two: tuple[str, str]) -> None:
    desk.wanted = {two[0]: full()}
    desk.before = lambda _message: Answer(409, b"[]") if len(desk.sent) == 1 else None
    assert desk.run() == Published(sent=1)
    assert len(desk.sent) == 2
    assert desk.sent[0]["timestamp"] < desk.sent[1]["timestamp"]


def test_a_second_409_is_believed_when_moodle_holds_what_is_wanted(
    desk: Desk, two: tuple[str, str], session: Session
) -> None:
    """A worker killed between Moodle's answer and our record: nothing is lost, nothing is doubled."""
    desk.wanted = {two[0]: full()}
    number = desk.begin()
    desk.run(number)
    session.get_one(Score, desk.score(two[0]).id).state = ScoreState.WAITING
    session.get_one(Score, desk.score(two[0]).id).sent_at = None
    session.commit()
    desk.before = lambda _message: Answer(409, b"[]")
    assert desk.run(number) == Published(sent=1)
    assert desk.score(two[0]).state == ScoreState.SENT


def test_a_later_grade_of_a_trainer_is_not_overwritten_in_silence(
    desk: Desk, two: tuple[str, str]
) -> None:
    desk.wanted = {two[0]: full()}
    number = desk.begin()
    desk.run(number)
    grade = desk.grade(two[0])
    grade.value, grade.score_time = Decimal(40), int(desk.moment.timestamp()) + 3600
    desk.wanted = {two[0]: full("Autre")}
    desk.moment += timedelta(seconds=5)
    assert desk.run(number) == Published(refused=1)
    assert desk.score(two[0]).error_code == "LTI-SCORE-LATER"
    assert desk.value(two[0]) == 40


def test_no_score_is_dated_in_the_future_when_our_clock_went_back(
    desk: Desk, two: tuple[str, str], session: Session
) -> None:
    number = desk.begin()
    desk.wanted = {two[0]: full()}
    desk.run(number)
    session.get_one(Score, desk.score(two[0]).id).sent_at = desk.moment + timedelta(hours=1)
    session.commit()
    desk.wanted = {two[0]: full("Autre")}
    assert desk.run(number) == Published(refused=1)
    assert len(desk.sent) == 1


def test_a_run_killed_half_way_goes_on_where_it_was(desk: Desk, two: tuple[str, str]) -> None:
    desk.wanted = dict.fromkeys(two, full())
    number = desk.begin()

    def killed(done: int, total: int | None = None) -> None:
        if total and done == 1:
            raise TakenOver

    with pytest.raises(TakenOver):
        desk.run(number, progress=killed)
    desk.session.rollback()
    assert len(desk.sent) == 1
    assert desk.run(number) == Published(sent=1)
    assert sorted(one["userId"] for one in desk.sent) == sorted(two)


def test_a_run_says_that_it_goes_on_before_each_answer_it_waits_for(
    desk: Desk, two: tuple[str, str]
) -> None:
    desk.wanted = dict.fromkeys(two, full())
    events: list[tuple[int, int | None] | str] = []

    def send(method: str, address: str, **values: Any) -> Answer:
        events.append("asked")
        return desk.send(method, address, **values)

    desk.run(send=send, progress=lambda done, total: events.append((done, total)))

    asked = [place for place, event in enumerate(events) if event == "asked"]
    assert len(asked) > 4
    assert "asked" not in {events[place - 1] for place in asked}
    assert events[asked[-1] - 1] == (1, 2)


def test_a_moodle_that_is_down_leaves_scores_waiting(desk: Desk, two: tuple[str, str]) -> None:
    desk.wanted = {two[0]: full()}
    number = desk.begin()

    def down(_message: dict[str, Any]) -> Answer:
        raise ServiceUnreachable("test")

    desk.before = down
    with pytest.raises(ServiceUnreachable):
        desk.run(number)
    assert desk.score(two[0]).state == ScoreState.WAITING
    desk.session.rollback()
    desk.before = lambda _message: None
    assert desk.run(number) == Published(sent=1)


def test_a_tool_that_may_not_make_columns_says_so(
    desk: Desk, two: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    readonly = tuple(scope for scope in PERMITTED_SCOPES if not scope.endswith("/lineitem"))
    monkeypatch.setattr("lti_tool.demo.moodle.lti.tokens.PERMITTED_SCOPES", readonly)
    desk.wanted = {two[0]: full()}
    with pytest.raises(ScopeRefused):
        desk.run()
    assert desk.sent == []


def test_stopping_leaves_the_column_as_it_is(
    desk: Desk, two: tuple[str, str], session: Session
) -> None:
    desk.wanted = {two[0]: full()}
    number = desk.begin()
    desk.run(number)
    stop(session, desk.peer.course_id, Outcome.CERTIFIED, desk.trainer)
    desk.wanted = {}
    assert desk.run(number) == Published()
    assert desk.value(two[0]) == 100
    with pytest.raises(NotFound):
        stop(session, desk.peer.course_id, Outcome.CERTIFIED, desk.trainer)
    session.rollback()


def test_no_value_can_be_said_leaves_the_column_as_it_is(
    desk: Desk, two: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.wanted = {two[0]: full()}
    number = desk.begin()
    desk.run(number)
    monkeypatch.setattr(
        sources,
        "_sources",
        [lambda *asked: Outcomes(desk.outcomes(*asked).learners, None)],
    )
    assert desk.run(number) == Published()
    assert desk.value(two[0]) == 100


def test_a_change_during_a_run_is_followed_by_another_run(desk: Desk, session: Session) -> None:
    desk.begin()
    ask_for_publication(session, [desk.peer.course_id])
    assert len(session.scalars(select(Job)).all()) == 1
    session.scalars(select(Job)).one().state = JobState.RUNNING
    session.flush()
    for _turn in range(2):
        ask_for_publication(session, [desk.peer.course_id])
    assert len(session.scalars(select(Job)).all()) == 2
    session.rollback()


def test_of_two_workers_rung_at_once_one_publishes(
    desk: Desk, two: tuple[str, str], session: Session, settings: Settings
) -> None:
    desk.wanted = dict.fromkeys(two, full())
    desk.peer.site.clock = clock.now
    desk.begin()
    session.commit()
    ran: list[bool] = []
    workers = [
        threading.Thread(target=lambda: ran.append(run_next(desk.peer.sessions, settings)))
        for _worker in range(2)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(ran) == [False, True]
    assert [desk.value(one) for one in two] == [100, 100]
    [shown, _progress] = publishings(session, desk.peer.course_id)
    assert shown.counts == {ScoreState.SENT: 2}
    assert shown.job is not None
    assert shown.job.result == {"sent": 2, "refused": 0}
    session.rollback()


def test_a_failed_run_tells_its_code(desk: Desk, session: Session, settings: Settings) -> None:
    services = session.scalars(select(ContextServices)).one()
    desk.begin()
    services.lineitems_url = "http://evil.test/lineitems"
    session.commit()
    desk.peer.site.clock = clock.now
    run_due_jobs(desk.peer.sessions, settings)
    session.expire_all()
    [shown, _progress] = publishings(session, desk.peer.course_id)
    assert shown.job is not None
    assert (shown.job.state, shown.job.error_code) == (JobState.FAILED, "LTI-SERVICE-ADDRESS")
    session.rollback()

"""Answers of a wave through the services: when they count, whose they may be, what they establish."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.anchoring.errors import (
    AlreadyAnswered,
    AnswerOutOfRange,
    FollowUpRefused,
    OwnWave,
    WaveNotOpen,
)
from lti_tool.anchoring.models import AnchoringCase, CaseState, Confirmation, SelfReport, Wave
from lti_tool.anchoring.rules.levels import Established
from lti_tool.anchoring.service.answers import ReportForm, answer_wave, confirm_wave
from lti_tool.anchoring.service.cases import cases_of
from lti_tool.anchoring.service.following import WaveStanding, followed_cases
from lti_tool.anchoring.service.reading import read_cases, waves_to_confirm
from lti_tool.errors import NotFound
from lti_tool.people.models import Purpose
from lti_tool.people.service import record_choices
from lti_tool.platforms.models import Course
from tests.factories import affiliate, make_person
from tests.integration.anchoring.conftest import (
    AFTER_WAVE_3,
    IN_WAVE_3,
    INTEGRATED,
    Association,
    make_association,
    make_member_case,
    wave_of,
)
from tests.integration.issued import noon, prove


def established(session: Session, case: AnchoringCase, months: int = 3) -> Established:
    """The level established for a wave, read anew."""
    session.expire_all()
    (found,) = cases_of(session, case.person_id)
    (reading,) = [
        one for one in read_cases(session, [found])[found.id] if one.wave.months == months
    ]
    session.commit()
    return reading.established


def report(session: Session, case: AnchoringCase, on: date, form: ReportForm = INTEGRATED) -> None:
    """The member answers the wave of 3 months on a day."""
    with clock.set_to(noon(on)):
        answer_wave(session, wave_of(case, 3), person_id=case.person_id, form=form)


def test_a_case_opens_with_the_waves_of_the_specification(case: AnchoringCase) -> None:
    assert [(w.months, w.opens_on, w.due_on, w.closes_on) for w in case.waves] == [
        (0, date(2026, 1, 1), date(2026, 1, 15), date(2026, 2, 14)),
        (3, date(2026, 4, 1), date(2026, 4, 15), date(2026, 5, 15)),
        (6, date(2026, 7, 1), date(2026, 7, 15), date(2026, 8, 14)),
        (12, date(2027, 1, 1), date(2027, 1, 15), date(2027, 2, 14)),
    ]


@pytest.mark.parametrize(
    ("reported", "confirmed", "proven", "level", "confidence", "divergent"),
    [
        # The sources of §2.4; a report is given by the answers that mean the level.
        (0, 0, (), 0, "B", False),
        (1, None, (), 1, "C", False),
        (3, None, (), 1, "C", False),
        (2, 2, (), 2, "B", False),
        (2, 2, (date(2026, 2, 1), date(2026, 3, 15)), 2, "A", False),
        (3, 2, (date(2026, 2, 1),), 2, "B", True),
        (3, 0, (), 0, "B", True),
        (2, None, (date(2026, 2, 1), date(2026, 3, 15)), 2, "A", False),
        (None, 2, (), 1, "C", False),
        (None, 1, (date(2026, 2, 1),), 1, "A", False),
        (None, None, (), None, "D", False),
    ],
)
def test_three_sources_establish_one_level(
    session: Session,
    association: Association,
    case: AnchoringCase,
    course: Course,
    reported: int | None,
    confirmed: int | None,
    proven: tuple[date, ...],
    level: int | None,
    confidence: str,
    divergent: bool,
) -> None:
    answers = [(0, 0, 0, 0), (1, 1, 0, 0), (2, 2, 1, 0), (2, 2, 1, 2)]
    if reported is not None:
        report(session, case, IN_WAVE_3, ReportForm(*answers[reported]))
    if confirmed is not None:
        with clock.set_to(noon(IN_WAVE_3)):
            confirm_wave(session, wave_of(case, 3), lead_id=association.lead.id, level=confirmed)
    prove(session, case, course, *proven)
    found = established(session, case)
    assert (found.level, found.confidence, found.divergent) == (level, confidence, divergent)


def test_evidence_of_another_domain_or_of_before_the_award_shows_nothing(
    session: Session, case: AnchoringCase, course: Course
) -> None:
    prove(session, case, course, date(2026, 1, 15))
    assert established(session, case).level is None
    prove(session, case, course, date(2026, 1, 16))
    assert established(session, case).level == 1


def test_not_knowing_is_an_answer_and_no_level(
    session: Session, association: Association, case: AnchoringCase
) -> None:
    with clock.set_to(noon(IN_WAVE_3)):
        confirm_wave(session, wave_of(case, 3), lead_id=association.lead.id, level=None)
    (kept,) = session.scalars(select(Confirmation))
    assert kept.level is None
    assert established(session, case).level is None
    report(session, case, IN_WAVE_3)
    assert established(session, case) == Established(1, "C", divergent=False)


@pytest.mark.parametrize(
    ("issued_on", "months", "opens", "closes"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 14), date(2027, 3, 30)),
        (date(2027, 11, 30), 3, date(2028, 2, 15), date(2028, 3, 30)),
    ],
)
def test_a_window_at_the_end_of_february_opens_and_closes_on_its_days(
    session: Session,
    association: Association,
    issued_on: date,
    months: int,
    opens: date,
    closes: date,
) -> None:
    case = make_member_case(session, association, "Awa Fictive", issued_on=issued_on)
    wave = wave_of(case, months)
    assert (wave.opens_on, wave.closes_on) == (opens, closes)
    lead = association.lead.id
    for day in (opens.replace(day=opens.day - 1), closes.replace(day=closes.day + 1)):
        with clock.set_to(noon(day)), pytest.raises(WaveNotOpen):
            confirm_wave(session, wave, lead_id=lead, level=1)
        session.rollback()
    with clock.set_to(noon(opens)):
        answer_wave(session, wave, person_id=case.person_id, form=INTEGRATED)
    with clock.set_to(noon(closes)):
        confirm_wave(session, wave, lead_id=lead, level=2)
    assert established(session, case, months).level == 2
    assert not session.scalars(select(SelfReport)).one().late


def test_a_late_report_is_kept_and_not_counted(session: Session, case: AnchoringCase) -> None:
    report(session, case, AFTER_WAVE_3)
    assert session.scalars(select(SelfReport)).one().late
    assert established(session, case).level is None
    with clock.set_to(noon(AFTER_WAVE_3)):
        (followed,) = followed_cases(session, case.person_id)
    assert followed.waves[1].standing is WaveStanding.LATE
    assert followed.level is None


@pytest.mark.parametrize(
    ("months", "day"),
    [(3, date(2026, 3, 31)), (3, date(2026, 7, 1)), (12, date(2027, 2, 15))],
)
def test_nothing_is_kept_before_a_wave_opens_after_the_next_or_after_the_last(
    session: Session, case: AnchoringCase, months: int, day: date
) -> None:
    with clock.set_to(noon(day)), pytest.raises(WaveNotOpen):
        answer_wave(session, wave_of(case, months), person_id=case.person_id, form=INTEGRATED)
    session.rollback()
    assert session.scalars(select(SelfReport)).all() == []


def test_an_answer_is_never_rewritten(
    session: Session, association: Association, case: AnchoringCase
) -> None:
    report(session, case, IN_WAVE_3)
    with pytest.raises(AlreadyAnswered):
        report(session, case, IN_WAVE_3, ReportForm(5, 5, 2, 3))
    session.rollback()
    assert session.scalars(select(SelfReport.uses)).all() == [2]


def test_two_leads_who_confirm_at_once_leave_one_answer(
    session: Session,
    sessions: sessionmaker[Session],
    association: Association,
    case: AnchoringCase,
) -> None:
    wave_id, lead_id = wave_of(case, 3).id, association.lead.id
    session.commit()
    together = Barrier(2)

    def confirm(level: int) -> int | None:
        with sessions() as own, clock.set_to(noon(IN_WAVE_3)):
            together.wait(timeout=30)
            try:
                confirm_wave(own, own.get_one(Wave, wave_id), lead_id=lead_id, level=level)
            except AlreadyAnswered:
                return None
            return level

    with ThreadPoolExecutor(2) as threads:
        given = [level for level in threads.map(confirm, (1, 3)) if level is not None]
    assert len(given) == 1
    assert session.scalars(select(Confirmation.level)).all() == given


def test_nobody_confirms_their_own_level(
    session: Session, association: Association, case: AnchoringCase
) -> None:
    with clock.set_to(noon(IN_WAVE_3)), pytest.raises(OwnWave):
        confirm_wave(session, wave_of(case, 3), lead_id=case.person_id, level=3)


def test_n2_nobody_answers_in_another_s_place(session: Session, case: AnchoringCase) -> None:
    other = make_person(session, "Autre Fictif")
    with clock.set_to(noon(IN_WAVE_3)), pytest.raises(NotFound):
        answer_wave(session, wave_of(case, 3), person_id=other.id, form=INTEGRATED)


@pytest.mark.parametrize(
    ("form", "field", "problem"),
    [
        (ReportForm(None, 0, 0, 0), "uses", "missing"),
        (ReportForm(6, 0, 0, 0), "uses", "range"),
        (ReportForm(-1, 0, 0, 0), "uses", "range"),
        (ReportForm(0, 100, 0, 0), "distinct_actions", "range"),
        (ReportForm(0, 0, 3, 0), "autonomy", "range"),
        (ReportForm(0, 0, 0, 4), "transmission", "range"),
        (ReportForm(0, 0, 0, 0, "x" * 2001), "obstacles", "length"),
    ],
)
def test_an_answer_that_the_form_does_not_offer_is_refused(
    session: Session, case: AnchoringCase, form: ReportForm, field: str, problem: str
) -> None:
    assert form.problems() == {field: problem}
    with pytest.raises(AnswerOutOfRange):
        report(session, case, IN_WAVE_3, form)


def test_n17_a_refusal_stops_the_questions_and_leaves_the_certification(
    session: Session, association: Association
) -> None:
    case = make_member_case(session, association, "Binta Fictive", follows=False)
    with pytest.raises(FollowUpRefused):
        report(session, case, IN_WAVE_3)
    session.rollback()
    with clock.set_to(noon(IN_WAVE_3)), pytest.raises(FollowUpRefused):
        confirm_wave(session, wave_of(case, 3), lead_id=association.lead.id, level=2)
    session.rollback()
    assert case.award.state == "issued"
    with clock.set_to(noon(IN_WAVE_3)):
        (followed,) = followed_cases(session, case.person_id)
        assert followed.state is CaseState.REFUSED
        assert followed.to_answer is None
        record_choices(session, person_id=case.person_id, given={Purpose.ANCHORING: True})
    report(session, case, IN_WAVE_3)
    assert established(session, case).level == 1


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 1, 15), CaseState.FOLLOWED),
        (date(2027, 2, 14), CaseState.FOLLOWED),
        (date(2027, 2, 15), CaseState.CLOSED),
    ],
)
def test_a_follow_up_ends_with_its_last_wave(
    session: Session, case: AnchoringCase, day: date, state: CaseState
) -> None:
    with clock.set_to(noon(day)):
        (followed,) = followed_cases(session, case.person_id)
    assert followed.state is state


def test_the_learner_s_own_answer_does_not_lean_on_what_was_confirmed_before(
    session: Session, association: Association, case: AnchoringCase
) -> None:
    with clock.set_to(noon(IN_WAVE_3)):
        confirm_wave(session, wave_of(case, 3), lead_id=association.lead.id, level=3)
        session.expire_all()
        (followed,) = followed_cases(session, case.person_id)
        assert followed.waves[1].established is None
    report(session, case, IN_WAVE_3)
    with clock.set_to(noon(IN_WAVE_3)):
        session.expire_all()
        (followed,) = followed_cases(session, case.person_id)
    assert followed.waves[1].established == Established(2, "B", divergent=False)


def test_the_second_association_of_a_person_confirms_nothing_of_the_first(
    session: Session, case: AnchoringCase
) -> None:
    second = make_association(session, "Seconde Association")
    affiliate(session, case.person, second.partner)
    assert waves_to_confirm(session, second.partner.id, IN_WAVE_3) == []

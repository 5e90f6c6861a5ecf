"""The past of the demonstration: evidence, certifications and anchoring at several ages.

Told through the services with the clock set back, so that every row is one that people could have
made. The same day gives the same story.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.anchoring.models import AnchoringCase, Wave
from lti_tool.anchoring.service.answers import ReportForm, answer_wave, confirm_wave
from lti_tool.anchoring.service.cases import cases_of
from lti_tool.certification.models import (
    Award,
    AwardState,
    EvidenceKind,
    EvidenceState,
    PlacePrecision,
)
from lti_tool.certification.service.awards import approve
from lti_tool.certification.service.evidence import review_evidence, submit_evidence
from lti_tool.certification.service.evidence_form import EvidenceForm
from lti_tool.demo.moodle.seed.standings import PassedCourse, passed_courses
from lti_tool.grades.models import Enrolment
from lti_tool.people.models import Account, CourseRole, Grant, Purpose, Role
from lti_tool.people.service.consents import consent_given, record_choices
from lti_tool.platforms.models import Course, Site
from lti_tool.referential.models import CourseMapping

ACTIONS = (
    (
        "Rencontre avec la commission santé de la commune",
        "J’ai préparé et porté la parole du groupe.",
        "La commune a rouvert le point d’écoute.",
    ),
    (
        "Plaidoyer au conseil de quartier",
        "J’ai présenté trois propositions.",
        "Une proposition est inscrite au budget.",
    ),
    (
        "Lettre ouverte aux député·e·s",
        "J’ai écrit la lettre et réuni les signatures.",
        "Une audition a été obtenue.",
    ),
    (
        "Table ronde avec des journalistes",
        "J’ai animé l’échange.",
        "Deux articles ont repris nos chiffres.",
    ),
    (
        "Atelier public sur l’accès aux droits",
        "J’ai conçu le déroulé et animé.",
        "Quarante personnes ont été orientées.",
    ),
    (
        "Note de position remise au ministère fictif",
        "J’ai recueilli les données.",
        "La note est citée dans un rapport.",
    ),
)
WAITING_DAYS = 15
"""Courses finished since fewer days: the evidence or the decision still waits."""


@dataclass(frozen=True, slots=True)
class _Passed:
    """A passed course with the rows that it concerns."""

    fact: PassedCourse
    account: Account
    course: Course
    domain_id: int
    trainer_id: int


def tell_story(session: Session, site: Site) -> None:
    """Write the past of every learner who passed a course."""
    today = clock.now().date()
    found = _passed(session, site, today)
    for first in {passed.account.person_id: passed for passed in reversed(found)}.values():
        _consent(session, first)
    for passed in found:
        _certify(session, passed, today)
    leads = dict(
        session.execute(
            select(Grant.partner_id, Grant.person_id).where(Grant.role == Role.PARTNER_LEAD)
        ).all()
    )
    people = session.scalars(select(AnchoringCase.person_id).distinct()).all()
    for person_id in people:
        if consent_given(session, person_id, Purpose.ANCHORING) is False:
            continue
        for case in cases_of(session, person_id):
            for wave in case.waves:
                _follow(session, case, wave, leads, today)


def _passed(session: Session, site: Site, today: date) -> list[_Passed]:
    accounts = {
        account.subject: account
        for account in session.scalars(select(Account).where(Account.site_id == site.id))
    }
    courses = {
        course.moodle_id: course
        for course in session.scalars(select(Course).where(Course.site_id == site.id))
    }
    domains = dict(session.execute(select(CourseMapping.course_id, CourseMapping.domain_id)).all())
    trainers: dict[int, list[int]] = defaultdict(list)
    for course_id, person_id in session.execute(
        select(Enrolment.course_id, Account.person_id)
        .join(Account, Account.id == Enrolment.account_id)
        .where(Enrolment.role == CourseRole.TRAINER)
        .order_by(Account.id)
    ):
        trainers[course_id].append(person_id)
    found = []
    for fact in passed_courses(today):
        course = courses[fact.course]
        if course.id in domains and trainers[course.id] and str(fact.person) in accounts:
            found.append(
                _Passed(
                    fact,
                    accounts[str(fact.person)],
                    course,
                    domains[course.id],
                    trainers[course.id][0],
                )
            )
    return found


def _consent(session: Session, passed: _Passed) -> None:
    number = _draw(f"consent {passed.fact.username}", 10)
    with clock.set_to(_noon(passed.fact.finished_on - timedelta(days=60))):
        record_choices(
            session,
            person_id=passed.account.person_id,
            given={
                Purpose.ANCHORING: number != 0,
                Purpose.SHARE_WITH_PARTNER: number > 2,
                Purpose.RESEARCH: number > 5,
                Purpose.PUBLIC_PAGE: False,
            },
        )


def _certify(session: Session, passed: _Passed, today: date) -> None:
    fact = passed.fact
    title, role, outcome = ACTIONS[_draw(f"action {fact.username} {fact.course}", len(ACTIONS))]
    recent = (today - fact.finished_on).days < WAITING_DAYS
    with clock.set_to(_noon(fact.finished_on - timedelta(days=5))):
        evidence = submit_evidence(
            session,
            author_id=passed.account.person_id,
            course_id=passed.course.id,
            domain_id=passed.domain_id,
            form=EvidenceForm(
                kind=EvidenceKind.REAL_ACTION,
                title=title,
                happened_on=fact.finished_on - timedelta(days=12),
                place_precision=PlacePrecision.COUNTRY,
                place="Pays fictif",
                author_role=role,
                outcome=outcome,
                link="",
            ),
        )
    if recent and _draw(f"waiting {fact.username} {fact.course}", 2):
        return
    # The acceptance makes the proposal.
    with clock.set_to(_noon(fact.finished_on)):
        review_evidence(
            session,
            evidence,
            reviewer_id=passed.trainer_id,
            reviewer_role="trainer",
            state=EvidenceState.ACCEPTED,
        )
    if recent:
        return
    with clock.set_to(_noon(fact.finished_on + timedelta(days=2))):
        for award in session.scalars(
            select(Award).where(
                Award.person_id == passed.account.person_id,
                Award.course_id == passed.course.id,
                Award.state == AwardState.PROPOSED,
            )
        ).all():
            approve(session, award, actor_id=passed.trainer_id)


def _follow(
    session: Session, case: AnchoringCase, wave: Wave, leads: dict[int | None, int], today: date
) -> None:
    """Answer a wave as people would have: most do, some do not, the open ones partly wait."""
    answered_on = wave.due_on + timedelta(days=_draw(f"day {wave.case_id} {wave.months}", 20))
    if answered_on >= today:
        return
    open_now = today <= wave.closes_on
    growth = min(wave.months // 3, 3)
    with clock.set_to(_noon(answered_on)):
        if _draw(f"report {wave.case_id} {wave.months}", 10) > 1:
            uses = min(5, _draw(f"uses {wave.case_id} {wave.months}", 3) + growth)
            answer_wave(
                session,
                wave,
                person_id=case.person_id,
                form=ReportForm(
                    uses=uses,
                    distinct_actions=max(0, uses - _draw(f"actions {wave.case_id}", 2)),
                    autonomy=min(2, _draw(f"autonomy {wave.case_id}", 2) + growth // 2),
                    transmission=min(
                        3, _draw(f"transmission {wave.case_id} {wave.months}", 2) + growth // 2
                    ),
                ),
            )
        lead_id = leads.get(case.partner_id)
        if (
            lead_id is not None
            and not open_now
            and _draw(f"confirm {wave.case_id} {wave.months}", 10) > 2
        ):
            level = min(3, _draw(f"level {wave.case_id} {wave.months}", 2) + growth // 2)
            confirm_wave(session, wave, lead_id=lead_id, level=level)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12, 0), UTC)


def _draw(salt: str, sides: int) -> int:
    """Return 0 to ``sides - 1``: looks drawn, and is always the same."""
    return int.from_bytes(hashlib.sha256(salt.encode()).digest()[:4], "big") % sides

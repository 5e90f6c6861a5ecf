"""Opening the follow-up of an award, and finding cases and waves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from lti_tool import clock
from lti_tool.anchoring.models import AnchoringCase, CaseState, Wave
from lti_tool.anchoring.rules.waves import Answering, answering, windows
from lti_tool.certification.models import Award
from lti_tool.errors import NotFound

FOLLOWED = (CaseState.OPEN, CaseState.FOLLOWED)


def open_case(session: Session, award: Award) -> AnchoringCase:
    """Open the case of an issued award with its waves, in the transaction that issues it."""
    if award.issued_on is None:
        raise ValueError("a case opens on the day of the award")
    case = AnchoringCase(
        award_id=award.id,
        person_id=award.person_id,
        domain_id=award.domain_id,
        partner_id=award.partner_id,
        started_on=award.issued_on,
    )
    case.waves = [
        Wave(months=found.months, opens_on=found.opens, due_on=found.due, closes_on=found.closes)
        for found in windows(award.issued_on)
    ]
    session.add(case)
    session.flush()
    return case


def stop_cases(session: Session, of: ColumnElement[bool]) -> None:
    """Stop today the follow-up of the awards that ``of`` selects; what was due before stays counted."""
    session.execute(
        update(AnchoringCase)
        .where(
            AnchoringCase.award_id.in_(select(Award.id).where(of)),
            AnchoringCase.state.in_(FOLLOWED),
        )
        .values(state=CaseState.CANCELLED, stopped_on=clock.now().date())
        .execution_options(synchronize_session=False)
    )


def stop_case(session: Session, award: Award) -> None:
    """Stop the follow-up of a revoked award, in the transaction that revokes it."""
    stop_cases(session, Award.id == award.id)


def cases_of(session: Session, person_id: int) -> list[AnchoringCase]:
    """Return the cases of a person with their waves, newest award first."""
    return list(
        session.scalars(
            _whole_cases()
            .where(AnchoringCase.person_id == person_id)
            .order_by(AnchoringCase.started_on.desc(), AnchoringCase.id.desc())
        )
    )


def cases_of_partner(session: Session, partner_id: int) -> list[AnchoringCase]:
    """Return the cases whose affiliation of record is the association, with their waves."""
    return list(
        session.scalars(
            _whole_cases()
            .where(AnchoringCase.partner_id == partner_id)
            .order_by(AnchoringCase.domain_id, AnchoringCase.started_on, AnchoringCase.id)
        )
    )


def find_wave(session: Session, public_id: str) -> Wave:
    """Return the wave with this public identifier.

    Raises:
        NotFound: there is none.
    """
    wave = session.scalar(
        select(Wave).where(Wave.public_id == public_id).options(joinedload(Wave.case))
    )
    if wave is None:
        raise NotFound("wave")
    return wave


def own_wave(session: Session, public_id: str, person_id: int) -> Wave:
    """Return a wave of this person.

    Raises:
        NotFound: there is none, or it is another person's (N2).
    """
    wave = find_wave(session, public_id)
    if wave.case.person_id != person_id:
        raise NotFound("wave")
    return wave


def answering_on(wave: Wave, day: date) -> Answering:
    """Return what becomes of the learner's answer on a day."""
    later = [other.opens_on for other in wave.case.waves if other.months > wave.months]
    return answering(
        day, opens=wave.opens_on, closes=wave.closes_on, next_opens=min(later, default=None)
    )


def open_waves(cases: Sequence[AnchoringCase], today: date) -> list[Wave]:
    """Return the waves of followed cases whose window is open, the soonest to close first."""
    found = [
        wave
        for case in cases
        if case.state in FOLLOWED
        for wave in case.waves
        if wave.opens_on <= today <= wave.closes_on
    ]
    return sorted(found, key=lambda wave: (wave.closes_on, wave.id))


def _whole_cases() -> Select[AnchoringCase]:
    return select(AnchoringCase).options(
        joinedload(AnchoringCase.person),
        joinedload(AnchoringCase.domain),
        joinedload(AnchoringCase.award),
        selectinload(AnchoringCase.waves).joinedload(Wave.report),
        selectinload(AnchoringCase.waves).joinedload(Wave.confirmation),
    )

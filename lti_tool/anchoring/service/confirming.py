"""What the lead of an association confirms, several at once, and what they see afterwards.

They answer blind; then they see the established level of those alone who agreed to share it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.anchoring.models import AnchoringCase, Wave
from lti_tool.anchoring.rules.levels import Established
from lti_tool.anchoring.service.answers import confirm_wave
from lti_tool.anchoring.service.cases import FOLLOWED
from lti_tool.anchoring.service.reading import (
    WaveReading,
    cases_of_members,
    read_cases,
    refusing_people,
    sharing_people,
)
from lti_tool.errors import LtiToolError, NotFound


@dataclass(frozen=True, slots=True)
class Answer:
    """What the lead answers for one wave."""

    wave: Wave
    level: int | None
    """0 to 3; None means « je ne sais pas »."""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class MemberWave:
    """One wave of a member as their lead sees it."""

    wave: Wave
    answered: bool
    """Whether a lead of the association gave an answer."""
    level: int | None
    """That answer; None: « je ne sais pas », or no answer."""
    established: Established | None
    """None while it is not shown: not shared, or open and not yet answered."""


@dataclass(frozen=True, slots=True)
class MemberCase:
    """One case of a member as their lead sees it."""

    case: AnchoringCase
    shared: bool
    waves: tuple[MemberWave, ...]
    """The waves begun, in order."""


def waves_of_members(session: Session, partner_id: int, public_ids: Sequence[str]) -> list[Wave]:
    """Return these waves of the association's present members.

    Raises:
        NotFound: one of them is not of this association: none is returned (N1).
    """
    known = {
        wave.public_id: wave
        for case in cases_of_members(session, partner_id, clock.now().date())
        for wave in case.waves
    }
    if unknown := [one for one in public_ids if one not in known]:
        raise NotFound(f"{len(unknown)} wave(s) of another association")
    return [known[one] for one in public_ids]


def confirm_together(
    session: Session, answers: Sequence[Answer], *, lead_id: int
) -> tuple[int, list[LtiToolError]]:
    """Record several answers, each in its own transaction.

    Returns:
        How many were recorded, and why each of the others was not.
    """
    refusals: list[LtiToolError] = []
    for answer in answers:
        try:
            confirm_wave(
                session, answer.wave, lead_id=lead_id, level=answer.level, comment=answer.comment
            )
        except LtiToolError as error:
            session.rollback()
            refusals.append(error)
    return len(answers) - len(refusals), refusals


def member_cases(session: Session, partner_id: int, today: date) -> list[MemberCase]:
    """Return the cases of the association's present members that the lead may see, by name."""
    cases = cases_of_members(session, partner_id, today)
    refused = refusing_people(session, cases)
    sharing = sharing_people(session, cases)
    readings = read_cases(session, cases)
    found = [
        _member_case(case, readings, case.person_id in sharing, today)
        for case in cases
        if case.state in FOLLOWED and case.person_id not in refused
    ]
    return sorted(found, key=lambda one: (one.case.person.full_name, one.case.domain.number))


def _member_case(
    case: AnchoringCase, readings: Mapping[int, list[WaveReading]], shared: bool, today: date
) -> MemberCase:
    waves = []
    for reading in readings[case.id]:
        wave, answer = reading.wave, reading.wave.confirmation
        if wave.opens_on > today:
            continue
        blind = answer is None and today <= wave.closes_on
        waves.append(
            MemberWave(
                wave,
                answered=answer is not None,
                level=None if answer is None else answer.level,
                established=reading.established if shared and not blind else None,
            )
        )
    return MemberCase(case, shared, tuple(waves))

"""What a person sees of their own follow-up: where each case and wave stands, their level.

A level is shown once the person has answered the wave, or once it is closed: their own answer must
not lean on what others said before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.anchoring.models import AnchoringCase, CaseState, Wave
from lti_tool.anchoring.rules.levels import Established, Level
from lti_tool.anchoring.rules.waves import Answering
from lti_tool.anchoring.service.cases import FOLLOWED, answering_on, cases_of
from lti_tool.anchoring.service.reading import WaveReading, read_cases
from lti_tool.people.models import Purpose
from lti_tool.people.service.consents import consent_given


class WaveStanding(StrEnum):
    """Where one wave stands for its learner."""

    SCHEDULED = "scheduled"
    OPEN = "open"
    ANSWERED = "answered"
    LATE = "late"
    """Answered after the close: kept, not counted."""
    MISSED = "missed"
    STOPPED = "stopped"
    """Not answered, and not asked any more: the follow-up is refused, suspended or cancelled."""


@dataclass(frozen=True, slots=True)
class FollowedWave:
    """One wave as its learner sees it."""

    wave: Wave
    standing: WaveStanding
    answerable: bool
    """Whether an answer can be given today, on time or late."""
    established: Established | None
    """None while it is not shown: see the module."""


@dataclass(frozen=True, slots=True)
class FollowedCase:
    """One case as its learner sees it."""

    case: AnchoringCase
    state: CaseState
    waves: tuple[FollowedWave, ...]

    @property
    def begun(self) -> tuple[FollowedWave, ...]:
        """The waves whose level is shown."""
        return tuple(wave for wave in self.waves if wave.established is not None)

    @property
    def level(self) -> Level | None:
        """The last level observed."""
        known = [wave.established.level for wave in self.begun if wave.established is not None]
        return next((level for level in reversed(known) if level is not None), None)

    @property
    def to_answer(self) -> FollowedWave | None:
        """The wave that counts if it is answered today."""
        waves = (wave for wave in self.waves if wave.standing is WaveStanding.OPEN)
        return next((wave for wave in waves if wave.answerable), None)


def followed_cases(session: Session, person_id: int) -> list[FollowedCase]:
    """Return the cases of a person as they see them today, newest award first."""
    today = clock.now().date()
    refused = consent_given(session, person_id, Purpose.ANCHORING) is False
    cases = cases_of(session, person_id)
    readings = read_cases(session, cases)
    return [_followed(case, readings[case.id], today, refused) for case in cases]


def followed_wave(session: Session, wave: Wave) -> FollowedWave:
    """Return one wave as its learner sees it today."""
    (found,) = (
        one
        for case in followed_cases(session, wave.case.person_id)
        for one in case.waves
        if one.wave.id == wave.id
    )
    return found


def _followed(
    case: AnchoringCase, readings: Sequence[WaveReading], today: date, refused: bool
) -> FollowedCase:
    state = _state(case, today, refused)
    asked = state in FOLLOWED
    return FollowedCase(
        case, state, tuple(_followed_wave(reading, today, asked) for reading in readings)
    )


def _state(case: AnchoringCase, today: date, refused: bool) -> CaseState:
    """Return the state that dates and consent make of the stored one (§2.5)."""
    if case.state not in FOLLOWED:
        return CaseState(case.state)
    if all(wave.closes_on < today for wave in case.waves):
        return CaseState.CLOSED
    if refused:
        return CaseState.REFUSED
    begun = any(wave.opens_on <= today for wave in case.waves)
    return CaseState.FOLLOWED if begun else CaseState.OPEN


def _followed_wave(reading: WaveReading, today: date, asked: bool) -> FollowedWave:
    wave = reading.wave
    now = answering_on(wave, today)
    answerable = asked and wave.report is None and now in (Answering.COUNTED, Answering.LATE)
    shown = wave.report is not None or now in (Answering.LATE, Answering.OVER)
    return FollowedWave(
        wave, _standing(wave, now, asked), answerable, reading.established if shown else None
    )


def _standing(wave: Wave, now: Answering, asked: bool) -> WaveStanding:
    if wave.report is not None:
        return WaveStanding.LATE if wave.report.late else WaveStanding.ANSWERED
    if now in (Answering.LATE, Answering.OVER):
        return WaveStanding.MISSED
    if not asked:
        return WaveStanding.STOPPED
    return WaveStanding.SCHEDULED if now is Answering.NOT_YET else WaveStanding.OPEN

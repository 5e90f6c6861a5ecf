"""The two answers of a wave: the learner's report, and the lead's confirmation, given blind.

An answer is never rewritten. A report given after the close is kept as late until the next wave
opens, and not counted (§2.5).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lti_tool import clock, journal
from lti_tool.anchoring.errors import (
    AlreadyAnswered,
    AnswerOutOfRange,
    FollowUpRefused,
    OwnWave,
    WaveNotOpen,
)
from lti_tool.anchoring.models import CaseState, Confirmation, SelfReport, Wave
from lti_tool.anchoring.rules import levels
from lti_tool.anchoring.rules.waves import Answering
from lti_tool.anchoring.service.cases import FOLLOWED, answering_on
from lti_tool.errors import NotFound
from lti_tool.people.models import Purpose
from lti_tool.people.service.consents import consent_given

MOST_ACTIONS = 99
OBSTACLES_LENGTH = 2000
COMMENT_LENGTH = 1000


@dataclass(frozen=True, slots=True)
class ReportForm:
    """The learner's answers; None where a question was left."""

    uses: int | None
    distinct_actions: int | None
    autonomy: int | None
    transmission: int | None
    obstacles: str = ""

    def problems(self) -> dict[str, str]:
        """Return the code of the problem of each field: missing, range or length."""
        bounds = {
            "uses": levels.MOST_USES,
            "distinct_actions": MOST_ACTIONS,
            "autonomy": max(levels.Autonomy),
            "transmission": max(levels.Transmission),
        }
        found = {
            name: "missing" if value is None else "range"
            for name, highest in bounds.items()
            if (value := getattr(self, name)) is None or not 0 <= value <= highest
        }
        if len(self.obstacles) > OBSTACLES_LENGTH:
            found["obstacles"] = "length"
        return found


def answer_wave(session: Session, wave: Wave, *, person_id: int, form: ReportForm) -> SelfReport:
    """Record the learner's report and commit; after the close it is kept as late, not counted.

    Raises:
        NotFound: the wave is another person's (N2).
        AnswerOutOfRange, WaveNotOpen, AlreadyAnswered, FollowUpRefused.
    """
    if wave.case.person_id != person_id:
        raise NotFound("wave")
    if form.problems():
        raise AnswerOutOfRange(", ".join(sorted(form.problems())))
    now = answering_on(wave, clock.now().date())
    if wave.case.state not in FOLLOWED or now not in (Answering.COUNTED, Answering.LATE):
        raise WaveNotOpen(f"wave {wave.id}")
    _check_consent(session, wave)
    report = SelfReport(
        wave_id=wave.id,
        uses=form.uses,
        distinct_actions=form.distinct_actions,
        autonomy=form.autonomy,
        transmission=form.transmission,
        obstacles=form.obstacles.strip(),
        late=now is Answering.LATE,
        answered_at=clock.now(),
    )
    _add(session, report, wave)
    journal.record(
        session, actor_id=person_id, action="wave.reported", subject="wave", subject_id=wave.id
    )
    wave.case.state = CaseState.FOLLOWED
    session.commit()
    return report


def confirm_wave(
    session: Session, wave: Wave, *, lead_id: int, level: int | None, comment: str = ""
) -> Confirmation:
    """Record the lead's answer and commit.

    Args:
        level: 0 to 3; None means « je ne sais pas ».

    Raises:
        OwnWave: the lead is the learner; nobody is two of the three sources.
        AnswerOutOfRange, WaveNotOpen, AlreadyAnswered, FollowUpRefused.
    """
    if wave.case.person_id == lead_id:
        raise OwnWave(f"wave {wave.id}")
    if level is not None and level not in list(levels.Level):
        raise AnswerOutOfRange("level")
    if len(comment) > COMMENT_LENGTH:
        raise AnswerOutOfRange("comment")
    now = answering_on(wave, clock.now().date())
    if wave.case.state not in FOLLOWED or now is not Answering.COUNTED:
        raise WaveNotOpen(f"wave {wave.id}")
    _check_consent(session, wave)
    confirmation = Confirmation(
        wave_id=wave.id, level=level, comment=comment.strip(), given_by=lead_id, at=clock.now()
    )
    _add(session, confirmation, wave)
    journal.record(
        session, actor_id=lead_id, action="wave.confirmed", subject="wave", subject_id=wave.id
    )
    wave.case.state = CaseState.FOLLOWED
    session.commit()
    return confirmation


def _check_consent(session: Session, wave: Wave) -> None:
    if consent_given(session, wave.case.person_id, Purpose.ANCHORING) is False:
        raise FollowUpRefused(f"wave {wave.id}")


def _add(session: Session, answer: SelfReport | Confirmation, wave: Wave) -> None:
    try:
        with session.begin_nested():
            session.add(answer)
    except IntegrityError:
        raise AlreadyAnswered(f"wave {wave.id}") from None

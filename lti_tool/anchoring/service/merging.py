"""What becomes of anchoring cases when two persons turn out to be one."""

from __future__ import annotations

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session

from lti_tool.anchoring.models import AnchoringCase, Confirmation, Wave
from lti_tool.anchoring.service.cases import stop_cases
from lti_tool.certification.models import Award, AwardState
from lti_tool.people.errors import RecordsCollide


def move_cases(session: Session, of_id: int, into_id: int, move: bool) -> None:
    """Give the cases of ``of_id`` to ``into_id``, with their waves and answers.

    The follow-up of an award that another one replaced stops today: nobody answers twice about one
    skill. What was due before stays counted.

    Raises:
        RecordsCollide: one confirmed, as a lead, a level of the other.
    """
    if move:
        session.execute(
            update(AnchoringCase).where(AnchoringCase.person_id == of_id).values(person_id=into_id)
        )
        stop_cases(session, and_(Award.person_id == into_id, Award.state == AwardState.REPLACED))
        return
    for judge, judged in ((of_id, into_id), (into_id, of_id)):
        confirmed = (
            select(Confirmation.id)
            .join(Wave, Wave.id == Confirmation.wave_id)
            .join(AnchoringCase, AnchoringCase.id == Wave.case_id)
            .where(Confirmation.given_by == judge, AnchoringCase.person_id == judged)
        )
        if session.scalar(confirmed.limit(1)) is not None:
            raise RecordsCollide("confirmation")

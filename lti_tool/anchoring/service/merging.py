"""What becomes of anchoring cases when two persons turn out to be one."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.anchoring.models import AnchoringCase, CaseState, Confirmation, Wave
from lti_tool.anchoring.service.cases import FOLLOWED
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
        _stop_replaced(session, into_id)
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


def _stop_replaced(session: Session, person_id: int) -> None:
    replaced = select(Award.id).where(
        Award.person_id == person_id, Award.state == AwardState.REPLACED
    )
    session.execute(
        update(AnchoringCase)
        .where(AnchoringCase.award_id.in_(replaced), AnchoringCase.state.in_(FOLLOWED))
        .values(state=CaseState.CANCELLED, stopped_on=clock.now().date())
        .execution_options(synchronize_session=False)
    )

"""What becomes of evidence and awards when two persons turn out to be one.

Who reviewed and who decided stays as it was written: the second person's row is kept for that.
"""

from __future__ import annotations

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session, aliased

from lti_tool.certification.models import Award, AwardState, Evidence, EvidenceReview
from lti_tool.people.errors import RecordsCollide

OPEN = (AwardState.PROPOSED, AwardState.ISSUED, AwardState.SUSPENDED)


def move_certification(session: Session, of_id: int, into_id: int, move: bool) -> None:
    """Give the evidence and the awards of ``of_id`` to ``into_id``.

    Raises:
        RecordsCollide: both have an open award of one target, or one judged the other.
    """
    if move:
        for column in (Evidence.author_id, Award.person_id):
            session.execute(
                update(column.class_).where(column == of_id).values({column.key: into_id})
            )
        return
    if _awarded_twice(session, of_id, into_id) or _judged(session, of_id, into_id):
        raise RecordsCollide("award or review")


def _awarded_twice(session: Session, of_id: int, into_id: int) -> bool:
    other = aliased(Award)
    found = session.scalar(
        select(Award.id)
        .join(
            other,
            and_(
                other.domain_id == Award.domain_id,
                or_(
                    other.subtheme_id == Award.subtheme_id,
                    and_(other.subtheme_id.is_(None), Award.subtheme_id.is_(None)),
                ),
            ),
        )
        .where(
            Award.person_id == of_id,
            Award.state.in_(OPEN),
            other.person_id == into_id,
            other.state.in_(OPEN),
        )
        .limit(1)
    )
    return found is not None


def _judged(session: Session, of_id: int, into_id: int) -> bool:
    pairs = ((of_id, into_id), (into_id, of_id))
    reviewed = select(EvidenceReview.id).join(Evidence, Evidence.id == EvidenceReview.evidence_id)
    for judge, judged in pairs:
        review = reviewed.where(EvidenceReview.reviewer_id == judge, Evidence.author_id == judged)
        decision = select(Award.id).where(Award.decided_by == judge, Award.person_id == judged)
        if any(session.scalar(query.limit(1)) is not None for query in (review, decision)):
            return True
    return False

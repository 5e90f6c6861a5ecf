"""What becomes of evidence and awards when two persons turn out to be one.

What happened to an award after its issue goes with it. Two open awards of one target are the coordination's to settle (``settling``) before anything moves. Who reviewed and who decided stays as it was written: the second person's row is kept for that.
"""

from __future__ import annotations

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session, aliased

from lti_tool.certification.models import OPEN, Award, DriftEntry, Evidence, EvidenceReview
from lti_tool.people.errors import AwardsCollide, RecordsCollide


def move_certification(session: Session, of_id: int, into_id: int, move: bool) -> None:
    """Give the evidence and the awards of ``of_id`` to ``into_id``.

    Raises:
        RecordsCollide: one judged the other.
        AwardsCollide: both have an open award of one target.
    """
    if move:
        for column in (Evidence.author_id, Award.person_id):
            session.execute(
                update(column.class_).where(column == of_id).values({column.key: into_id})
            )
        return
    if _judged(session, of_id, into_id):
        raise RecordsCollide("review or decision")
    if colliding_awards(session, of_id, into_id):
        raise AwardsCollide("two open awards of one target")


def colliding_awards(session: Session, of_id: int, into_id: int) -> list[tuple[Award, Award]]:
    """Return the open awards of one target that both hold: (the one's of ``into_id``, the other's)."""
    other = aliased(Award)
    found = session.execute(
        select(other, Award)
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
        .order_by(Award.domain_id, Award.id)
    )
    return [(kept, moved) for kept, moved in found.all()]


def _judged(session: Session, of_id: int, into_id: int) -> bool:
    pairs = ((of_id, into_id), (into_id, of_id))
    reviewed = select(EvidenceReview.id).join(Evidence, Evidence.id == EvidenceReview.evidence_id)
    for judge, judged in pairs:
        review = reviewed.where(EvidenceReview.reviewer_id == judge, Evidence.author_id == judged)
        decision = select(Award.id).where(Award.decided_by == judge, Award.person_id == judged)
        examined = (
            select(DriftEntry.id)
            .join(Award, Award.id == DriftEntry.award_id)
            .where(DriftEntry.actor_id == judge, Award.person_id == judged)
        )
        queries = (review, decision, examined)
        if any(session.scalar(query.limit(1)) is not None for query in queries):
            return True
    return False

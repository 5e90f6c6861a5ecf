"""The certification's part of what the tool holds about one person: their awards, their evidence.

Awards carry the learner's view of the decision, so that no hidden grade comes out this way (N6).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from lti_tool.certification.models import Award, AwardState, DriftKind, Evidence
from lti_tool.certification.rules.decision import Decision
from lti_tool.certification.rules.logic import Status
from lti_tool.certification.service.drift_reviews import told_reviews
from lti_tool.people.service.own_data import own_data_section


@own_data_section("awards")
def own_awards(session: Session, person_id: int) -> list[dict[str, Any]]:
    """Return the person's certifications, from their proposal on.

    A proposal that rests on a grade hidden from the learner is left out until it is decided: to
    say that it exists would be to tell the grade.
    """
    query = (
        select(Award)
        .options(joinedload(Award.domain), joinedload(Award.subtheme), joinedload(Award.partner))
        .where(Award.person_id == person_id)
        .order_by(Award.id)
    )
    rows = [
        (award, Decision.from_dict(award.decision).for_learner())
        for award in session.scalars(query)
    ]
    return [
        {
            "domain": award.domain.code,
            "subtheme": award.subtheme.code if award.subtheme else None,
            "association": award.partner.name if award.partner else None,
            "route": award.route,
            "state": str(award.state),
            "decision": visible.to_dict(),
            "proposed_at": award.proposed_at.isoformat(),
            "decided_at": award.decided_at.isoformat() if award.decided_at else None,
            "decision_reason": award.decision_reason,
            "issued_on": award.issued_on.isoformat() if award.issued_on else None,
        }
        for award, visible in rows
        if award.state != AwardState.PROPOSED or visible.status is Status.SATISFIED
    ]


@own_data_section("evidence")
def own_evidence(session: Session, person_id: int) -> list[dict[str, Any]]:
    """Return what the person gave as evidence and what was answered; not who reviewed it."""
    query = (
        select(Evidence)
        .options(joinedload(Evidence.domain), selectinload(Evidence.reviews))
        .where(Evidence.author_id == person_id)
        .order_by(Evidence.id)
    )
    return [
        {
            "domain": evidence.domain.code,
            "kind": str(evidence.kind),
            "title": evidence.title,
            "happened_on": evidence.happened_on.isoformat(),
            "place_precision": str(evidence.place_precision),
            "place": evidence.place,
            "author_role": evidence.author_role,
            "outcome": evidence.outcome,
            "link": evidence.link,
            "state": str(evidence.state),
            "created_at": evidence.created_at.isoformat(),
            "submitted_at": evidence.submitted_at.isoformat() if evidence.submitted_at else None,
            "reviews": [
                {
                    "state": str(review.state),
                    "role": review.reviewer_role,
                    "reason": review.reason,
                    "at": review.at.isoformat(),
                }
                for review in evidence.reviews
            ],
        }
        for evidence in session.scalars(query)
    ]


@own_data_section("reviews_of_awards")
def own_reviews(session: Session, person_id: int) -> list[dict[str, Any]]:
    """Return what was examined about the person's certifications, of which they were told.

    Without values: a grade that was shown then may be hidden from them now (N6).
    """
    return [
        {
            "domain": review.award.domain.code,
            "opened_at": review.opened_at.isoformat(),
            "due_on": review.due_on.isoformat(),
            "suspended_until": review.suspended_until and review.suspended_until.isoformat(),
            "closed_at": review.closed_at and review.closed_at.isoformat(),
            "outcome": review.outcome and str(review.outcome),
            "history": [
                {
                    "what": str(DriftKind(entry.kind)),
                    "at": entry.at.isoformat(),
                    "role": entry.actor_role,
                    "ground": entry.ground and str(entry.ground),
                    "text": entry.text,
                }
                for entry in review.entries
            ],
        }
        for review in told_reviews(session, person_id)
    ]

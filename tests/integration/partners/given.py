"""Short words for what the tests of cohorts do again and again."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.partners.deciding import Decided, accept_proposals
from lti_tool.partners.models import AffiliationProposal, CohortLink, Partner
from lti_tool.partners.proposing import ProposalKind
from lti_tool.people.models import Person
from tests.factories import MOMENT, make_person


def waiting(session: Session, partner: Partner | None = None) -> list[AffiliationProposal]:
    """What waits for a decision, for one association or for all."""
    query = select(AffiliationProposal).where(AffiliationProposal.dismissed_at.is_(None))
    if partner is not None:
        query = query.where(AffiliationProposal.partner_id == partner.id)
    return list(session.scalars(query.order_by(AffiliationProposal.id)))


def accept_all(session: Session, actor: Person | None = None) -> list[Decided]:
    """Accept what waits, association by association."""
    actor = actor or make_person(session, "Coordination Fictive")
    return [
        accept_proposals(
            session,
            actor_id=actor.id,
            partner=partner,
            ids=[one.id for one in waiting(session, partner)],
        )
        for partner in session.scalars(select(Partner).order_by(Partner.id)).all()
    ]


def propose(
    session: Session, person: Person, link: CohortLink, kind: ProposalKind = ProposalKind.BEGIN
) -> AffiliationProposal:
    """A proposal that a reading of the cohort made."""
    made = AffiliationProposal(
        person_id=person.id,
        partner_id=link.partner_id,
        kind=kind,
        cohort_link_id=link.id,
        proposed_at=MOMENT,
    )
    session.add(made)
    session.commit()
    return made

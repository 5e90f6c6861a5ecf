"""What this room holds about a person, for « Mes données »."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.partners.models import Affiliation, AffiliationProposal, Partner
from lti_tool.people.service import own_data_section


@own_data_section("affiliations")
def affiliations_held(session: Session, person_id: int) -> list[dict[str, Any]]:
    """Return every affiliation of a person, past ones too, as JSON values."""
    query = (
        select(Affiliation, Partner.name)
        .join(Partner, Partner.id == Affiliation.partner_id)
        .where(Affiliation.person_id == person_id)
        .order_by(Affiliation.since, Affiliation.id)
    )
    return [
        {
            "association": name,
            "since": affiliation.since.isoformat(),
            "until": affiliation.until.isoformat() if affiliation.until else None,
            "source": str(affiliation.source),
        }
        for affiliation, name in session.execute(query)
    ]


@own_data_section("affiliation_proposals")
def proposals_held(session: Session, person_id: int) -> list[dict[str, Any]]:
    """Return what cohorts propose for a person and no reading has overtaken, as JSON values."""
    query = (
        select(AffiliationProposal, Partner.name)
        .join(Partner, Partner.id == AffiliationProposal.partner_id)
        .where(AffiliationProposal.person_id == person_id)
        .order_by(AffiliationProposal.id)
    )
    return [
        {
            "association": name,
            "kind": str(proposal.kind),
            "proposed_at": proposal.proposed_at.isoformat(),
            "dismissed_at": proposal.dismissed_at.isoformat() if proposal.dismissed_at else None,
            "reason": proposal.reason,
        }
        for proposal, name in session.execute(query)
    ]

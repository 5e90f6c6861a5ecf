"""What becomes of affiliations and proposals when two persons turn out to be one."""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.partners.models import Affiliation, AffiliationProposal


def move_affiliations(session: Session, of_id: int, into_id: int, move: bool) -> None:
    """Give the affiliations of ``of_id`` to ``into_id``; one that both have is kept once.

    Proposals about either are dropped: the next reading makes those of the one person.
    """
    if not move:
        return
    current = select(Affiliation.partner_id).where(
        Affiliation.person_id == into_id, Affiliation.until.is_(None)
    )
    session.execute(
        update(Affiliation)
        .where(
            Affiliation.person_id == of_id,
            Affiliation.until.is_(None),
            Affiliation.partner_id.in_(current),
        )
        .values(until=clock.now().date())
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Affiliation).where(Affiliation.person_id == of_id).values(person_id=into_id)
    )
    about = AffiliationProposal.person_id.in_((of_id, into_id))
    session.execute(delete(AffiliationProposal).where(about))
    dismissed = update(AffiliationProposal).where(AffiliationProposal.dismissed_by == of_id)
    session.execute(dismissed.values(dismissed_by=into_id))

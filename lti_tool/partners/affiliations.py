"""Affiliations that a decision begins or ends: dated from that day, journaled, never erased.

Works in the caller's transaction. What a coordinator wrote by hand has no cohort and is never
touched here.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock, journal
from lti_tool.partners.models import Affiliation, AffiliationSource, CohortLink


def current_affiliations(session: Session, link: CohortLink) -> list[Affiliation]:
    """Return the affiliations that this cohort made and that last."""
    query = select(Affiliation).where(
        Affiliation.cohort_link_id == link.id, Affiliation.until.is_(None)
    )
    return list(session.scalars(query))


def begin_affiliations(
    session: Session, actor_id: int | None, joined: list[tuple[int, int, int]]
) -> None:
    """Begin affiliations today.

    Args:
        joined: person, association and cohort link of each; none of them has one that lasts.
    """
    made = [
        Affiliation(
            person_id=person_id,
            partner_id=partner_id,
            since=clock.now().date(),
            source=AffiliationSource.COHORT,
            cohort_link_id=link_id,
        )
        for person_id, partner_id, link_id in joined
    ]
    session.add_all(made)
    session.flush()
    for affiliation in made:
        _record(session, actor_id, "affiliation.begun", affiliation)


def end_affiliation(session: Session, actor_id: int | None, affiliation: Affiliation) -> None:
    """End an affiliation today; nothing is erased."""
    affiliation.until = clock.now().date()
    _record(session, actor_id, "affiliation.ended", affiliation)


def _record(session: Session, actor_id: int | None, action: str, affiliation: Affiliation) -> None:
    journal.record(
        session,
        actor_id=actor_id,
        action=action,
        subject="affiliation",
        subject_id=affiliation.id,
        person_id=affiliation.person_id,
        partner_id=affiliation.partner_id,
        cohort_link_id=affiliation.cohort_link_id,
    )

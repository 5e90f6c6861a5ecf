"""Affiliations that cohorts make and end: dated, journaled, never erased.

Works in the caller's transaction. What a coordinator wrote by hand has no cohort and is never
touched here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lti_tool import clock, journal
from lti_tool.partners.models import Affiliation, AffiliationSource, CohortLink


def current_affiliations(session: Session, link: CohortLink) -> list[Affiliation]:
    """Return the affiliations that this cohort made and that last."""
    query = select(Affiliation).where(
        Affiliation.cohort_link_id == link.id, Affiliation.until.is_(None)
    )
    return list(session.scalars(query))


def end_affiliation(session: Session, actor_id: int | None, affiliation: Affiliation) -> None:
    """End an affiliation today; nothing is erased."""
    affiliation.until = clock.now().date()
    journal.record(
        session,
        actor_id=actor_id,
        action="affiliation.ended",
        subject="affiliation",
        subject_id=affiliation.id,
        person_id=affiliation.person_id,
        partner_id=affiliation.partner_id,
        cohort_link_id=affiliation.cohort_link_id,
    )


def end_departed(
    session: Session,
    actor_id: int | None,
    link: CohortLink,
    present: Mapping[int, Set[int]],
    same_partner: Sequence[CohortLink],
) -> int:
    """End the affiliations that a cohort made for people who left it; return how many.

    Args:
        present: CohortLink.id → Person.id of its members now.
        same_partner: links of ``present`` to the same association: who is still in one of them
            stays, on its account.
    """
    ended = 0
    for affiliation in current_affiliations(session, link):
        elsewhere = [one for one in same_partner if affiliation.person_id in present[one.id]]
        if not elsewhere:
            end_affiliation(session, actor_id, affiliation)
            ended += 1
        elif link not in elsewhere:
            # Still a member, by another cohort of the same association.
            affiliation.cohort_link_id = elsewhere[0].id
    session.flush()
    return ended


def begin_arrived(
    session: Session, actor_id: int | None, link: CohortLink, present: Set[int]
) -> int:
    """Begin an affiliation for the members who have none with the association; return how many."""
    held = select(Affiliation.person_id).where(
        Affiliation.partner_id == link.partner_id, Affiliation.until.is_(None)
    )
    arrived = sorted(present - set(session.scalars(held)))
    begun = 0
    for person_id in arrived:
        affiliation = Affiliation(
            person_id=person_id,
            partner_id=link.partner_id,
            since=clock.now().date(),
            source=AffiliationSource.COHORT,
            cohort_link_id=link.id,
        )
        try:
            with session.begin_nested():
                session.add(affiliation)
        except IntegrityError:
            continue  # another reading wrote it first
        journal.record(
            session,
            actor_id=actor_id,
            action="affiliation.begun",
            subject="affiliation",
            subject_id=affiliation.id,
            person_id=person_id,
            partner_id=link.partner_id,
            cohort_link_id=link.id,
        )
        begun += 1
    return begun

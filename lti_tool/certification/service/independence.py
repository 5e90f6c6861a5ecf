"""Who is too close to a person to validate or decide for them (§3.1, V13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.partners.models import Affiliation
from lti_tool.people.models import Grant, Role


@dataclass(frozen=True, slots=True)
class Leads:
    """Who led an association of whom, from when until when."""

    periods: dict[tuple[int, int], tuple[tuple[datetime, datetime | None], ...]]
    """(member, lead) → periods of the grant."""

    def held_at(self, member_id: int, lead_id: int, at: datetime) -> bool:
        """Whether ``lead_id`` led an association of ``member_id`` at that moment."""
        return any(
            start <= at and (end is None or at < end)
            for start, end in self.periods.get((member_id, lead_id), ())
        )


def leads_of_partners_of(session: Session, person_ids: Sequence[int]) -> Leads:
    """Return the leads of every association that these people belong or belonged to."""
    rows = session.execute(
        select(Affiliation.person_id, Grant.person_id, Grant.granted_at, Grant.revoked_at)
        .join(Grant, Grant.partner_id == Affiliation.partner_id)
        .where(Affiliation.person_id.in_(person_ids), Grant.role == Role.PARTNER_LEAD)
    )
    periods: dict[tuple[int, int], tuple[tuple[datetime, datetime | None], ...]] = {}
    for member, lead, start, end in rows:
        periods[member, lead] = (*periods.get((member, lead), ()), (start, end))
    return Leads(periods)


def independent_of(
    session: Session, *, reviewer_id: int, person_ids: Sequence[int]
) -> frozenset[int]:
    """Return the people from whom the reviewer is independent today.

    That is: the reviewer is not that person, and leads no association of theirs.
    """
    leads = leads_of_partners_of(session, person_ids)
    now = clock.now()
    return frozenset(
        person_id
        for person_id in person_ids
        if person_id != reviewer_id and not leads.held_at(person_id, reviewer_id, now)
    )


def is_independent(session: Session, *, person_id: int, reviewer_id: int) -> bool:
    """Whether the reviewer is neither the person nor a lead of one of their associations."""
    return person_id in independent_of(session, reviewer_id=reviewer_id, person_ids=[person_id])

"""What a coordinator decides about the proposals of cohorts; the only place where they take effect.

An affiliation begins or ends on the day of the decision: nothing is dated back.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.partners.affiliations import begin_affiliations, end_affiliation
from lti_tool.partners.errors import DismissalReasonNeeded
from lti_tool.partners.models import AffiliationProposal, AffiliationSource, Partner
from lti_tool.partners.proposals import lasting, lock_partners, overtake, record
from lti_tool.partners.proposing import ProposalKind

REASON_LENGTH = 1000


@dataclass(frozen=True, slots=True)
class Decided:
    """What accepting a list of proposals did."""

    begun: int
    ended: int
    overtaken: int
    """Decided or overtaken by facts before the press: nothing was done for these."""


def accept_proposals(
    session: Session,
    *,
    actor_id: int,
    partner: Partner,
    ids: Collection[int],
    keep_former: bool = False,
) -> Decided:
    """Do what proposals of one association say, from today, and commit.

    Those that were decided or overtaken meanwhile are counted and left alone: pressing twice, or two
    at once, does each once.

    Args:
        ids: AffiliationProposal.id; those of another association are not looked at.
        keep_former: who moves keeps the association left, from then on by the coordinator's hand.
    """
    lock_partners(session, {partner.id} | _left_by(session, partner.id, ids))
    rows = _some(session, partner.id, ids, dismissed=False)
    held = {
        (one.person_id, one.partner_id): one
        for one in lasting(session, {partner.id, *(row.from_partner_id or 0 for row in rows)})
    }
    joined, ended, moot = [], 0, []
    for row in rows:
        here = held.get((row.person_id, partner.id))
        left = here or held.get((row.person_id, row.from_partner_id or 0))
        if left is not None and left.source != AffiliationSource.COHORT:
            left = None  # written by hand: not a cohort's to end
        if (row.kind == ProposalKind.END and left is None) or (
            row.kind != ProposalKind.END and here
        ):
            moot.append(row)
            continue
        if row.kind != ProposalKind.END:
            joined.append((row.person_id, partner.id, row.cohort_link_id))
        if left is not None and row.kind == ProposalKind.MOVE and keep_former:
            left.source, left.cohort_link_id = AffiliationSource.COORDINATOR, None
        elif left is not None:
            end_affiliation(session, actor_id, left)
            ended += 1
        record(session, actor_id, "affiliation.accepted", row, kept_former=keep_former)
        session.delete(row)
    overtake(session, actor_id, moot)
    begin_affiliations(session, actor_id, joined)
    session.commit()
    return Decided(len(joined), ended, len(set(ids)) - len(rows) + len(moot))


def dismiss_proposals(
    session: Session, *, actor_id: int, partner: Partner, ids: Collection[int], reason: str
) -> int:
    """Set proposals aside with a reason, as long as the same facts last; commit; return how many.

    Raises:
        DismissalReasonNeeded: the reason is empty.
    """
    reason = reason.strip()
    if not reason:
        raise DismissalReasonNeeded
    lock_partners(session, {partner.id})
    rows = _some(session, partner.id, ids, dismissed=False)
    for row in rows:
        row.dismissed_at, row.dismissed_by = clock.now(), actor_id
        row.reason = reason[:REASON_LENGTH]
        record(session, actor_id, "affiliation.dismissed", row, reason=row.reason)
    session.commit()
    return len(rows)


def reopen_proposals(
    session: Session, *, actor_id: int, partner: Partner, ids: Collection[int]
) -> int:
    """Take up dismissed proposals again, and commit; return how many."""
    lock_partners(session, {partner.id})
    rows = _some(session, partner.id, ids, dismissed=True)
    for row in rows:
        row.dismissed_at, row.dismissed_by, row.reason = None, None, ""
        record(session, actor_id, "affiliation.reopened", row)
    session.commit()
    return len(rows)


def proposals_seen(
    session: Session, *, partner_id: int, link_id: int, kind: ProposalKind, seen: int
) -> list[int]:
    """Return the proposals of a list that were on the page when it was read, and wait still.

    Args:
        seen: number of the newest one on that page.
    """
    query = select(AffiliationProposal.id).where(
        AffiliationProposal.partner_id == partner_id,
        AffiliationProposal.cohort_link_id == link_id,
        AffiliationProposal.kind == kind,
        AffiliationProposal.id <= seen,
        AffiliationProposal.dismissed_at.is_(None),
    )
    return list(session.scalars(query))


def _some(
    session: Session, partner_id: int, ids: Collection[int], *, dismissed: bool
) -> list[AffiliationProposal]:
    column = AffiliationProposal.dismissed_at
    query = select(AffiliationProposal).where(
        AffiliationProposal.partner_id == partner_id,
        AffiliationProposal.id.in_(set(ids)),
        column.is_not(None) if dismissed else column.is_(None),
    )
    return list(session.scalars(query.order_by(AffiliationProposal.id)))


def _left_by(session: Session, partner_id: int, ids: Collection[int]) -> set[int]:
    """Return the associations that the moves among these proposals would leave."""
    query = select(AffiliationProposal.from_partner_id).where(
        AffiliationProposal.partner_id == partner_id,
        AffiliationProposal.id.in_(set(ids)),
        AffiliationProposal.from_partner_id.is_not(None),
    )
    return {one for one in session.scalars(query) if one is not None}

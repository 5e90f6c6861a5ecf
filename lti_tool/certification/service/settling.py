"""Two accounts that their person linked from both sides, each with an open award of one target.

The coordination says which award stays. The other is never erased: an issued one is replaced by the
one that stays, as its public page then says, and a mere proposal is refused with the reason. The
accounts are then one person's, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock, journal
from lti_tool.certification.errors import AwardNotChosen, OwnProposal
from lti_tool.certification.models import Award, AwardState
from lti_tool.certification.service.drift_reviews import close_replaced
from lti_tool.certification.service.independence import independent_of
from lti_tool.certification.service.merging import colliding_awards
from lti_tool.certification.service.reasons_given import checked_reason
from lti_tool.people.models import Account, LinkCode
from lti_tool.people.service.linking import decline_held, find_held, held_links
from lti_tool.people.service.merging import merge_people


@dataclass(frozen=True, slots=True)
class Collision:
    """Two open awards of one domain or sub-theme."""

    first: Award
    """Of the account that is kept."""
    second: Award

    @property
    def choices(self) -> tuple[Award, ...]:
        """The awards that may stay: a proposal never takes the place of what was issued."""
        both = (self.first, self.second)
        issued = tuple(award for award in both if award.state != AwardState.PROPOSED)
        return issued or both


@dataclass(frozen=True, slots=True)
class HeldLink:
    """What both sides accepted, and what keeps it waiting."""

    link: LinkCode
    first: Account
    second: Account
    collisions: tuple[Collision, ...]


def links_to_settle(session: Session) -> list[HeldLink]:
    """Return what waits for the coordination, oldest first."""
    return [
        HeldLink(code, first, second, _collisions(session, first, second))
        for code, first, second in held_links(session)
    ]


def settle(
    session: Session, link_id: int, *, actor_id: int, kept: Collection[str], reason: str
) -> None:
    """Keep one award of each collision, link the two accounts, and commit.

    Args:
        kept: Award.public_id of those that stay; one that has no rival may be left out.

    Raises:
        ReasonMissing, ReasonTooLong.
        LinkGone: it was withdrawn, settled or is over.
        OwnProposal: the actor leads an association of the person.
        AwardNotChosen: a collision is left open, or came since.
        Conflict: something else keeps the two apart by now.
    """
    reason = checked_reason(reason, needed=True)
    link, first, second = find_held(session, link_id)
    people = (first.person_id, second.person_id)
    if len(independent_of(session, reviewer_id=actor_id, person_ids=people)) < len(people):
        raise OwnProposal(f"link {link_id}")
    # Read again under lock: a proposal may have been decided since.
    session.scalars(
        select(Award.id).where(Award.person_id.in_(people)).order_by(Award.id).with_for_update()
    ).all()
    for collision in _collisions(session, first, second):
        chosen = [award for award in collision.choices if award.public_id in kept]
        if len(collision.choices) == 1:
            chosen = list(collision.choices)
        if len(chosen) != 1:
            raise AwardNotChosen(f"link {link_id}")
        stays = chosen[0]
        yields = collision.second if stays is collision.first else collision.first
        _give_way(session, yields, stays, actor_id, reason)
    journal.record(
        session,
        actor_id=actor_id,
        action="link.settled",
        subject="link_code",
        subject_id=link.id,
        reason=reason,
    )
    session.flush()
    merge_people(session, of_id=second.person_id, into_id=first.person_id, link_id=link.id)
    session.commit()


def decline(session: Session, link_id: int, *, actor_id: int, reason: str) -> None:
    """Leave the two accounts apart, with a reason that the journal keeps, and commit.

    Raises:
        ReasonMissing, ReasonTooLong, LinkGone.
    """
    decline_held(session, link_id, actor_id=actor_id, reason=checked_reason(reason, needed=True))


def _collisions(session: Session, first: Account, second: Account) -> tuple[Collision, ...]:
    pairs = colliding_awards(session, second.person_id, first.person_id)
    return tuple(Collision(one, other) for one, other in pairs)


def _give_way(session: Session, award: Award, stays: Award, actor_id: int, reason: str) -> None:
    if award.state == AwardState.PROPOSED:
        award.state, action = AwardState.REFUSED, "award.refused"
        award.decided_at, award.decided_by, award.decision_reason = clock.now(), actor_id, reason
    else:
        award.state, action = AwardState.REPLACED, "award.replaced"
        award.replaced_by_id = stays.id
        close_replaced(session, award, actor_id)
    journal.record(
        session,
        actor_id=actor_id,
        action=action,
        subject="award",
        subject_id=award.id,
        stays=stays.id,
        reason=reason,
    )

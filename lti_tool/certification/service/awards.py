"""People decide on proposals: approve or refuse, one at a time, each in its own transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.orm import Session, joinedload

from lti_tool import clock, journal
from lti_tool.certification.errors import (
    AlreadyDecided,
    NoLongerSatisfied,
    OwnProposal,
)
from lti_tool.certification.models import Award, AwardState
from lti_tool.certification.rules.logic import Status
from lti_tool.certification.service.evaluation import Target, evaluate_people, target_of
from lti_tool.certification.service.independence import is_independent
from lti_tool.certification.service.reasons_given import checked_reason
from lti_tool.errors import LtiToolError, NotFound

IssueListener = Callable[[Session, Award], object]
_listeners: list[IssueListener] = []


def when_issued(listener: IssueListener) -> IssueListener:
    """Have ``listener`` called in the transaction that issues an award (certificate, anchoring)."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def find_award(session: Session, public_id: str) -> Award:
    """Return the award with this public identifier.

    Raises:
        NotFound: there is none.
    """
    award = session.scalar(select(Award).where(Award.public_id == public_id))
    if award is None:
        raise NotFound("award")
    return award


def proposals_of_course(session: Session, course_id: int, limit: int | None = None) -> list[Award]:
    """Return the proposals that the trainers of a course are asked to decide, oldest first."""
    return list(
        session.scalars(
            select(Award)
            .options(
                joinedload(Award.person),
                joinedload(Award.domain),
                joinedload(Award.subtheme),
                joinedload(Award.rule),
            )
            .where(Award.course_id == course_id, Award.state == AwardState.PROPOSED)
            .order_by(Award.proposed_at, Award.id)
            .limit(limit)
        )
    )


def count_proposals(session: Session, course_id: int) -> int:
    """Return how many proposals the trainers of a course are asked to decide."""
    waiting = select(func.count()).where(
        Award.course_id == course_id, Award.state == AwardState.PROPOSED
    )
    return session.scalar(waiting) or 0


def approve(session: Session, award: Award, *, actor_id: int, reason: str = "") -> Award:
    """Issue the award and commit.

    The rule is evaluated again on what is known now: an award rests on present facts, not on
    those of the day of the proposal.

    Raises:
        ReasonTooLong.
        OwnProposal: the actor is the learner or leads their association.
        AlreadyDecided: somebody else decided first.
        NoLongerSatisfied: the criteria are no longer met.
    """
    _check_independence(session, award, actor_id)
    reason = checked_reason(reason, needed=False)
    if award.state != AwardState.PROPOSED:
        raise AlreadyDecided(f"award {award.id}")
    target = target_of(session, award.domain, award.subtheme)
    if target is None:
        raise NotFound("rule")
    decision = evaluate_people(session, target, [award.person_id])[award.person_id]
    if decision.status is not Status.SATISFIED:
        raise NoLongerSatisfied(f"award {award.id}")
    moment = clock.now()
    _decide(
        session,
        award,
        state=AwardState.ISSUED,
        decided_at=moment,
        decided_by=actor_id,
        decision_reason=reason,
        issued_on=moment.date(),
        decision=decision.to_dict(),
        rule_id=target.published.id,
    )
    session.refresh(award)
    for listener in _listeners:
        listener(session, award)
    _record(session, award, actor_id, "award.issued", target)
    session.commit()
    return award


def refuse(session: Session, award: Award, *, actor_id: int, reason: str) -> Award:
    """Refuse the proposal with a reason that the learner reads, and commit.

    Raises:
        ReasonMissing, ReasonTooLong, OwnProposal, AlreadyDecided.
    """
    _check_independence(session, award, actor_id)
    reason = checked_reason(reason, needed=True)
    _decide(
        session,
        award,
        state=AwardState.REFUSED,
        decided_at=clock.now(),
        decided_by=actor_id,
        decision_reason=reason,
    )
    session.refresh(award)
    _record(session, award, actor_id, "award.refused", None)
    session.commit()
    return award


def approve_together(
    session: Session, awards: Sequence[Award], *, actor_id: int, reason: str = ""
) -> tuple[list[Award], list[tuple[Award, LtiToolError]]]:
    """Approve several proposals, each in its own transaction; return those issued and those not."""
    issued: list[Award] = []
    refused: list[tuple[Award, LtiToolError]] = []
    for award in awards:
        try:
            issued.append(approve(session, award, actor_id=actor_id, reason=reason))
        except LtiToolError as error:
            session.rollback()
            refused.append((award, error))
    return issued, refused


def _check_independence(session: Session, award: Award, actor_id: int) -> None:
    if not is_independent(session, person_id=award.person_id, reviewer_id=actor_id):
        raise OwnProposal(f"award {award.id}")


def _decide(session: Session, award: Award, **values: object) -> None:
    """Take the decision if nobody did before: one conditional UPDATE."""
    result = session.execute(
        update(Award)
        .where(Award.id == award.id, Award.state == AwardState.PROPOSED)
        .values(**values),
        execution_options={"synchronize_session": False},
    )
    if not isinstance(result, CursorResult) or result.rowcount != 1:
        raise AlreadyDecided(f"award {award.id}")


def _record(
    session: Session, award: Award, actor_id: int, action: str, target: Target | None
) -> None:
    journal.record(
        session,
        actor_id=actor_id,
        action=action,
        subject="award",
        subject_id=award.id,
        rule=award.rule_id,
        mappings=[] if target is None else [mapping.id for mapping in target.mappings],
    )

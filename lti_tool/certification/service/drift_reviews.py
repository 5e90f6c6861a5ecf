"""People examine an « écart »: the learner may answer, an independent person decides with a reason.

A suspension is no end: the review stays open until the award is maintained or revoked. Nothing is
deleted, nothing happens by itself when the time is over: the review is shown as late.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from lti_tool import clock, journal
from lti_tool.certification.errors import (
    AnswerUnfit,
    GroundMissing,
    LearnerNotTold,
    OwnProposal,
    ReviewChanged,
    ReviewClosed,
)
from lti_tool.certification.models import (
    READINGS,
    Award,
    AwardState,
    DriftEntry,
    DriftKind,
    DriftReview,
    RevocationGround,
)
from lti_tool.certification.service.drift import REVIEW_DAYS
from lti_tool.certification.service.independence import is_independent
from lti_tool.certification.service.outcomes import publish_award
from lti_tool.certification.service.reasons_given import REASON_LENGTH, checked_reason
from lti_tool.errors import NotFound

STATES_AFTER = {
    DriftKind.MAINTAINED: AwardState.ISSUED,
    DriftKind.NO_FOLLOW_UP: AwardState.ISSUED,
    DriftKind.SUSPENDED: AwardState.SUSPENDED,
    DriftKind.REVOKED: AwardState.REVOKED,
}

RevocationListener = Callable[[Session, Award], object]
_listeners: list[RevocationListener] = []


def when_revoked(listener: RevocationListener) -> RevocationListener:
    """Have ``listener`` called in the transaction that revokes an award."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def open_reviews(session: Session, course_id: int | None = None) -> list[DriftReview]:
    """Return the reviews that wait for a decision, in a course or everywhere, the soonest due first."""
    query = _whole().where(DriftReview.closed_at.is_(None))
    if course_id is not None:
        query = query.where(DriftReview.course_id == course_id)
    return list(session.scalars(query.order_by(DriftReview.due_on, DriftReview.id)))


def count_open(session: Session, course_id: int | None = None) -> tuple[int, int]:
    """Return how many reviews wait, and how many of them are late."""
    today = clock.now().date()
    query = select(func.count(), func.count().filter(DriftReview.due_on < today)).where(
        DriftReview.closed_at.is_(None)
    )
    if course_id is not None:
        query = query.where(DriftReview.course_id == course_id)
    waiting, late = session.execute(query).one()
    return waiting, late


def changes_without_effect(session: Session, course_id: int, limit: int) -> list[DriftEntry]:
    """Return the changes that nobody has to examine, of awards decided in a course, newest first."""
    return list(
        session.scalars(
            select(DriftEntry)
            .join(Award, Award.id == DriftEntry.award_id)
            .options(
                joinedload(DriftEntry.award).joinedload(Award.person),
                joinedload(DriftEntry.award).joinedload(Award.domain),
                joinedload(DriftEntry.award).joinedload(Award.subtheme),
            )
            .where(
                Award.course_id == course_id,
                DriftEntry.review_id.is_(None),
                DriftEntry.kind.in_(READINGS),
            )
            .order_by(DriftEntry.id.desc())
            .limit(limit)
        )
    )


def told_reviews(session: Session, person_id: int) -> list[DriftReview]:
    """Return the reviews of a person's awards of which that person was told, the open ones first."""
    query = (
        _whole()
        .where(Award.person_id == person_id, DriftReview.told_at.is_not(None))
        .order_by(DriftReview.closed_at.is_not(None), DriftReview.id.desc())
    )
    return list(session.scalars(query))


def find_review(session: Session, public_id: str) -> DriftReview:
    """Return the review with this public identifier.

    Raises:
        NotFound: there is none.
    """
    review = session.scalar(_whole().where(DriftReview.public_id == public_id))
    if review is None:
        raise NotFound("drift review")
    return review


def last_reading(review: DriftReview) -> DriftEntry:
    """Return what was last read of the award, as far as the review knows."""
    return [entry for entry in review.entries if entry.kind in READINGS][-1]


def choices_of(review: DriftReview) -> tuple[DriftKind, ...]:
    """Return what may be decided now.

    Without a gap any more there is nothing to weigh: it is closed without follow-up. Nobody is
    suspended over a grade that they may not read (N6).
    """
    back = last_reading(review).kind != DriftKind.GAP
    suspended = review.award.state == AwardState.SUSPENDED
    keep = DriftKind.NO_FOLLOW_UP if back else DriftKind.MAINTAINED
    pause = () if back or suspended or review.told_at is None else (DriftKind.SUSPENDED,)
    return (keep, *pause, DriftKind.REVOKED)


def answer(session: Session, review: DriftReview, *, person_id: int, text: str) -> None:
    """Keep what the learner writes about the change, and commit.

    Raises:
        NotFound: it is another person's, or they were not told of it.
        AnswerUnfit: empty, or too long.
        ReviewClosed: a person decided meanwhile.
    """
    if review.award.person_id != person_id or review.told_at is None:
        raise NotFound("drift review of another person")
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not text or len(text) > REASON_LENGTH:
        raise AnswerUnfit
    _lock_open(session, review)
    _add(session, review, DriftKind.ANSWERED, person_id, "learner", text)
    session.commit()


def decide(
    session: Session,
    review: DriftReview,
    kind: DriftKind,
    *,
    actor_id: int,
    actor_role: str,
    reason: str,
    ground: RevocationGround | None = None,
    read_entry: int | None = None,
) -> None:
    """Maintain, suspend, revoke or close without follow-up, and commit.

    Args:
        kind: one of `choices_of` the review.
        actor_role: ``trainer`` or ``coordinator``, the quality in which the person acts.
        reason: the learner reads it; may be empty only to close without follow-up.
        ground: needed to revoke: a lower grade alone is none.
        read_entry: DriftEntry.id of the last fact that the person read; None: whatever is known now.

    Raises:
        OwnProposal: the actor is the learner or leads their association.
        ReasonMissing, ReasonTooLong, GroundMissing.
        LearnerNotTold: a suspension over a grade hidden from the learner.
        ReviewClosed: somebody else decided first.
        ReviewChanged: something was read, written or decided since.
    """
    award = review.award
    if not is_independent(session, person_id=award.person_id, reviewer_id=actor_id):
        raise OwnProposal(f"drift review {review.id}")
    reason = checked_reason(reason, needed=kind is not DriftKind.NO_FOLLOW_UP)
    if kind is DriftKind.REVOKED and ground is None:
        raise GroundMissing
    _lock_open(session, review)
    if read_entry is not None and review.entries[-1].id != read_entry:
        raise ReviewChanged(f"drift review {review.id}")
    if kind is DriftKind.SUSPENDED and review.told_at is None:
        raise LearnerNotTold(f"drift review {review.id}")
    if kind not in choices_of(review):
        raise ReviewChanged(f"drift review {review.id}")
    moment = clock.now()
    award.state = STATES_AFTER[kind]
    if kind is DriftKind.SUSPENDED:
        review.suspended_until = moment.date() + timedelta(days=REVIEW_DAYS)
    else:
        review.closed_at, review.outcome = moment, kind
    if kind is DriftKind.REVOKED:
        # What was decided is theirs to read, whatever it rests on.
        review.told_at = review.told_at or moment
    _add(
        session,
        review,
        kind,
        actor_id,
        actor_role,
        reason,
        ground if kind is DriftKind.REVOKED else None,
    )
    session.flush()
    if kind is DriftKind.REVOKED:
        for listener in _listeners:
            listener(session, award)
    publish_award(session, award)
    session.commit()


def close_replaced(session: Session, award: Award, actor_id: int) -> None:
    """Close the open review of an award that another one replaces; the caller commits."""
    review = session.scalar(
        _whole().where(DriftReview.award_id == award.id, DriftReview.closed_at.is_(None))
    )
    if review is not None:
        review.closed_at, review.outcome = clock.now(), DriftKind.REPLACED
        _add(session, review, DriftKind.REPLACED, actor_id, "coordinator", "")


def days_left(review: DriftReview, at: datetime) -> int:
    """Return how many days are left to decide; negative when late."""
    return (review.due_on - at.date()).days


def _whole() -> Select[DriftReview]:
    award = joinedload(DriftReview.award)
    return (
        select(DriftReview)
        .join(Award, Award.id == DriftReview.award_id)
        .options(
            award.joinedload(Award.person),
            award.joinedload(Award.domain),
            award.joinedload(Award.subtheme),
            selectinload(DriftReview.entries).joinedload(DriftEntry.actor),
        )
    )


def _lock_open(session: Session, review: DriftReview) -> None:
    """Read the review again, alone with it until the end of the transaction.

    Raises:
        ReviewClosed: it is open no more.
    """
    locked: Sequence[int] = session.scalars(
        select(Award.id).where(Award.id == review.award_id).with_for_update()
    ).all()
    session.refresh(review.award)
    session.refresh(review)
    session.refresh(review, ["entries"])
    if not locked or review.closed_at is not None:
        raise ReviewClosed(f"drift review {review.id}")


def _add(
    session: Session,
    review: DriftReview,
    kind: DriftKind,
    actor_id: int,
    actor_role: str,
    text: str,
    ground: RevocationGround | None = None,
) -> None:
    session.add(
        DriftEntry(
            award_id=review.award_id,
            review_id=review.id,
            kind=kind,
            at=clock.now(),
            actor_id=actor_id,
            actor_role=actor_role,
            ground=ground,
            text=text,
        )
    )
    basis = {"ground": str(ground)} if ground else {}
    journal.record(
        session,
        actor_id=actor_id,
        action=f"drift_review.{kind}",
        subject="drift_review",
        subject_id=review.id,
        award=review.award_id,
        role=actor_role,
        **basis,
    )

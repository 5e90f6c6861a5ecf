"""After a reading: compares the awards issued on a course with what is read today (V8, V9, V9b).

Writes what changed, opens a review where the rule is no longer satisfied; the award itself is never
touched here (N9). What cannot be read today says nothing: it opens nothing and closes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from lti_tool import clock, journal
from lti_tool.certification.models import (
    READINGS,
    Award,
    AwardState,
    DriftEntry,
    DriftKind,
    DriftReview,
)
from lti_tool.certification.rules.decision import Decision
from lti_tool.certification.rules.drift import Drift, drift_of, with_evidence_of
from lti_tool.certification.rules.logic import Status
from lti_tool.certification.service.frozen import frozen_awards, judge_again
from lti_tool.grades.models import CompletionSnapshot, GradeItem, GradeSnapshot
from lti_tool.people.models import Account

REVIEW_DAYS = 30
"""Within how many days a person decides (§3.2)."""
BATCH = 200
UNDER_WAY = timedelta(hours=1)
"""A reading that was being stored while the award was issued is looked at again."""
LOGGED = {
    Drift.NO_EFFECT: DriftKind.NO_EFFECT,
    Drift.GAP: DriftKind.GAP,
    Drift.BACK: DriftKind.BACK,
}


def note_drift(session: Session, course_id: int) -> int:
    """Log what changed since the issue of the awards that cite a course; return how many reviews open.

    Commits, a batch of awards at a time. May run twice and at once: the same fact is logged once.
    """
    opened, numbers = 0, _touched(session, course_id)
    for start in range(0, len(numbers), BATCH):
        opened += _compare(session, numbers[start : start + BATCH], course_id)
        session.commit()
    return opened


def _touched(session: Session, course_id: int) -> list[int]:
    """Return the awards in force of people of whom something of the course was read since the issue."""
    graded = (
        select(Award.id)
        .join(Account, Account.person_id == Award.person_id)
        .join(GradeSnapshot, GradeSnapshot.account_id == Account.id)
        .join(GradeItem, GradeItem.id == GradeSnapshot.item_id)
        .where(GradeItem.course_id == course_id)
    )
    completed = (
        select(Award.id)
        .join(Account, Account.person_id == Award.person_id)
        .join(CompletionSnapshot, CompletionSnapshot.account_id == Account.id)
        .where(CompletionSnapshot.course_id == course_id)
    )
    in_force = Award.state.in_((AwardState.ISSUED, AwardState.SUSPENDED))
    found: set[int] = set()
    for query, table in ((graded, GradeSnapshot), (completed, CompletionSnapshot)):
        rows = session.execute(
            query.add_columns(Award.decided_at, func.max(table.read_at))
            .where(in_force)
            .group_by(Award.id, Award.decided_at)
        )
        found |= {
            number
            for number, decided_at, read_at in rows
            if decided_at is not None and read_at > decided_at - UNDER_WAY
        }
    return sorted(found)


def _compare(session: Session, award_ids: Sequence[int], course_id: int) -> int:
    # Locked in one order: two comparisons at once, or a decision, wait for each other.
    session.execute(
        select(Award.id).where(Award.id.in_(award_ids)).order_by(Award.id).with_for_update()
    )
    awards = session.scalars(
        select(Award)
        .options(joinedload(Award.domain), joinedload(Award.subtheme), joinedload(Award.rule))
        .where(Award.id.in_(award_ids), Award.state.in_((AwardState.ISSUED, AwardState.SUSPENDED)))
        .order_by(Award.id)
        .execution_options(populate_existing=True)
    ).all()
    known = [one for one in frozen_awards(session, awards) if course_id in one.names]
    today = judge_again(session, known)
    last = _last_readings(session, award_ids)
    reviews = _open_reviews(session, award_ids)
    opened, moment = 0, clock.now()
    for one in known:
        award, decision = one.award, today.get(one.award.id)
        if decision is None:
            continue
        drift = drift_of(one.decision, last.get(award.id), decision)
        seen = with_evidence_of(one.decision, decision)
        review = reviews.get(award.id)
        if drift is Drift.GAP and review is None:
            review = _open(session, award, course_id, moment)
            opened += 1
        if drift in LOGGED:
            session.add(
                DriftEntry(
                    award_id=award.id,
                    review_id=None if review is None else review.id,
                    kind=LOGGED[drift],
                    at=moment,
                    decision=seen.to_dict(),
                )
            )
        if review is not None and review.told_at is None and _visible(seen):
            review.told_at = moment
    return opened


def _visible(decision: Decision) -> bool:
    """Whether the gap shows in what the learner may see, without any hidden grade (N6)."""
    return decision.for_learner().status is Status.NOT_SATISFIED


def _open(session: Session, award: Award, course_id: int, moment: datetime) -> DriftReview:
    review = DriftReview(
        award_id=award.id,
        course_id=award.course_id or course_id,
        opened_at=moment,
        due_on=moment.date() + timedelta(days=REVIEW_DAYS),
    )
    session.add(review)
    session.flush()
    journal.record(
        session,
        actor_id=None,
        action="drift_review.opened",
        subject="drift_review",
        subject_id=review.id,
        award=award.id,
        course=course_id,
    )
    return review


def _last_readings(session: Session, award_ids: Sequence[int]) -> dict[int, Decision]:
    newest = (
        select(func.max(DriftEntry.id))
        .where(DriftEntry.award_id.in_(award_ids), DriftEntry.kind.in_(READINGS))
        .group_by(DriftEntry.award_id)
    )
    rows = session.execute(
        select(DriftEntry.award_id, DriftEntry.decision).where(DriftEntry.id.in_(newest))
    )
    return {award_id: Decision.from_dict(decision or {}) for award_id, decision in rows}


def _open_reviews(session: Session, award_ids: Sequence[int]) -> dict[int, DriftReview]:
    rows = session.scalars(
        select(DriftReview).where(
            DriftReview.award_id.in_(award_ids), DriftReview.closed_at.is_(None)
        )
    )
    return {review.award_id: review for review in rows}

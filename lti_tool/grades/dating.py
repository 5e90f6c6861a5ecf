"""When each value was last read: a reading of everybody dates those whom it covers, in one row."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.grades.models import LearnerReading, Pull

Dates = dict[tuple[int, int], datetime]
"""(Course.id, Account.id) → when the gradebook of that learner was last read."""


def whole_readings(session: Session, course_ids: Collection[int]) -> dict[int, datetime]:
    """Return when the last reading of everybody that went to its end began, by Course.id."""
    newest = (
        select(func.max(Pull.id))
        .where(
            Pull.course_id.in_(list(course_ids)),
            Pull.everyone.is_(True),
            Pull.finished_at.is_not(None),
        )
        .group_by(Pull.course_id)
    )
    rows = session.execute(select(Pull.course_id, Pull.started_at).where(Pull.id.in_(newest)))
    return {row.course_id: row.started_at for row in rows}


def read_dates(
    session: Session, course_ids: Collection[int], account_ids: Collection[int]
) -> Dates:
    """Return when each learner's gradebook was last read; those never read are absent."""
    whole = whole_readings(session, course_ids)
    rows = session.execute(
        select(
            LearnerReading.course_id,
            LearnerReading.account_id,
            LearnerReading.read_at,
            LearnerReading.covered,
        ).where(
            LearnerReading.course_id.in_(list(course_ids)),
            LearnerReading.account_id.in_(list(account_ids)),
        )
    )
    return {
        (row.course_id, row.account_id): max(row.read_at, whole.get(row.course_id, row.read_at))
        if row.covered
        else row.read_at
        for row in rows
    }


def date_of_item(
    read_at: datetime, item_seen_at: datetime, item_gone_at: datetime | None
) -> datetime:
    """Return when the value of one column was last read.

    Args:
        read_at: when the gradebook of the learner was.
        item_seen_at: GradeItem.seen_at.
        item_gone_at: GradeItem.gone_at.
    """
    return read_at if item_gone_at is None else min(read_at, item_seen_at)

"""Writes completions by batches of learners: a snapshot where something changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from lti_tool.grades.models import CompletionSnapshot
from lti_tool.grades.reading.completions import CompletionReading


def store_completions(
    session: Session,
    course_id: int,
    pull_id: int,
    readings: Mapping[int, CompletionReading],
    at: datetime,
) -> int:
    """Write the completions that are new or different, by Account.id; return how many."""
    newest = (
        select(func.max(CompletionSnapshot.id))
        .where(
            CompletionSnapshot.course_id == course_id,
            CompletionSnapshot.account_id.in_(list(readings)),
        )
        .group_by(CompletionSnapshot.account_id)
    )
    known = {
        row.account_id: (row.completed, row.criteria, row.reason)
        for row in session.execute(
            select(
                CompletionSnapshot.account_id,
                CompletionSnapshot.completed,
                CompletionSnapshot.criteria,
                CompletionSnapshot.reason,
            ).where(CompletionSnapshot.id.in_(newest))
        )
    }
    new = []
    for account_id, reading in readings.items():
        completed, criteria, reason = _values(reading)
        if known.get(account_id) != (completed, criteria, reason):
            new.append(
                {
                    "course_id": course_id,
                    "account_id": account_id,
                    "pull_id": pull_id,
                    "completed": completed,
                    "criteria": criteria,
                    "reason": reason,
                    "read_at": at,
                }
            )
    if new:
        session.execute(insert(CompletionSnapshot), new)
    return len(new)


def _values(reading: CompletionReading) -> tuple[bool | None, list[dict[str, Any]], str]:
    done = reading.completion
    if done is None:
        return None, [], reading.reason
    criteria = [
        {
            "type": one.type,
            "complete": one.complete,
            "completed_at": one.completed_at.isoformat() if one.completed_at else None,
            "title": one.title,
        }
        for one in done.criteria
    ]
    return done.completed, criteria, reading.reason

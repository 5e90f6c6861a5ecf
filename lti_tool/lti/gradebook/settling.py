"""Brings the scores of a column in line with what is wanted now. Writes rows, sends nothing.

A value that was sent already is left alone, so that nothing is sent twice. A learner without a wanted
score has no row, unless one was sent before: then it waits to be taken away.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.lti.gradebook.errors import LearnerAbsent
from lti_tool.lti.gradebook.outcomes import Outcomes, Wanted
from lti_tool.lti.models import LineItem, Score, ScoreState


def settle(session: Session, item: LineItem, outcomes: Outcomes, at: datetime) -> int:
    """Make the rows say what is wanted; return how many wait to be sent. The caller commits."""
    rows = {
        row.account_id: row
        for row in session.scalars(select(Score).where(Score.line_item_id == item.id))
    }
    if outcomes.wanted is not None:
        for account_id in outcomes.learners:
            row, wanted = rows.get(account_id), outcomes.wanted.get(account_id)
            if row is not None and wanted is None and not row.attempts and row.sent_at is None:
                session.delete(rows.pop(account_id))
            elif row is not None:
                _change(row, wanted, at)
            elif wanted is not None:
                rows[account_id] = row = Score(
                    line_item_id=item.id,
                    account_id=account_id,
                    given=wanted.given,
                    comment=wanted.comment[:500],
                    wanted_at=at,
                )
                session.add(row)
    for account_id, row in rows.items():
        _admit(row, present=account_id in outcomes.learners)
    session.flush()
    return sum(row.state == ScoreState.WAITING for row in rows.values())


def wait_again(rows: Sequence[Score]) -> None:
    """Have scores sent again, whatever became of them. The caller commits."""
    for row in rows:
        row.state, row.error_code = ScoreState.WAITING, ""


def _change(row: Score, wanted: Wanted | None, at: datetime) -> None:
    given = None if wanted is None else wanted.given
    comment = "" if wanted is None else wanted.comment[:500]
    if (row.given, row.comment) == (given, comment):
        return
    row.given, row.comment, row.wanted_at = given, comment, at
    row.state, row.error_code = ScoreState.WAITING, ""


def _admit(row: Score, *, present: bool) -> None:
    """Hold back what concerns somebody who is not in the course; let it go when they are back."""
    if not present and row.state == ScoreState.WAITING:
        row.state, row.error_code = ScoreState.REFUSED, LearnerAbsent.code
    elif present and row.error_code == LearnerAbsent.code:
        row.state, row.error_code = ScoreState.WAITING, ""

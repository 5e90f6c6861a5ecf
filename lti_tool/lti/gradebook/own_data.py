"""What the tool published about one person in gradebooks, for that person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from lti_tool.lti.models import LineItem, Score
from lti_tool.people.models import Account
from lti_tool.people.service.own_data import own_data_section


@own_data_section("gradebook")
def own_scores(session: Session, person_id: int) -> list[dict[str, Any]]:
    """Return the scores that a platform accepted; those that wait are not there yet."""
    query = (
        select(Score)
        .join(Account, Account.id == Score.account_id)
        .options(joinedload(Score.line_item).joinedload(LineItem.course))
        .where(Account.person_id == person_id, Score.sent_at.is_not(None))
        .order_by(Score.id)
    )
    return [
        {
            "course": score.line_item.course.fullname,
            "column": score.line_item.label,
            "given": None if score.given is None else str(score.given),
            "out_of": str(score.line_item.score_maximum),
            "comment": score.comment,
            "sent_at": score.sent_at.isoformat() if score.sent_at else None,
        }
        for score in session.scalars(query)
    ]

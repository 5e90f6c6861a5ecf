"""The groups and the rated competencies of a person, for « Mes données »."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.grades.models import Competency, Group, GroupMember, RatingSnapshot
from lti_tool.people.models import Account
from lti_tool.people.service import own_data_section
from lti_tool.platforms.models import Course


@own_data_section("groups")
def groups_known(session: Session, person_id: int) -> list[dict[str, Any]]:
    """Return the groups in which readings saw a person, past ones too, as JSON values."""
    query = (
        select(GroupMember, Group.name, Course.fullname)
        .join(Group, Group.id == GroupMember.group_id)
        .join(Course, Course.id == Group.course_id)
        .join(Account, Account.id == GroupMember.account_id)
        .where(Account.person_id == person_id)
        .order_by(GroupMember.id)
    )
    return [
        {
            "course": course,
            "group": name,
            "seen_from": row.seen_from.isoformat(),
            "left_at": row.left_at.isoformat() if row.left_at else None,
        }
        for row, name, course in session.execute(query)
    ]


@own_data_section("competencies")
def ratings_known(session: Session, person_id: int) -> list[dict[str, Any]]:
    """Return how a person was rated in Moodle, past ratings too, as JSON values; not who rated."""
    query = (
        select(RatingSnapshot, Competency.name, Course.fullname)
        .join(Competency, Competency.id == RatingSnapshot.competency_id)
        .join(Course, Course.id == RatingSnapshot.course_id)
        .join(Account, Account.id == RatingSnapshot.account_id)
        .where(Account.person_id == person_id)
        .order_by(RatingSnapshot.id)
    )
    return [
        {
            "course": course,
            "competency": name,
            "level": row.label,
            "mastered": row.proficient,
            "rated_at": row.rated_at.isoformat() if row.rated_at else None,
            "read_at": row.read_at.isoformat(),
        }
        for row, name, course in session.execute(query)
    ]

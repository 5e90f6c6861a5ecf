"""How people are rated in Moodle on the competencies of a course, as last read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from lti_tool.grades.competencies.domains import domain_number
from lti_tool.grades.models import Competency, CourseCompetency, CurrentRating, RatingSnapshot
from lti_tool.people.models import Account


@dataclass(frozen=True, slots=True)
class Rating:
    """One competency of a course for one person."""

    name: str
    domain: int | None
    """Number of the RMP-ADL domain that its idnumber names."""
    label: str
    """Word of the level; "" when not rated."""
    proficient: bool | None
    """None: not rated, or Moodle does not say."""
    rated_at: datetime | None
    read_at: datetime

    @property
    def is_rated(self) -> bool:
        """Whether Moodle holds a rating."""
        return bool(self.label)


def ratings_of(
    session: Session, course_id: int, person_ids: Collection[int]
) -> dict[int, list[Rating]]:
    """Return what Moodle last said of these people in a course, by person, in the order of competencies.

    Of a competency that was never read for somebody, nothing is said. One query.
    """
    query = (
        select(
            Account.person_id,
            Competency.name,
            Competency.idnumber,
            RatingSnapshot.label,
            RatingSnapshot.proficient,
            RatingSnapshot.rated_at,
            CurrentRating.checked_at,
        )
        .join(Account, Account.id == CurrentRating.account_id)
        .join(Competency, Competency.id == CurrentRating.competency_id)
        .join(
            CourseCompetency,
            and_(
                CourseCompetency.course_id == CurrentRating.course_id,
                CourseCompetency.competency_id == CurrentRating.competency_id,
            ),
        )
        .outerjoin(RatingSnapshot, RatingSnapshot.id == CurrentRating.snapshot_id)
        .where(
            CurrentRating.course_id == course_id,
            CourseCompetency.gone_at.is_(None),
            Account.person_id.in_(person_ids),
        )
        .order_by(Competency.idnumber, Competency.id, Account.id)
    )
    found: dict[int, list[Rating]] = {}
    for row in session.execute(query):
        found.setdefault(row.person_id, []).append(
            Rating(
                name=row.name,
                domain=domain_number(row.idnumber),
                label=row.label or "",
                proficient=row.proficient,
                rated_at=row.rated_at,
                read_at=row.checked_at,
            )
        )
    return found

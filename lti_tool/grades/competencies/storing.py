"""Writes competencies and ratings as read, in the caller's transaction: a snapshot where one changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from lti_tool.grades.models import Competency, CourseCompetency, CurrentRating, RatingSnapshot
from lti_tool.platforms.models import Course
from moodle_client import Competency as ReadCompetency
from moodle_client import CompetencyEvidence, CourseCompetencyRating

NAME_LENGTH = 255
COMPARED = ("grade", "label", "proficient", "rated_at", "rated_by")


def store_list(
    session: Session, course_id: int, listed: Sequence[ReadCompetency], at: datetime
) -> dict[int, int]:
    """Bring the competencies of a course up to date; return Moodle's number → Competency.id."""
    site_id = session.get_one(Course, course_id).site_id
    known = {
        row.moodle_id: row
        for row in session.scalars(
            select(Competency).where(
                Competency.site_id == site_id,
                Competency.moodle_id.in_([one.id for one in listed]),
            )
        )
    }
    for read in listed:
        row = known.get(read.id)
        if row is None:
            row = known[read.id] = Competency(site_id=site_id, moodle_id=read.id)
            session.add(row)
        row.idnumber, row.name = read.idnumber[:100], read.shortname[:NAME_LENGTH]
    session.flush()
    found = {number: row.id for number, row in known.items()}
    _store_links(session, course_id, set(found.values()), at)
    return found


def store_ratings(
    session: Session,
    course_id: int,
    ratings: Iterable[tuple[int, CourseCompetencyRating]],
    competencies: Mapping[int, int],
    learners: Mapping[int, int],
    at: datetime,
) -> int:
    """Write a snapshot for each rating that is new or different; return how many.

    Somebody who was never rated gets no snapshot: that they were read is noted, and no grade invented.

    Args:
        ratings: Moodle user id and what was read, one for a person and a competency.
        competencies: Moodle's number → Competency.id.
        learners: Moodle user id → Account.id.
    """
    read = {
        (competencies[rating.rating.competency_id], learners[user]): rating
        for user, rating in ratings
    }
    current = {
        (row.competency_id, row.account_id): row
        for row in session.scalars(
            select(CurrentRating)
            .options(joinedload(CurrentRating.snapshot))
            .where(
                CurrentRating.course_id == course_id,
                CurrentRating.account_id.in_({account_id for _competency, account_id in read}),
            )
        )
    }
    changed = 0
    for (competency_id, account_id), rating in read.items():
        row = current.get((competency_id, account_id))
        if row is None:
            row = CurrentRating(
                course_id=course_id, competency_id=competency_id, account_id=account_id
            )
            session.add(row)
        row.checked_at = at
        values = _values(rating)
        if _unchanged(row.snapshot, values):
            continue
        row.snapshot = RatingSnapshot(
            course_id=course_id,
            competency_id=competency_id,
            account_id=account_id,
            read_at=at,
            **values,
        )
        changed += 1
    session.flush()
    return changed


def _store_links(session: Session, course_id: int, wanted: set[int], at: datetime) -> None:
    links = {
        row.competency_id: row
        for row in session.scalars(
            select(CourseCompetency).where(CourseCompetency.course_id == course_id)
        )
    }
    for competency_id in wanted - links.keys():
        session.add(CourseCompetency(course_id=course_id, competency_id=competency_id))
    for competency_id, link in links.items():
        link.gone_at = None if competency_id in wanted else link.gone_at or at
    session.flush()


def _unchanged(known: RatingSnapshot | None, values: dict[str, object]) -> bool:
    if known is None:
        return values["grade"] is None
    return all(getattr(known, name) == values[name] for name in COMPARED)


def _values(read: CourseCompetencyRating) -> dict[str, object]:
    """Return the columns of a snapshot; Moodle prints « - » and a date for whoever is not rated."""
    rating = read.rating
    if rating.grade is None:
        return dict.fromkeys(COMPARED) | {"label": ""}
    newest = max((one for one in read.evidence if one.grade is not None), key=_order, default=None)
    return {
        "grade": rating.grade,
        "label": rating.grade_name[:NAME_LENGTH],
        "proficient": rating.proficient,
        "rated_at": rating.modified_at,
        "rated_by": None if newest is None else newest.actor_id,
    }


def _order(evidence: CompetencyEvidence) -> tuple[float, int]:
    moment = evidence.created_at
    return (0.0 if moment is None else moment.timestamp(), evidence.id)

"""Since when the values shown are known to be right: read then, or seen unchanged since by a watch.

A watch only confirms what was read after it began to compare: what happened between a reading and
the first watch, or one that took everything as it is, nobody saw.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from lti_tool.grades.dating import read_dates, whole_readings
from lti_tool.grades.models import DueReading
from lti_tool.grades.watching.models import SiteWatch, WatchedEnrolment
from lti_tool.people.models import Account
from lti_tool.platforms.models import Course


@dataclass(frozen=True, slots=True)
class Known:
    """How fresh values are."""

    read_at: datetime | None = None
    """When they were last read, None: never."""
    confirmed_at: datetime | None = None
    """When a watch last saw that nothing had moved since; None: no watch can tell."""
    being_read: bool = False
    """Whether something moved and is about to be read."""
    failing_since: datetime | None = None
    """Since when the watch of the site fails, where it used to work."""

    @property
    def at(self) -> datetime | None:
        """The moment as of which they are right."""
        return self.confirmed_at or self.read_at


def known_of_courses(session: Session, course_ids: Collection[int]) -> dict[int, Known]:
    """Return how fresh the values of each course are; a constant number of queries."""
    rows = session.execute(
        select(Course.id, SiteWatch)
        .outerjoin(SiteWatch, SiteWatch.site_id == Course.site_id)
        .where(Course.id.in_(course_ids))
    ).all()
    read = whole_readings(session, course_ids)
    marked = set(
        session.scalars(
            select(DueReading.course_id).where(DueReading.course_id.in_(course_ids)).distinct()
        )
    )
    covered = set(
        session.scalars(
            select(Course.id)
            .join(
                WatchedEnrolment,
                (WatchedEnrolment.site_id == Course.site_id)
                & (WatchedEnrolment.course == Course.moodle_id),
            )
            .where(Course.id.in_(course_ids))
            .distinct()
        )
    )
    return {
        course_id: _known(watch, read.get(course_id), course_id in covered, course_id in marked)
        for course_id, watch in rows
    }


def known_of_course(session: Session, course_id: int) -> Known:
    """Return how fresh the values of a course are."""
    return known_of_courses(session, [course_id]).get(course_id, Known())


def oldest_known(session: Session, course_ids: Collection[int]) -> Known:
    """Return how fresh the values of the least fresh course are, those never read left aside."""
    read = [one for one in known_of_courses(session, course_ids).values() if one.at is not None]
    return min(read, key=lambda one: one.at.timestamp() if one.at else 0.0, default=Known())


def failing_watches(session: Session) -> list[SiteWatch]:
    """Return the watches that used to work and fail, with their site."""
    return list(
        session.scalars(
            select(SiteWatch)
            .options(joinedload(SiteWatch.site))
            .where(SiteWatch.failing_since.is_not(None), SiteWatch.read_at.is_not(None))
            .order_by(SiteWatch.site_id)
        )
    )


def known_of_person(session: Session, course: Course, person_id: int) -> Known:
    """Return how fresh the values of one learner of a course are."""
    accounts = session.execute(
        select(Account.id, Account.subject).where(
            Account.person_id == person_id, Account.site_id == course.site_id
        )
    ).all()
    read = read_dates(session, [course.id], [account.id for account in accounts])
    if not read:
        # Enrolled, but of no gradebook yet: as fresh as the course.
        return Known(read_at=whole_readings(session, [course.id]).get(course.id))
    (_course_id, account_id), read_at = max(read.items(), key=lambda item: item[1])
    subject = next(account.subject for account in accounts if account.id == account_id)
    number = int(subject) if subject.isdecimal() else 0
    watch = session.get(SiteWatch, course.site_id)
    covered = session.get(WatchedEnrolment, (course.site_id, course.moodle_id, number))
    marked = session.scalar(
        select(DueReading.id)
        .where(
            DueReading.course_id == course.id,
            DueReading.subject.is_(None) | (DueReading.subject == number),
        )
        .limit(1)
    )
    return _known(watch, read_at, covered is not None, marked is not None)


def _known(watch: SiteWatch | None, read_at: datetime | None, covered: bool, marked: bool) -> Known:
    if watch is None or watch.read_at is None or read_at is None:
        return Known(read_at=read_at, being_read=marked)
    compared = watch.reset_at is None or read_at >= watch.reset_at
    confirmed = covered and compared and not marked and watch.read_at > read_at
    return Known(
        read_at=read_at,
        confirmed_at=watch.read_at if confirmed else None,
        being_read=marked,
        failing_since=watch.failing_since,
    )

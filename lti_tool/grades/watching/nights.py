"""Whole readings by night, site by site: which courses, and what of them (``rules.nights``)."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.grades.due import mark_due
from lti_tool.grades.models import DueReading, Pull
from lti_tool.grades.rules.conditions import other_conditions
from lti_tool.grades.rules.nights import Course, Night, courses_of_tonight, share_passed
from lti_tool.grades.rules.report import Column
from lti_tool.grades.rules.scope import EVERY_PART, Part
from lti_tool.grades.watching.costs import whole_reading_seconds
from lti_tool.grades.watching.courses import mapped_courses
from lti_tool.grades.watching.due import watched_sites
from lti_tool.grades.watching.models import SiteWatch
from lti_tool.jobs import Priority
from lti_tool.settings import Settings

NIGHT = "night"
"""Reason of a mark: the whole course, by night."""


def mark_tonight(sessions: sessionmaker[Session], settings: Settings) -> int:
    """Mark the courses of this part of the night, on every site; return how many."""
    now = clock.now()
    local = now.astimezone(ZoneInfo(settings.time_zone))
    passed = share_passed(local)
    if passed is None or not settings.night_seconds:
        return 0
    with sessions() as session:
        sites = watched_sites(session)
    marked = 0
    for site_id in sites:
        with sessions.begin() as session:
            watch = session.get(SiteWatch, site_id) or SiteWatch(site_id=site_id, next_at=now)
            session.add(watch)
            if watch.night != local.date():
                watch.night, watch.night_seconds = local.date(), 0.0
            night = Night(
                now=now,
                passed=passed,
                spent=watch.night_seconds,
                budget=settings.night_seconds,
                nights=settings.full_read_nights,
                since=watch.reset_at,
            )
            chosen = courses_of_tonight(_courses(session, site_id), night)
            for course in sorted(chosen, key=lambda one: one.id):
                mark_due(
                    session,
                    course.id,
                    None,
                    parts=parts_by_night(watch, course.read_at),
                    priority=Priority.BACKGROUND,
                    reason=NIGHT,
                )
            watch.night_seconds += sum(course.seconds for course in chosen)
            marked += len(chosen)
    return marked


def parts_by_night(watch: SiteWatch, read_at: datetime | None) -> frozenset[Part]:
    """Return what a whole reading of a course has to read.

    Completion has no call for several people: where the report tells it of everybody, and was
    watched without a fault since the course was last read, reading it again person by person would
    teach nothing. What changed before a reset nobody saw, nor what a condition of the report hides.

    Args:
        watch: of the site.
        read_at: the last whole reading of the course, None before the first.
    """
    told = str(Column.COMPLETED) in watch.layout and not other_conditions(watch.conditions)
    watched = bool(watch.read_at) and not watch.error_code
    compared = read_at is not None and (watch.reset_at is None or read_at >= watch.reset_at)
    return EVERY_PART - {Part.COMPLETION} if told and watched and compared else EVERY_PART


def _courses(session: Session, site_id: int) -> list[Course]:
    """Return the courses that count, but those of which a whole reading waits already."""
    ids = set(mapped_courses(session, site_id, clock.now()).values())
    ids -= set(
        session.scalars(
            select(DueReading.course_id).where(
                DueReading.course_id.in_(ids), DueReading.subject.is_(None)
            )
        )
    )
    read = session.execute(
        select(Pull.course_id, func.max(Pull.started_at))
        .where(Pull.course_id.in_(ids), Pull.finished_at.is_not(None), Pull.everyone.is_(True))
        .group_by(Pull.course_id)
    )
    read_at = {row[0]: row[1] for row in read}
    seconds = whole_reading_seconds(session, ids)
    return [Course(number, read_at.get(number), seconds[number]) for number in sorted(ids)]

"""The list of a site's courses, as Moodle gives it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.jobs import Job, Priority, enqueue
from lti_tool.platforms.models import Course, Site
from moodle_client import (
    AccessDenied,
    CourseInaccessible,
    MoodleClient,
    MoodleError,
    plain_text,
)
from moodle_client import Course as MoodleCourse

SYNC_COURSES = "platforms.sync_courses"
SITE_FORMAT = "site"
"""Format of the front page, which Moodle lists among the courses."""
LONGEST_SUMMARY = 4000
Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What a reading of the course list did."""

    courses: int
    added: int
    gone: int
    without_idnumber: int
    """Courses whose idnumber could not be read this time; the known one was kept."""
    partial: bool
    """Some courses are closed to the service account: none was marked as gone."""


def ask_for_sync(session: Session, site: Site, asked_by: int | None) -> Job:
    """Queue a reading of the course list and commit; one already waiting is returned."""
    job = enqueue(
        session,
        SYNC_COURSES,
        {"site_id": site.id},
        key=_key(site.id),
        asked_by=asked_by,
        priority=Priority.ASKED,
    )
    session.commit()
    return job


def ask_for_every_list(session: Session) -> int:
    """Queue the reading of the course list of each site with a token, and commit; return how many."""
    sites = session.scalars(select(Site.id).where(Site.token.is_not(None)).order_by(Site.id)).all()
    for site_id in sites:
        enqueue(
            session,
            SYNC_COURSES,
            {"site_id": site_id},
            key=_key(site_id),
            priority=Priority.BACKGROUND,
        )
    session.commit()
    return len(sites)


def latest_sync(session: Session, site_id: int) -> Job | None:
    """Return the newest reading of the site's course list, over or not."""
    return session.scalar(
        select(Job).where(Job.key == _key(site_id)).order_by(Job.id.desc()).limit(1)
    )


def sync_courses(
    session: Session,
    client: MoodleClient,
    site: Site,
    progress: Progress = lambda _done, _total: None,
) -> SyncResult:
    """Read the course list and store it: new, changed and gone courses.

    Moodle tells idnumbers in the list only to accounts that may change courses, which ours may
    not; the grade answer of one person carries it for anyone who reads grades, so that each course
    costs one more small call, made for the service account itself, who has no grade anywhere.

    Ends the caller's transaction before asking Moodle, and commits.

    Raises:
        MoodleError: the list cannot be read, or Moodle fails midway; nothing was changed.
    """
    session.commit()
    listed, partial = _list_courses(client)
    idnumbers = _idnumbers(client, listed, progress)
    moment = clock.now()
    known = {
        course.moodle_id: course
        for course in session.scalars(select(Course).where(Course.site_id == site.id))
    }
    added = 0
    for seen in listed:
        course = known.pop(seen.id, None)
        if course is None:
            course = Course(site_id=site.id, moodle_id=seen.id)
            session.add(course)
            added += 1
        _update(course, seen, idnumbers.get(seen.id), moment)
    gone = 0 if partial else _mark_gone(known.values(), moment)
    session.get_one(Site, site.id).courses_read_at = moment
    session.commit()
    return SyncResult(len(listed), added, gone, len(listed) - len(idnumbers), partial)


def _list_courses(client: MoodleClient) -> tuple[list[MoodleCourse], bool]:
    try:
        listed, partial = client.get_courses(), False
    except CourseInaccessible:
        # One closed course fails the whole list; the other function leaves it out instead.
        listed, partial = client.get_courses_by_field(), True
    return [c for c in listed if not c.is_site and c.format != SITE_FORMAT], partial


def _idnumbers(
    client: MoodleClient, listed: list[MoodleCourse], progress: Progress
) -> dict[int, str]:
    """Return course id → idnumber ("" for none) of the courses where it can be read."""
    found = {course.id: course.idnumber for course in listed if course.idnumber is not None}
    unknown = [course.id for course in listed if course.id not in found]
    if not unknown:
        return found
    reader = client.get_site_info().user_id
    for done, course_id in enumerate(unknown):
        progress(done, len(unknown))
        try:
            grades = client.get_grade_items(course_id, reader)
        except AccessDenied:
            break  # the function is not in the service: it will not be for the next course either
        except MoodleError as error:
            if error.retryable:
                raise
            continue
        if grades:
            found[course_id] = grades[0].course_idnumber
    progress(len(unknown), len(unknown))
    return found


def _update(course: Course, seen: MoodleCourse, idnumber: str | None, moment: datetime) -> None:
    course.shortname = seen.shortname
    course.fullname = seen.fullname
    course.summary = plain_text(seen.summary)[:LONGEST_SUMMARY]
    if idnumber is not None:
        course.idnumber = idnumber
    course.seen_at = moment
    course.gone_at = None


def _mark_gone(missing: Iterable[Course], moment: datetime) -> int:
    newly = [course for course in missing if course.gone_at is None]
    for course in newly:
        course.gone_at = moment
    return len(newly)


def _key(site_id: int) -> str:
    return f"{SYNC_COURSES}:{site_id}"

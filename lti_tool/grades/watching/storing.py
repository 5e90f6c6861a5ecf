"""Writes what a watch found: marks and digests together, batch after batch, so that none is lost.

An enrolment whose digests were not written yet is found again by the next watch: at worst it is marked
twice, which reads it once more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Table, and_, delete, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.grades.due import is_whole_due, mark_due
from lti_tool.grades.rules.fingerprints import Family, unpack
from lti_tool.grades.rules.scope import Part
from lti_tool.grades.watching.comparing import Change
from lti_tool.grades.watching.models import WatchedEnrolment
from lti_tool.jobs import Priority
from lti_tool.partners.cohorts import cohort_links, queue_reading

BATCH = 500
UNMARKED_BATCH = 5000
"""Changes of one transaction, with and without marks."""
REPORT = "report"
"""Reason of a mark: the report of the site tells that something moved."""
FIRST = "first_reading"
"""Reason of a mark: the course was never read."""
_TABLE = cast("Table", WatchedEnrolment.__table__)
_KEY = ("site_id", "course", "subject")
_DIGESTS = tuple(family.name.lower() for family in Family)


def store_changes(
    sessions: sessionmaker[Session],
    site_id: int,
    changes: Iterable[Change],
    courses: Mapping[int, int],
    *,
    mark: bool = True,
) -> None:
    """Mark what has to be read of each change, and keep what it looks like now.

    Args:
        courses: Course.id by Moodle's number.
        mark: False to take everything as it is.
    """
    ordered = sorted(changes, key=lambda one: (courses[one.course], one.subject))
    size = BATCH if mark else UNMARKED_BATCH
    for start in range(0, len(ordered), size):
        batch = ordered[start : start + size]
        with sessions.begin() as session:
            if mark:
                _mark(session, batch, courses)
            _keep(session, site_id, [one for one in batch if one.digests is not None])
            _forget(session, site_id, [one for one in batch if one.digests is None])


def mark_first_readings(sessions: sessionmaker[Session], course_ids: Iterable[int]) -> None:
    """Mark whole courses that were never read; nobody waits for them.

    Not those whose whole reading waits or runs: they would be read twice.
    """
    for course_id in sorted(course_ids):
        with sessions.begin() as session:
            if is_whole_due(session, course_id):
                continue
            mark_due(session, course_id, None, priority=Priority.NORMAL, reason=FIRST)


def ask_for_moved_cohorts(sessions: sessionmaker[Session], site_id: int) -> None:
    """Ask for the cohorts of a site, once whoever moved; not where none stands for an association."""
    with sessions.begin() as session:
        if cohort_links(session, site_id=site_id):
            queue_reading(session, site_id, Priority.SOON)


def forget_other_courses(session: Session, site_id: int, courses: Iterable[int]) -> None:
    """Forget the enrolments of the courses that no longer count. The caller commits."""
    session.execute(
        delete(WatchedEnrolment)
        .where(WatchedEnrolment.site_id == site_id, WatchedEnrolment.course.not_in(list(courses)))
        .execution_options(synchronize_session=False)
    )


def _mark(session: Session, batch: Sequence[Change], courses: Mapping[int, int]) -> None:
    wanted: dict[tuple[int, frozenset[Part]], list[int]] = defaultdict(list)
    for change in batch:
        if change.parts:
            wanted[courses[change.course], change.parts].append(change.subject)
    for (course_id, parts), subjects in sorted(wanted.items(), key=lambda item: item[0][0]):
        mark_due(session, course_id, subjects, parts=parts, priority=Priority.SOON, reason=REPORT)


def _keep(session: Session, site_id: int, changes: Sequence[Change]) -> None:
    if not changes:
        return
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(_TABLE)
    statement = statement.on_conflict_do_update(
        index_elements=_KEY, set_={name: statement.excluded[name] for name in (*_DIGESTS, "kind")}
    )
    session.execute(statement, list(_rows(site_id, changes)))


def _rows(site_id: int, changes: Sequence[Change]) -> Iterator[dict[str, Any]]:
    for change in changes:
        digests = unpack(change.digests or 0)
        yield {
            "site_id": site_id,
            "course": change.course,
            "subject": change.subject,
            "kind": change.kind,
            **dict(zip(_DIGESTS, digests, strict=True)),
        }


def _forget(session: Session, site_id: int, changes: Sequence[Change]) -> None:
    by_course: dict[int, list[int]] = defaultdict(list)
    for change in changes:
        by_course[change.course].append(change.subject)
    if by_course:
        session.execute(
            delete(WatchedEnrolment)
            .where(
                WatchedEnrolment.site_id == site_id,
                or_(
                    *(
                        and_(
                            WatchedEnrolment.course == course, WatchedEnrolment.subject.in_(people)
                        )
                        for course, people in by_course.items()
                    )
                ),
            )
            .execution_options(synchronize_session=False)
        )

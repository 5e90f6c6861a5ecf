"""Mapping courses to domains: decide, end, and read at any moment (R005).

A line says that a course counts for a domain from a moment until a moment. Lines are never
rewritten: a change ends one and begins another, so that a decision taken in between can still be
explained (certification, V10). Suggestions live in ``proposing``, the grid in ``coverage``,
the page of a course in ``course_file``.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CursorResult, Select, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from lti_tool import clock, journal
from lti_tool.errors import NotFound
from lti_tool.platforms.models import Course
from lti_tool.referential.errors import (
    MappingEnded,
    MappingReasonNeeded,
    SubthemeElsewhere,
    TargetRefused,
)
from lti_tool.referential.models import CourseMapping, Domain, MappingKind, Subtheme

REASON_LENGTH = 300


def map_course(
    session: Session,
    *,
    actor_id: int | None,
    course: Course,
    domain: Domain,
    subtheme: Subtheme | None = None,
    kind: MappingKind = MappingKind.REQUIRED,
    reason: str = "",
    at: datetime | None = None,
) -> CourseMapping:
    """Make a course count for a domain, and commit.

    The same line asked for twice, or by two people at once, is one line. Another ``kind`` ends
    the present line and begins a new one at the same moment.

    Args:
        actor_id: coordinator who decides; None from the command line.
        subtheme: a sub-theme of ``domain``; None for the domain as a whole.
        reason: why, in words (cut at 300 characters).
        at: when it begins to count; None: now.

    Raises:
        SubthemeElsewhere: the sub-theme is another domain's.
    """
    mapping = add_mapping(
        session,
        actor_id=actor_id,
        course=course,
        domain=domain,
        subtheme=subtheme,
        kind=kind,
        reason=reason,
        at=at,
    )
    session.commit()
    return mapping


def add_mapping(
    session: Session,
    *,
    actor_id: int | None,
    course: Course,
    domain: Domain,
    subtheme: Subtheme | None,
    kind: MappingKind,
    reason: str,
    at: datetime | None = None,
) -> CourseMapping:
    """Do what ``map_course`` does in the caller's transaction; the caller commits."""
    if subtheme is not None and subtheme.domain_id != domain.id:
        raise SubthemeElsewhere(f"subtheme {subtheme.id} of domain {domain.id}")
    moment = at or clock.now()
    subtheme_id = subtheme.id if subtheme else None
    current = _current_line(session, course.id, domain.id, subtheme_id)
    if current is not None and current.kind == kind:
        return current
    if current is not None:
        _end(session, actor_id, current, max(moment, current.valid_from), reason)
    line = CourseMapping(
        course_id=course.id,
        domain_id=domain.id,
        subtheme_id=subtheme_id,
        kind=kind,
        valid_from=moment,
        decided_by=actor_id,
        reason=reason.strip()[:REASON_LENGTH],
    )
    try:
        with session.begin_nested():
            session.add(line)
    except IntegrityError:
        # Somebody began the same line between our reading and our writing: theirs stands.
        theirs = _current_line(session, course.id, domain.id, subtheme_id)
        if theirs is None:
            raise
        return theirs
    journal.record(
        session,
        actor_id=actor_id,
        action="mapping.begun",
        subject="course_mapping",
        subject_id=line.id,
        course_id=course.id,
        domain=domain.code,
        subtheme=subtheme.code if subtheme else None,
        kind=str(kind),
        valid_from=moment.isoformat(),
    )
    return line


def end_mapping(
    session: Session,
    *,
    actor_id: int | None,
    mapping_id: int,
    reason: str,
    course_id: int | None = None,
) -> CourseMapping:
    """Make a course no longer count for a domain from now on, and commit.

    Awards and decisions of before keep the line they were taken on.

    Args:
        course_id: the course that the line must belong to, when the address names one.

    Raises:
        NotFound: no such line.
        MappingReasonNeeded: the reason is empty.
        MappingEnded: it was ended already.
    """
    if not reason.strip():
        raise MappingReasonNeeded
    line = session.get(CourseMapping, mapping_id)
    if line is None or course_id not in (None, line.course_id):
        raise NotFound("course mapping")
    _end(session, actor_id, line, max(clock.now(), line.valid_from), reason)
    session.commit()
    return line


def current_mappings(session: Session, at: datetime) -> list[CourseMapping]:
    """Return the lines that count at ``at``, by domain then course, with both loaded."""
    return list(session.scalars(_lines_at(at)))


def mappings_of_domain(session: Session, domain_id: int, at: datetime) -> list[CourseMapping]:
    """Return the lines by which courses count for a domain at ``at`` (``line.course``, ``line.kind``)."""
    return list(session.scalars(_lines_at(at).where(CourseMapping.domain_id == domain_id)))


def mappings_of_course(session: Session, course_id: int, at: datetime) -> list[CourseMapping]:
    """Return the lines by which a course counts for domains at ``at`` (``line.domain``, ``line.kind``)."""
    return list(session.scalars(_lines_at(at).where(CourseMapping.course_id == course_id)))


def find_target(session: Session, code: str) -> tuple[Domain, Subtheme | None]:
    """Return what a form names: ``RMP-ADL-4``, or ``RMP-ADL-3:sante`` for a sub-theme.

    Raises:
        TargetRefused: no such domain or sub-theme.
    """
    domain_code, _, subtheme_code = code.partition(":")
    domain = session.scalar(select(Domain).where(Domain.code == domain_code))
    if domain is None:
        raise TargetRefused
    subtheme = next((one for one in domain.subthemes if one.code == subtheme_code), None)
    if subtheme_code and subtheme is None:
        raise TargetRefused
    return domain, subtheme


def all_domains(session: Session) -> list[Domain]:
    """Return the domains in the order of the referential."""
    return list(session.scalars(select(Domain).order_by(Domain.number)))


def _lines_at(at: datetime) -> Select[CourseMapping]:
    return (
        select(CourseMapping)
        .join(Domain, Domain.id == CourseMapping.domain_id)
        .join(Course, Course.id == CourseMapping.course_id)
        .where(
            CourseMapping.valid_from <= at,
            or_(CourseMapping.valid_to.is_(None), CourseMapping.valid_to > at),
        )
        .options(
            joinedload(CourseMapping.course),
            joinedload(CourseMapping.domain),
            joinedload(CourseMapping.subtheme),
        )
        .order_by(Domain.number, Course.idnumber, Course.id, CourseMapping.id)
    )


def _current_line(
    session: Session, course_id: int, domain_id: int, subtheme_id: int | None
) -> CourseMapping | None:
    return session.scalar(
        select(CourseMapping).where(
            CourseMapping.course_id == course_id,
            CourseMapping.domain_id == domain_id,
            func.coalesce(CourseMapping.subtheme_id, 0) == (subtheme_id or 0),
            CourseMapping.valid_to.is_(None),
        )
    )


def _end(
    session: Session, actor_id: int | None, line: CourseMapping, moment: datetime, reason: str
) -> None:
    ended = session.execute(
        update(CourseMapping)
        .where(CourseMapping.id == line.id, CourseMapping.valid_to.is_(None))
        .values(valid_to=moment, ended_by=actor_id, end_reason=reason.strip()[:REASON_LENGTH])
    )
    if not isinstance(ended, CursorResult) or ended.rowcount != 1:
        raise MappingEnded(f"course mapping {line.id}")
    journal.record(
        session,
        actor_id=actor_id,
        action="mapping.ended",
        subject="course_mapping",
        subject_id=line.id,
        course_id=line.course_id,
        domain_id=line.domain_id,
        valid_to=moment.isoformat(),
    )

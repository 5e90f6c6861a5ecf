"""What has to be read of a course: marks, made by whoever learns of a change, taken by the job.

One job reads one course. What is marked while it reads is not lost: it takes the marks it finds when it
begins, deletes those once stored, and is asked for again when others came. Both sides lock the
course first, so that no mark falls between the last look of a job and its end.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.grades.models import DueReading
from lti_tool.grades.rules.scope import EVERY_PART, Mark, Part, Scope
from lti_tool.jobs import Job, Priority, enqueue
from lti_tool.jobs.models import PENDING
from lti_tool.jobs.service import release_key
from lti_tool.platforms.models import Course, Site

PULL_COURSE = "grades.pull_course"
ASKED = "asked"
"""Reason of a mark that a person asked for."""
BATCH = 500
PATIENCE = timedelta(hours=1)
"""How long what a reading left behind waits at least before it is asked for again."""
LONGEST_PATIENCE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TakenMarks:
    """The marks that one reading covers."""

    ids: tuple[int, ...]
    scope: Scope


def mark_due(
    session: Session,
    course_id: int,
    subjects: Collection[int] | None,
    *,
    parts: Collection[Part] = EVERY_PART,
    priority: Priority,
    reason: str,
    asked_by: int | None = None,
) -> Job:
    """Mark what has to be read and ask for the reading, in the caller's transaction.

    Who marks several courses in one transaction takes them in the order of their ids: each is
    locked until the commit.

    Args:
        session: the caller commits it.
        course_id: Course.id.
        subjects: Moodle's user ids; None: the whole course.
        parts: what has to be read of them.
        priority: ``jobs.Priority``.
        reason: why, in one stable word.
        asked_by: person who asks.

    Returns:
        The reading that waits, or that runs and will be followed by another.
    """
    lock_course(session, course_id)
    wanted = {None} if subjects is None else set(subjects)
    waiting = {
        row.subject: row
        for row in session.scalars(
            select(DueReading).where(DueReading.course_id == course_id, DueReading.taken.is_(False))
        )
    }
    for subject in wanted & waiting.keys():
        row = waiting[subject]
        merged = sorted({*row.parts, *parts})
        if merged != row.parts:
            row.parts = merged
        row.priority = min(row.priority, priority)
    new = [
        {
            "course_id": course_id,
            "subject": subject,
            "parts": sorted(parts),
            "priority": int(priority),
            "reason": reason,
            "asked_at": clock.now(),
            "taken": False,
        }
        for subject in sorted(wanted - waiting.keys(), key=lambda number: number or 0)
    ]
    if new:
        session.execute(insert(DueReading), new)
    return _ask(session, course_id, priority, asked_by)


def is_whole_due(session: Session, course_id: int) -> bool:
    """Whether a reading of the whole course, in every part, waits or runs."""
    lock_course(session, course_id)
    marked = session.scalars(
        select(DueReading.parts).where(
            DueReading.course_id == course_id, DueReading.subject.is_(None)
        )
    )
    return any(set(EVERY_PART) <= set(parts) for parts in marked)


def forget_gone(session: Session) -> None:
    """Delete the marks of courses deleted in Moodle: nothing of them can be read. The caller commits."""
    gone = select(Course.id).where(Course.gone_at.is_not(None))
    session.execute(
        delete(DueReading)
        .where(DueReading.course_id.in_(gone))
        .execution_options(synchronize_session=False)
    )


def take_due(session: Session, course_id: int) -> TakenMarks:
    """Take every mark of the course, those of a reading that died included. The caller commits."""
    lock_course(session, course_id)
    rows = session.execute(
        select(DueReading.id, DueReading.subject, DueReading.parts).where(
            DueReading.course_id == course_id
        )
    ).all()
    session.execute(
        update(DueReading)
        .where(DueReading.course_id == course_id, DueReading.taken.is_(False))
        .values(taken=True)
        .execution_options(synchronize_session=False)
    )
    marks = (Mark(row.subject, frozenset(Part(part) for part in row.parts)) for row in rows)
    return TakenMarks(tuple(row.id for row in rows), Scope.of(marks))


def settle_due(session: Session, course_id: int, taken: TakenMarks, job_id: int) -> Job | None:
    """Delete the marks that were read; ask for another reading when others came. The caller commits.

    The job ``job_id`` lets go of its key: what is marked from now on asks for another one.
    """
    lock_course(session, course_id)
    for start in range(0, len(taken.ids), BATCH):
        session.execute(
            delete(DueReading)
            .where(DueReading.id.in_(taken.ids[start : start + BATCH]))
            .execution_options(synchronize_session=False)
        )
    release_key(session, job_id)
    left = session.scalar(
        select(func.min(DueReading.priority)).where(DueReading.course_id == course_id)
    )
    return None if left is None else _ask(session, course_id, Priority(left), None)


def give_back(session: Session, taken: TakenMarks) -> None:
    """Have the marks of a reading that failed wait again. The caller commits."""
    for start in range(0, len(taken.ids), BATCH):
        session.execute(
            update(DueReading)
            .where(DueReading.id.in_(taken.ids[start : start + BATCH]))
            .values(taken=False)
            .execution_options(synchronize_session=False)
        )


def ask_for_left(session: Session) -> int:
    """Ask again for what readings left behind: they failed to their last attempt, or were stopped.

    The marks say what is due, and no job is about to read it: a site that was closed for an hour
    must not have its changes unread until the next one. Each time that fails is followed by a longer
    wait. The caller commits.

    Returns:
        How many courses.
    """
    moment = clock.now()
    marked = session.execute(
        select(DueReading.course_id, func.min(DueReading.priority), func.min(DueReading.asked_at))
        .join(Course, Course.id == DueReading.course_id)
        .join(Site, Site.id == Course.site_id)
        .where(Course.gone_at.is_(None), Site.token.is_not(None))
        .group_by(DueReading.course_id)
        .order_by(DueReading.course_id)
    ).all()
    keys = [_key(row[0]) for row in marked]
    busy = set(session.scalars(select(Job.key).where(Job.key.in_(keys), Job.state.in_(PENDING))))
    ended = dict(
        session.execute(
            select(Job.key, func.max(Job.finished_at)).where(Job.key.in_(keys)).group_by(Job.key)
        ).all()
    )
    left = [
        (course_id, Priority(max(priority, Priority.SOON)))
        for course_id, priority, asked_at in marked
        if _key(course_id) not in busy
        and _is_time(asked_at, ended.get(_key(course_id)) or asked_at, moment)
    ]
    for course_id, priority in left:
        _ask(session, course_id, priority, None)
    return len(left)


def lock_course(session: Session, course_id: int) -> None:
    """Hold the course until the end of the transaction, against others who mark it or store in it."""
    session.execute(select(Course.id).where(Course.id == course_id).with_for_update(key_share=True))


def _ask(session: Session, course_id: int, priority: Priority, asked_by: int | None) -> Job:
    return enqueue(
        session,
        PULL_COURSE,
        {"course_id": course_id},
        key=_key(course_id),
        asked_by=asked_by,
        priority=priority,
    )


def _key(course_id: int) -> str:
    return f"{PULL_COURSE}:{course_id}"


def _is_time(asked_at: datetime, ended_at: datetime, now: datetime) -> bool:
    """Whether a reading that ended without its marks is due again: half as much later as they are old."""
    wait = max(PATIENCE, (ended_at - asked_at) / 2)
    return now - ended_at >= min(wait, LONGEST_PATIENCE)

"""What has to be read of a course: marks, made by whoever learns of a change, taken by the job.

One job reads one course. What is marked while it reads is not lost: it takes the marks it finds when it
begins, deletes those once stored, and is asked for again when others came. Both sides lock the
course first, so that no mark falls between the last look of a job and its end.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.grades.models import DueReading
from lti_tool.grades.rules.scope import EVERY_PART, Mark, Part, Scope
from lti_tool.jobs import Job, Priority, enqueue
from lti_tool.jobs.service import release_key
from lti_tool.platforms.models import Course

PULL_COURSE = "grades.pull_course"
ASKED = "asked"
"""Reason of a mark that a person asked for."""
BATCH = 500


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


def lock_course(session: Session, course_id: int) -> None:
    """Hold the course until the end of the transaction, against others who mark it or store in it."""
    session.execute(select(Course.id).where(Course.id == course_id).with_for_update(key_share=True))


def _ask(session: Session, course_id: int, priority: Priority, asked_by: int | None) -> Job:
    return enqueue(
        session,
        PULL_COURSE,
        {"course_id": course_id},
        key=f"{PULL_COURSE}:{course_id}",
        asked_by=asked_by,
        priority=priority,
    )

"""Use cases of the grades: ask for a pull, pull a course, say how fresh the values are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.grades.enrolling import store_enrolments, store_others
from lti_tool.grades.models import Pull, Unreadable
from lti_tool.grades.reading import (
    CompletionReading,
    Enrolled,
    read_completions,
    read_enrolments,
    read_gradebook,
)
from lti_tool.grades.storing import store_completion, store_gradebook
from lti_tool.grades.weights import note_counted
from lti_tool.jobs import Job, enqueue
from lti_tool.people.models import Account
from lti_tool.platforms.models import Course
from moodle_client import MoodleClient, MoodleError

PULL_COURSE = "grades.pull_course"
COMPLETION_BATCH = 50
OWN_COLUMN_COUNTS = "own_column_counts"
"""Warning of a pull: a column that the tool publishes counts in somebody's total."""
Progress = Callable[[int, int | None], None]


def ask_for_pull(session: Session, course: Course, asked_by: int | None) -> Job:
    """Queue a pull of the course and commit; a pull already waiting or running is returned."""
    job = enqueue(
        session,
        PULL_COURSE,
        {"course_id": course.id},
        key=f"{PULL_COURSE}:{course.id}",
        asked_by=asked_by,
    )
    session.commit()
    return job


def pull_course(
    sessions: sessionmaker[Session],
    client: MoodleClient,
    course_id: int,
    *,
    job_id: int | None = None,
    progress: Progress = lambda _done, _total: None,
) -> Pull:
    """Read a course from Moodle and store what changed.

    Nothing is held locked while Moodle is read: each stage is written in a transaction of its
    own, and what was written before an interruption stays true. When Moodle fails, the last known
    values stay as they are and the pull keeps the error's code.

    Raises:
        MoodleError: what Moodle answered, once recorded.
    """
    with sessions.begin() as session:
        course = session.get_one(Course, course_id)
        pull = Pull(course_id=course_id, job_id=job_id, started_at=clock.now(), warnings=[])
        session.add(pull)
    try:
        _read_and_store(sessions, client, course, pull, progress)
    except MoodleError as error:
        with sessions.begin() as session:
            session.get_one(Pull, pull.id).error_code = error.code
        raise
    with sessions.begin() as session:
        done = session.get_one(Pull, pull.id)
        done.finished_at = clock.now()
        done.unreadable = (
            session.scalar(
                select(func.count())
                .select_from(Unreadable)
                .where(Unreadable.course_id == course_id)
            )
            or 0
        )
    return done


def last_pull(session: Session, course_id: int) -> Pull | None:
    """Return the newest pull of the course that went to its end."""
    return session.scalar(
        select(Pull)
        .where(Pull.course_id == course_id, Pull.finished_at.is_not(None))
        .order_by(Pull.id.desc())
        .limit(1)
    )


def latest_failure(session: Session, course_id: int) -> Pull | None:
    """Return the newest pull when Moodle refused or failed it, None when the newest went well."""
    newest = session.scalar(
        select(Pull).where(Pull.course_id == course_id).order_by(Pull.id.desc()).limit(1)
    )
    return newest if newest is not None and newest.error_code else None


def _read_and_store(
    sessions: sessionmaker[Session],
    client: MoodleClient,
    course: Course,
    pull: Pull,
    progress: Progress,
) -> None:
    enrolled = read_enrolments(client, course.moodle_id)
    learners = [entry for entry in enrolled if entry.role == "learner"]
    total = 2 * len(learners)
    progress(0, total)
    with sessions.begin() as session:
        accounts = store_enrolments(
            session, course, enrolled, clock.now(), read_from=pull.started_at
        )
    gradebook = read_gradebook(client, course.moodle_id)
    progress(len(learners), total)
    with sessions.begin() as session:
        present, moment = session.get_one(Pull, pull.id), clock.now()
        store_others(session, course, enrolled, gradebook, moment)
        counts = store_gradebook(session, course, present, gradebook, accounts, moment)
        present.read, present.changed = counts.read, counts.changed
        present.warnings = _warnings(
            gradebook_is_empty=not gradebook,
            learners=learners,
            totals=any(g.course_total for g in gradebook),
        )
        if note_counted(session, course.id, moment):
            present.warnings = [*present.warnings, OWN_COLUMN_COUNTS]
    active = [entry.user.id for entry in learners if not entry.enrolment_suspended]
    changed = _store_completions(
        sessions,
        client,
        course,
        pull,
        active,
        accounts,
        lambda done: progress(len(learners) + done, total),
    )
    with sessions.begin() as session:
        present = session.get_one(Pull, pull.id)
        present.read, present.changed = present.read + len(active), present.changed + changed
    progress(total, total)


def _store_completions(
    sessions: sessionmaker[Session],
    client: MoodleClient,
    course: Course,
    pull: Pull,
    active: list[int],
    accounts: dict[int, Account],
    progress: Callable[[int], None],
) -> int:
    batch: list[tuple[int, CompletionReading]] = []
    changed = 0

    def write(moment: datetime) -> int:
        with sessions.begin() as session:
            return sum(
                store_completion(session, course, pull, accounts[user_id], reading, moment)
                for user_id, reading in batch
            )

    for entry in read_completions(client, course.moodle_id, active, progress):
        batch.append(entry)
        if len(batch) == COMPLETION_BATCH:
            changed += write(clock.now())
            batch.clear()
    return changed + write(clock.now())


def _warnings(*, gradebook_is_empty: bool, learners: list[Enrolled], totals: bool) -> list[str]:
    """Return the codes of what the page must warn about."""
    if gradebook_is_empty:
        active = [entry for entry in learners if not entry.enrolment_suspended]
        return ["gradebook_empty"] if active else []
    return [] if totals else ["no_course_total"]

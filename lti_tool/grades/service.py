"""Use cases of the grades: ask for a pull, pull a course, say how fresh the values are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.grades.due import ASKED, lock_course, mark_due
from lti_tool.grades.enrolling import (
    known_learners,
    note_unreadable,
    store_enrolments,
    store_others,
)
from lti_tool.grades.models import Pull, Unreadable
from lti_tool.grades.reading import (
    CompletionReading,
    Enrolled,
    read_completions,
    read_enrolments,
    read_gradebook,
    read_learners,
)
from lti_tool.grades.rules.scope import WHOLE, Part, Scope
from lti_tool.grades.storing import store_completion, store_gradebook
from lti_tool.grades.weights import note_counted
from lti_tool.jobs import Job
from lti_tool.people.models import Account
from lti_tool.platforms.models import Course
from lti_tool.platforms.service.identity import forget_identity, identify
from moodle_client import MoodleClient, MoodleError, UserGrades

AT_ONCE = 10
"""Priority of a reading that a person waits for."""
COMPLETION_BATCH = 50
OWN_COLUMN_COUNTS = "own_column_counts"
"""Warning of a pull: a column that the tool publishes counts in somebody's total."""
Progress = Callable[[int, int | None], None]


def ask_for_pull(session: Session, course: Course, asked_by: int | None) -> Job:
    """Queue a pull of the course and commit; a pull already waiting or running is returned."""
    job = mark_due(session, course.id, None, priority=AT_ONCE, reason=ASKED, asked_by=asked_by)
    session.commit()
    return job


def pull_course(
    sessions: sessionmaker[Session],
    client: MoodleClient,
    course_id: int,
    *,
    scope: Scope = WHOLE,
    job_id: int | None = None,
    progress: Progress = lambda _done, _total: None,
) -> Pull:
    """Read a course from Moodle, or what ``scope`` says of it, and store what changed.

    Nothing is held locked while Moodle is read: each stage is written in a transaction of its
    own, and what was written before an interruption stays true. When Moodle fails, the last known
    values stay as they are and the pull keeps the error's code.

    Raises:
        MoodleError: what Moodle answered, once recorded.
    """
    with sessions.begin() as session:
        course = session.get_one(Course, course_id)
        pull = Pull(
            course_id=course_id,
            job_id=job_id,
            everyone=Part.GRADES in scope.everyone,
            started_at=clock.now(),
            warnings=[],
        )
        session.add(pull)
    try:
        identify(sessions, client, course.site_id)
        _read_and_store(sessions, client, course, pull, scope, progress)
    except MoodleError as error:
        with sessions.begin() as session:
            failed = session.get_one(Pull, pull.id)
            failed.error_code, failed.error_reason = error.code, error.reason and error.reason[:40]
        forget_identity(sessions, course.site_id)
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
    """Return the newest pull of everybody in the course that went to its end."""
    return session.scalar(
        select(Pull)
        .where(Pull.course_id == course_id, Pull.finished_at.is_not(None), Pull.everyone.is_(True))
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
    scope: Scope,
    progress: Progress,
) -> None:
    enrolled: list[Enrolled] = []
    with sessions() as session:
        accounts = known_learners(session, course)
    if scope.membership or not (scope.grades | scope.completion) <= accounts.keys():
        enrolled = read_enrolments(client, course.moodle_id)
        with sessions.begin() as session:
            store_enrolments(session, course, enrolled, clock.now(), read_from=pull.started_at)
            accounts = known_learners(session, course)
    wanted = accounts.keys() if Part.GRADES in scope.everyone else scope.grades & accounts.keys()
    completed = (
        accounts.keys() if Part.COMPLETION in scope.everyone else scope.completion & accounts.keys()
    )
    total = len(wanted) + len(completed)
    progress(0, total)
    if Part.GRADES in scope.everyone:
        gradebook = read_gradebook(client, course.moodle_id)
        _store_whole(sessions, course, pull, enrolled, gradebook, accounts)
    else:
        _store_learners(sessions, client, course, pull, sorted(wanted), accounts, progress, total)
    progress(len(wanted), total)
    changed = _store_completions(
        sessions,
        client,
        course,
        pull,
        sorted(completed),
        accounts,
        lambda done: progress(len(wanted) + done, total),
    )
    with sessions.begin() as session:
        present = session.get_one(Pull, pull.id)
        present.read, present.changed = present.read + len(completed), present.changed + changed
    progress(total, total)


def _store_whole(
    sessions: sessionmaker[Session],
    course: Course,
    pull: Pull,
    enrolled: list[Enrolled],
    gradebook: list[UserGrades],
    accounts: dict[int, Account],
) -> None:
    with sessions.begin() as session:
        lock_course(session, course.id)
        present, moment = session.get_one(Pull, pull.id), clock.now()
        store_others(session, course, enrolled, gradebook, moment)
        counts = store_gradebook(session, course, present, gradebook, accounts, moment)
        present.read, present.changed = counts.read, counts.changed
        present.warnings = _warnings(
            gradebook_is_empty=not gradebook,
            learners=bool(accounts),
            totals=any(g.course_total for g in gradebook),
        )
        if note_counted(session, course.id, moment):
            present.warnings = [*present.warnings, OWN_COLUMN_COUNTS]


def _store_learners(
    sessions: sessionmaker[Session],
    client: MoodleClient,
    course: Course,
    pull: Pull,
    numbers: list[int],
    accounts: dict[int, Account],
    progress: Progress,
    total: int,
) -> None:
    for done, (number, read) in enumerate(read_learners(client, course.moodle_id, numbers)):
        progress(done, total)
        with sessions.begin() as session:
            lock_course(session, course.id)
            moment = clock.now()
            if isinstance(read, UserGrades):
                present = session.get_one(Pull, pull.id)
                counts = store_gradebook(session, course, present, [read], accounts, moment)
                present.read, present.changed = (
                    present.read + counts.read,
                    present.changed + counts.changed,
                )
                note_counted(session, course.id, moment)
            else:
                note_unreadable(session, course, accounts[number], read, moment)


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


def _warnings(*, gradebook_is_empty: bool, learners: bool, totals: bool) -> list[str]:
    """Return the codes of what the page must warn about."""
    if gradebook_is_empty:
        return ["gradebook_empty"] if learners else []
    return [] if totals else ["no_course_total"]

"""Whether a column that the tool publishes counts in the totals that it reads (decision 0031).

Moodle tells a weight per person, and only once they have a grade: an empty column says nothing, unless
the category counts empty grades as zeros. ``grade_category::set_usedinaggregation`` writes the weight
and how it was used; ``gradereport_user_get_grade_items`` gives both (``weightraw``, ``status``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Select, and_, false, or_, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.grades.dating import date_of_item, read_dates
from lti_tool.grades.models import CurrentGrade, GradeItem, GradeSnapshot, LearnerReading
from lti_tool.grades.reading.completions import PERSON_ERRORS
from lti_tool.jobs import JobError
from lti_tool.lti.gradebook.weights import Told, grade_item_number, own_columns
from lti_tool.lti.models import LineItem, Weight
from lti_tool.people.models import Account
from lti_tool.platforms.models import Course
from lti_tool.platforms.service import client_for
from lti_tool.settings import Settings
from moodle_client import GradeItem as ReadItem
from moodle_client import MoodleClient, MoodleError

EXCLUDED = "excluded"
"""Word of ``status`` for a grade that was left out for one person: it says nothing of the others."""
PLAIN = (None, "", EXCLUDED)
"""Words of ``status`` with which a weight of 0 says that the grade counts for nothing. « dropped »
does not: a lowest grade that is left out keeps another one in."""
ASKED = 5
"""How many people are asked about, at most, before nothing is known."""


def counts_in_totals(items: Sequence[ReadItem], number: int) -> bool | None:
    """Return whether a column counts in a total of somebody that a rule can read; None: unknown.

    Those are the course total and, when its category has an idnumber, the category's. A column counts in
    the course total when it counts in its category and this one in the next; Moodle does not name the
    category above, which is taken as counting.

    Args:
        items: the gradebook of one person.
        number: Moodle's number of the column.
    """
    column = next((item for item in items if item.id == number), None)
    if column is None:
        return None
    own = _counts(column)
    above = next(
        (item for item in items if item.type == "category" and item.instance == column.category_id),
        None,
    )
    if own is False or above is None or above.idnumber:
        return own
    return False if _counts(above) is False else own


def weigh(
    sessions: sessionmaker[Session],
    settings: Settings,
    course_id: int,
    column: str,
    subjects: Sequence[str],
) -> Told:
    """Ask Moodle whether a column counts, one person after the other until one tells.

    Args:
        sessions: factory of database sessions.
        settings: how long Moodle is waited for.
        course_id: Course.id.
        column: address of the column.
        subjects: people who have a score in it, all asked about when there are ``ASKED`` at most;
            first, some for whom the last pull said that it counts.

    Raises:
        JobError: Moodle refused or did not answer.
    """
    with sessions() as session:
        course = session.get_one(Course, course_id)
        if not course.site.token:
            return Told.NO_TOTALS
        number = grade_item_number(column)
        if number is None:
            return Told.UNSHOWN
        counted = _counted_for(session, course_id, number, max(ASKED - len(subjects), 0))
        people = dict.fromkeys([*counted, *subjects])
        client = client_for(course.site, settings)
    try:
        with client:
            return _first_told(client, course.moodle_id, number, list(people)[:ASKED])
    except MoodleError as error:
        raise JobError(error.code, str(error), retryable=error.retryable) from error


def note_counted(session: Session, course_id: int, at: datetime) -> bool:
    """Hold back the columns that a reading found counting; return whether there are any.

    A column that is being tried is left to the publication that tries it. The caller commits.

    Args:
        session: where the reading was written.
        course_id: Course.id.
        at: moment at which the reading began; what was read before says nothing.
    """
    fresh = _counted(session, [course_id]).where(
        or_(LearnerReading.covered.is_(True), LearnerReading.read_at >= at),
        GradeItem.gone_at.is_(None),
    )
    numbers = set(session.scalars(fresh.with_only_columns(GradeItem.moodle_id).distinct()))
    held = [
        item
        for item in session.scalars(select(LineItem).where(LineItem.course_id == course_id))
        if item.url and grade_item_number(item.url) in numbers
    ]
    for item in held:
        if item.weight not in (Weight.ASKED, Weight.TRIED, Weight.COUNTS):
            item.weight, item.weighed_at = Weight.COUNTS, at
    return bool(held)


def counted_readings(
    session: Session, course_ids: Iterable[int], account_ids: Iterable[int]
) -> dict[tuple[int, int], datetime]:
    """Return whose totals hold a score of ours: (Course.id, Account.id) → when that was last read.

    A total that was read later is clean: the column had left the gradebook by then.
    """
    course_ids, account_ids = list(course_ids), list(account_ids)
    dates = read_dates(session, course_ids, account_ids)
    query = _counted(session, course_ids).where(CurrentGrade.account_id.in_(account_ids))
    found: dict[tuple[int, int], datetime] = {}
    for row in session.execute(query):
        key = (row.course_id, row.account_id)
        read_at = date_of_item(dates.get(key, row.read_at), row.seen_at, row.gone_at)
        found[key] = max(read_at, found.get(key, read_at))
    return found


def _counts(read: ReadItem) -> bool | None:
    if read.weight:
        return True
    if read.final is None:
        return False
    return False if read.weight == Decimal(0) and read.status in PLAIN else None


def _first_told(client: MoodleClient, course: int, number: int, people: Sequence[str]) -> Told:
    for subject in people:
        try:
            [grades] = client.get_grade_items(course, int(subject))
        except (*PERSON_ERRORS, ValueError):
            continue
        column = next((item for item in grades.items if item.id == number), None)
        if column is None:
            return Told.UNSHOWN
        counts = counts_in_totals(grades.items, number)
        if counts:
            return Told.COUNTS
        if column.final is not None and column.status != EXCLUDED:
            return Told.UNSHOWN if counts is None else Told.OUT
    return Told.NOTHING


def _counted(
    session: Session, course_ids: Iterable[int]
) -> Select[int, int, datetime, datetime, datetime | None]:
    """Select the present readings of columns of ours that count, or may: a grade of unknown weight."""
    ours = own_columns(session, course_ids)
    return (
        select(
            GradeItem.course_id,
            CurrentGrade.account_id,
            GradeSnapshot.read_at,
            GradeItem.seen_at,
            GradeItem.gone_at,
        )
        .join(CurrentGrade, CurrentGrade.item_id == GradeItem.id)
        .join(GradeSnapshot, GradeSnapshot.id == CurrentGrade.snapshot_id)
        .outerjoin(
            LearnerReading,
            and_(
                LearnerReading.course_id == GradeItem.course_id,
                LearnerReading.account_id == CurrentGrade.account_id,
            ),
        )
        .where(
            or_(
                false(),
                *(
                    and_(GradeItem.course_id == course_id, GradeItem.moodle_id.in_(numbers))
                    for course_id, numbers in ours.items()
                ),
            ),
            or_(
                GradeSnapshot.counts.is_(True),
                and_(GradeSnapshot.counts.is_(None), GradeSnapshot.final.is_not(None)),
            ),
        )
    )


def _counted_for(session: Session, course_id: int, number: int, limit: int) -> list[str]:
    query = _counted(session, [course_id]).where(GradeItem.moodle_id == number)
    accounts = query.join(Account, Account.id == CurrentGrade.account_id).with_only_columns(
        Account.subject
    )
    return list(session.scalars(accounts.order_by(Account.id).limit(limit)))

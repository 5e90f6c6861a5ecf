"""Writes who is in a course, as the web services told it, in the caller's transaction.

Nothing is erased: who is no longer listed becomes ``gone``. Sessions lose the course that their person
left, so that a suspension in Moodle does not wait for the session's end.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from lti_tool.grades.models import EnrolledAs, Enrolment, EnrolmentState, Unreadable
from lti_tool.grades.reading import Enrolled
from lti_tool.people.accounts import find_or_create_account
from lti_tool.people.models import Account
from lti_tool.people.sessions import close_courses
from lti_tool.platforms.models import Course
from moodle_client import UserGrades


def store_enrolments(
    session: Session,
    course: Course,
    enrolled: list[Enrolled],
    at: datetime,
    *,
    read_from: datetime,
) -> None:
    """Bring enrolments and accounts up to date.

    Who is no longer listed becomes ``gone`` and unreadable. Sessions opened before ``read_from``, when
    the reading began, lose the course for those who left or are suspended, and every course of the
    site for a suspended account.
    """
    known = {
        row.account_id: row
        for row in session.scalars(
            select(Enrolment)
            .options(joinedload(Enrolment.account))
            .where(Enrolment.course_id == course.id)
        )
    }
    accounts: dict[int, Account] = {}
    unreadable: dict[int, str] = {}
    left: list[int] = []
    for entry in enrolled:
        if entry.role is EnrolledAs.OTHER:
            continue
        account = accounts[entry.user.id] = _account(session, course, entry)
        row = known.pop(account.id, None)
        if row is None:
            row = Enrolment(course_id=course.id, account_id=account.id)
            session.add(row)
        row.role = entry.role
        row.state = EnrolmentState.SUSPENDED if entry.enrolment_suspended else EnrolmentState.ACTIVE
        row.last_access = entry.user.last_course_access_at
        row.seen_at = at
        if entry.enrolment_suspended:
            left.append(account.id)
        if entry.role is EnrolledAs.LEARNER and entry.enrolment_suspended:
            unreadable[account.id] = "enrolment_suspended"
        elif entry.role is EnrolledAs.LEARNER and entry.account_suspended:
            unreadable[account.id] = "account_suspended"
    others = {str(entry.user.id) for entry in enrolled if entry.role is EnrolledAs.OTHER}
    for gone in known.values():
        if gone.account.subject in others:
            continue  # still enrolled: what they are is said with the gradebook
        if gone.state != EnrolmentState.GONE:
            # Told once: a launch made since says that Moodle has them there, listed or not.
            left.append(gone.account_id)
        gone.state = EnrolmentState.GONE
        if gone.role == EnrolledAs.LEARNER:
            unreadable[gone.account_id] = "gone"
    _store_unreadable(session, course, unreadable, at)
    close_courses(session, [course.id], left, before=read_from)
    _note_suspended_accounts(session, course, enrolled, accounts, read_from)


def known_learners(session: Session, course: Course) -> dict[int, Account]:
    """Return the accounts of those who are learners there, by Moodle user id; not the suspended."""
    return {
        int(account.subject): account
        for account in session.scalars(
            select(Account)
            .join(Enrolment, Enrolment.account_id == Account.id)
            .where(
                Enrolment.course_id == course.id,
                Enrolment.role == EnrolledAs.LEARNER,
                Enrolment.state == EnrolmentState.ACTIVE,
            )
        )
    }


def note_unreadable(
    session: Session, course: Course, account: Account, reason: str, at: datetime
) -> None:
    """Say why the values of one learner could not be read; those known stay."""
    row = session.scalar(
        select(Unreadable).where(
            Unreadable.course_id == course.id, Unreadable.account_id == account.id
        )
    )
    if row is None:
        session.add(Unreadable(course_id=course.id, account_id=account.id, reason=reason, since=at))
    elif row.reason != reason:
        row.reason, row.since = reason, at


def store_others(
    session: Session,
    course: Course,
    enrolled: list[Enrolled],
    gradebook: list[UserGrades],
    at: datetime,
) -> None:
    """Note who is enrolled under other roles only and that the gradebook does not list.

    Moodle's gradebook lists the active enrolments whose role is set to be graded, whatever the role
    is called: being absent from it is what makes an active enrolment no learner's. An empty
    gradebook, a suspended enrolment or account say nothing, and what was known stands. Of somebody
    unknown, nothing but their number is kept.
    """
    graded = {grades.user_id for grades in gradebook}
    if not graded:
        return
    for entry in enrolled:
        if entry.role is not EnrolledAs.OTHER or entry.user.id in graded:
            continue
        if entry.enrolment_suspended or entry.account_suspended:
            continue
        account = find_or_create_account(
            session, site_id=course.site_id, subject=str(entry.user.id)
        )
        row = session.scalar(
            select(Enrolment).where(
                Enrolment.course_id == course.id, Enrolment.account_id == account.id
            )
        )
        if row is None:
            row = Enrolment(course_id=course.id, account_id=account.id)
            session.add(row)
        row.role, row.state, row.seen_at = EnrolledAs.OTHER, EnrolmentState.ACTIVE, at
        session.execute(
            delete(Unreadable).where(
                Unreadable.course_id == course.id, Unreadable.account_id == account.id
            )
        )


def _account(session: Session, course: Course, entry: Enrolled) -> Account:
    return find_or_create_account(
        session,
        site_id=course.site_id,
        subject=str(entry.user.id),
        full_name=entry.user.fullname or "",
        given_name=entry.user.firstname or "",
        idnumber=entry.user.idnumber or "",
    )


def _note_suspended_accounts(
    session: Session,
    course: Course,
    enrolled: list[Enrolled],
    accounts: dict[int, Account],
    read_from: datetime,
) -> None:
    """Say of each account known whether its site suspended it, and close its courses there if so."""
    of_others = [str(entry.user.id) for entry in enrolled if entry.role is EnrolledAs.OTHER]
    known = select(Account).where(Account.site_id == course.site_id, Account.subject.in_(of_others))
    by_number = accounts | {int(account.subject): account for account in session.scalars(known)}
    closed = []
    for entry in enrolled:
        account = by_number.get(entry.user.id)
        if account is None:
            continue
        account.suspended = entry.account_suspended
        if account.suspended:
            closed.append(account.id)
    if closed:
        of_site = session.scalars(select(Course.id).where(Course.site_id == course.site_id)).all()
        close_courses(session, of_site, closed, before=read_from)


def _store_unreadable(
    session: Session, course: Course, reasons: dict[int, str], at: datetime
) -> None:
    rows = {
        row.account_id: row
        for row in session.scalars(select(Unreadable).where(Unreadable.course_id == course.id))
    }
    for account_id, reason in reasons.items():
        row = rows.pop(account_id, None)
        if row is None:
            session.add(
                Unreadable(course_id=course.id, account_id=account_id, reason=reason, since=at)
            )
        elif row.reason != reason:
            row.reason, row.since = reason, at
    if rows:
        session.execute(
            delete(Unreadable).where(Unreadable.id.in_([row.id for row in rows.values()]))
        )

"""Writes who is in a course, as the web services told it, page by page in the caller's transactions.

Nothing is erased: who is no longer listed becomes ``gone``. Sessions lose the course that their person
left, so that a suspension in Moodle does not wait for the session's end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from lti_tool.grades.models import EnrolledAs, Enrolment, EnrolmentState, Unreadable
from lti_tool.grades.reading.people import Enrolled
from lti_tool.grades.watching.models import kinds_told
from lti_tool.people.accounts import Known, find_or_create_account, find_or_create_accounts
from lti_tool.people.models import Account
from lti_tool.people.sessions import close_courses
from lti_tool.platforms.models import Course
from moodle_client import GroupRef

CHUNK = 500


class People:
    """The people of one course while it is read.

    Args:
        course_id: Course.id.
        site_id: Site.id.
        read_from: when the reading began: sessions opened since stand.
    """

    def __init__(self, course_id: int, site_id: int, read_from: datetime) -> None:
        self._course_id, self._site_id, self._read_from = course_id, site_id, read_from
        self._listed: set[int] = set()
        self._known_as_other: set[str] = set()
        self.others: set[int] = set()
        """Moodle's numbers of active people under other roles only: the gradebook has its word."""
        self.groups: dict[int, tuple[GroupRef, ...]] = {}
        """Account.id → groups, of the learners and trainers listed."""

    def store(self, session: Session, page: Sequence[Enrolled], at: datetime) -> None:
        """Bring accounts and enrolments of some people up to date."""
        named = [one for one in page if one.role is not EnrolledAs.OTHER]
        accounts = find_or_create_accounts(
            session,
            self._site_id,
            [
                Known(
                    subject=str(one.user.id),
                    full_name=one.user.fullname or "",
                    given_name=one.user.firstname or "",
                    idnumber=one.user.idnumber or "",
                    suspended=one.account_suspended,
                )
                for one in named
            ],
        )
        for one in page:
            if one.role is EnrolledAs.OTHER:
                self._known_as_other.add(str(one.user.id))
                if not one.enrolment_inactive and not one.account_suspended:
                    self.others.add(one.user.id)
        by_account = {accounts[str(one.user.id)]: one for one in named}
        self._listed |= by_account.keys()
        self.groups |= {number: one.user.groups for number, one in by_account.items()}
        states = self._states(session, by_account, at)
        self._store_enrolments(session, by_account, states, at)
        self._store_reasons(session, by_account, states, at)
        inactive = [number for number, one in by_account.items() if one.enrolment_inactive]
        close_courses(session, [self._course_id], inactive, before=self._read_from)
        self._note_suspended_accounts(session, page, accounts)

    def store_gone(self, session: Session, at: datetime) -> None:
        """Say who is no longer listed, once everybody was."""
        rows = session.execute(
            select(Enrolment.id, Enrolment.account_id, Enrolment.role, Account.subject)
            .join(Account, Account.id == Enrolment.account_id)
            .where(Enrolment.course_id == self._course_id, Enrolment.state != EnrolmentState.GONE)
        )
        gone = [
            row
            for row in rows
            # Still enrolled under another role: what they are is said with the gradebook.
            if row.account_id not in self._listed and row.subject not in self._known_as_other
        ]
        for start in range(0, len(gone), CHUNK):
            some = gone[start : start + CHUNK]
            session.execute(
                update(Enrolment)
                .where(Enrolment.id.in_([row.id for row in some]))
                .values(state=EnrolmentState.GONE, seen_at=at)
                .execution_options(synchronize_session=False)
            )
            for row in some:
                if row.role == EnrolledAs.LEARNER:
                    note_unreadable(session, self._course_id, row.account_id, "gone", at)
        # Told once: a launch made since says that Moodle has them there, listed or not.
        left = [row.account_id for row in gone]
        close_courses(session, [self._course_id], left, before=self._read_from)

    def store_others(self, session: Session, graded: set[int], at: datetime) -> None:
        """Note who is enrolled under other roles only and that the gradebook does not list.

        Moodle's gradebook lists the active enrolments whose role is set to be graded, whatever the
        role is called: being absent from it is what makes an active enrolment no learner's. An
        empty gradebook, a suspended enrolment or account say nothing, and what was known stands. Of
        somebody unknown, nothing but their number is kept.
        """
        if not graded:
            return
        for number in sorted(self.others - graded):
            account = find_or_create_account(session, site_id=self._site_id, subject=str(number))
            row = session.scalar(
                select(Enrolment).where(
                    Enrolment.course_id == self._course_id, Enrolment.account_id == account.id
                )
            )
            if row is None:
                row = Enrolment(course_id=self._course_id, account_id=account.id, seen_at=at)
                session.add(row)
            if (row.role, row.state) != (EnrolledAs.OTHER, EnrolmentState.ACTIVE):
                row.role, row.state, row.seen_at = EnrolledAs.OTHER, EnrolmentState.ACTIVE, at
            session.execute(
                delete(Unreadable).where(
                    Unreadable.course_id == self._course_id, Unreadable.account_id == account.id
                )
            )

    def _states(
        self, session: Session, by_account: Mapping[int, Enrolled], at: datetime
    ) -> dict[int, EnrolmentState]:
        """Return the state of each: web services say who is not in force, the report may say why."""
        inactive = [one.user.id for one in by_account.values() if one.enrolment_inactive]
        course = session.get_one(Course, self._course_id)
        told = kinds_told(session, self._site_id, course.moodle_id, inactive, at)
        return {
            account_id: EnrolmentState(told.get(one.user.id, EnrolmentState.INACTIVE))
            if one.enrolment_inactive
            else EnrolmentState.ACTIVE
            for account_id, one in by_account.items()
        }

    def _store_enrolments(
        self,
        session: Session,
        by_account: Mapping[int, Enrolled],
        states: Mapping[int, EnrolmentState],
        at: datetime,
    ) -> None:
        known = {
            row.account_id: row
            for row in session.execute(
                select(
                    Enrolment.id,
                    Enrolment.account_id,
                    Enrolment.role,
                    Enrolment.state,
                    Enrolment.last_access,
                ).where(
                    Enrolment.course_id == self._course_id,
                    Enrolment.account_id.in_(list(by_account)),
                )
            )
        }
        new: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        for account_id, one in by_account.items():
            state = states[account_id]
            values = (one.role, state, one.user.last_course_access_at)
            row = known.get(account_id)
            written = {
                "role": one.role,
                "state": state,
                "last_access": one.user.last_course_access_at,
                "seen_at": at,
            }
            if row is None:
                new.append({"course_id": self._course_id, "account_id": account_id, **written})
            elif (row.role, row.state, row.last_access) != values:
                changed.append({"id": row.id, **written})
        if new:
            session.execute(insert(Enrolment), new)
        if changed:
            session.execute(update(Enrolment), changed)

    def _store_reasons(
        self,
        session: Session,
        by_account: Mapping[int, Enrolled],
        states: Mapping[int, EnrolmentState],
        at: datetime,
    ) -> None:
        """Say whose values cannot be relied upon, and whose can again."""
        rows = {
            row.account_id: row
            for row in session.scalars(
                select(Unreadable).where(
                    Unreadable.course_id == self._course_id,
                    Unreadable.account_id.in_(list(by_account)),
                )
            )
        }
        for account_id, one in by_account.items():
            reason = _reason(one, states[account_id])
            row = rows.get(account_id)
            if reason is None:
                if row is not None:
                    session.delete(row)
            elif row is None:
                session.add(
                    Unreadable(
                        course_id=self._course_id, account_id=account_id, reason=reason, since=at
                    )
                )
            elif row.reason != reason:
                row.reason, row.since = reason, at

    def _note_suspended_accounts(
        self, session: Session, page: Sequence[Enrolled], accounts: Mapping[str, int]
    ) -> None:
        """Say of accounts known for other roles whether they are suspended; close their courses."""
        others = {
            str(one.user.id): one.account_suspended for one in page if one.role is EnrolledAs.OTHER
        }
        closed = [
            accounts[str(one.user.id)]
            for one in page
            if one.account_suspended and str(one.user.id) in accounts
        ]
        if others:
            known = select(Account).where(
                Account.site_id == self._site_id, Account.subject.in_(list(others))
            )
            for account in session.scalars(known):
                account.suspended = others[account.subject]
                if account.suspended:
                    closed.append(account.id)
        if closed:
            of_site = session.scalars(
                select(Course.id).where(Course.site_id == self._site_id)
            ).all()
            close_courses(session, of_site, closed, before=self._read_from)


def known_learners(session: Session, course_id: int) -> dict[int, int]:
    """Return Account.id of those who are learners there and active, by Moodle user id."""
    rows = session.execute(
        select(Account.subject, Account.id)
        .join(Enrolment, Enrolment.account_id == Account.id)
        .where(
            Enrolment.course_id == course_id,
            Enrolment.role == EnrolledAs.LEARNER,
            Enrolment.state == EnrolmentState.ACTIVE,
        )
    )
    return {int(row.subject): row.id for row in rows if row.subject.isdigit()}


def note_unreadable(
    session: Session, course_id: int, account_id: int, reason: str, at: datetime
) -> None:
    """Say why the values of one learner could not be read; those known stay."""
    row = session.scalar(
        select(Unreadable).where(
            Unreadable.course_id == course_id, Unreadable.account_id == account_id
        )
    )
    if row is None:
        session.add(Unreadable(course_id=course_id, account_id=account_id, reason=reason, since=at))
    elif row.reason != reason:
        row.reason, row.since = reason, at


def _reason(one: Enrolled, state: EnrolmentState) -> str | None:
    if one.role is not EnrolledAs.LEARNER:
        return None
    if state.is_inactive:
        return f"enrolment_{state}"
    return "account_suspended" if one.account_suspended else None

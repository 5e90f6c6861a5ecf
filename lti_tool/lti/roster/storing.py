"""Writes a roster, a batch in each transaction; departures come last and only from a whole list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lti_tool.lti.models import ContextServices, Member
from lti_tool.lti.roster.reading import RosterMember
from lti_tool.people.accounts import UNNAMED, find_or_create_account
from lti_tool.people.models import Account, Person
from lti_tool.people.sessions import close_courses
from lti_tool.platforms.models import Course


def store_members(
    session: Session, course: Course, members: Sequence[RosterMember], at: datetime
) -> int:
    """Bring these members up to date; return how many are new or came back. The caller commits.

    Args:
        at: when the reading began; one batch never undoes a later reading's.
    """
    accounts = _accounts(session, course, members, at)
    known = {
        row.account_id: row
        for row in session.scalars(
            select(Member).where(
                Member.course_id == course.id,
                Member.account_id.in_([account.id for account in accounts.values()]),
            )
        )
    }
    arrived = 0
    for read in members:
        account = accounts[read.subject]
        row = known.get(account.id)
        if row is None:
            row = Member(course_id=course.id, account_id=account.id, first_seen_at=at)
            session.add(row)
            arrived += 1
        elif row.gone_at is not None:
            arrived += 1
        row.roles, row.seen_at, row.gone_at = list(read.roles), at, None
    session.flush()
    return arrived


def store_departures(session: Session, course: Course, services_id: int, at: datetime) -> int:
    """Mark who was not in the roster begun at ``at``; return how many. The caller commits.

    The course closes in the sessions that they opened before that moment.
    """
    gone = session.scalars(
        update(Member)
        .where(Member.course_id == course.id, Member.gone_at.is_(None), Member.seen_at < at)
        .values(gone_at=at)
        .returning(Member.account_id)
        .execution_options(synchronize_session=False)
    ).all()
    close_courses(session, [course.id], gone, before=at)
    session.get_one(ContextServices, services_id).roster_read_at = at
    return len(gone)


def _accounts(
    session: Session, course: Course, members: Sequence[RosterMember], at: datetime
) -> dict[str, Account]:
    """Return the accounts of a batch, those met for the first time made together."""
    subjects = [member.subject for member in members]
    found = {
        account.subject: account
        for account in session.scalars(
            select(Account).where(Account.site_id == course.site_id, Account.subject.in_(subjects))
        )
    }
    new = [member for member in members if member.subject not in found]
    try:
        with session.begin_nested():
            made = [_new_account(course.site_id, member, at) for member in new]
            session.add_all(made)
        found.update((account.subject, account) for account in made)
    except IntegrityError:
        # A launch or a pull met one of them a moment ago.
        for member in new:
            found[member.subject] = find_or_create_account(
                session,
                site_id=course.site_id,
                subject=member.subject,
                full_name=member.full_name,
                given_name=member.given_name,
            )
    for member in members:
        _complete(found[member.subject], member)
    return found


def _new_account(site_id: int, member: RosterMember, at: datetime) -> Account:
    name = member.full_name or UNNAMED
    person = Person(full_name=name, given_name=member.given_name, created_at=at)
    return Account(
        person=person,
        site_id=site_id,
        subject=member.subject,
        full_name=member.full_name,
        idnumber=member.idnumber,
        seen_at=at,
    )


def _complete(account: Account, member: RosterMember) -> None:
    """Fill what is not known yet: a name from a launch or a web service is better than this one."""
    if member.full_name and not account.full_name:
        account.full_name = member.full_name
        if account.person.full_name == UNNAMED:
            account.person.full_name = member.full_name
            account.person.given_name = member.given_name
    if member.idnumber and not account.idnumber:
        account.idnumber = member.idnumber

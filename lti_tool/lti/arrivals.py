"""What a launch teaches about the person and the course, written in the caller's transaction.

A person is known by the site and the ``sub`` that it gave, and by nothing else: never by e-mail
(N15; spec/lti.md §4, row 39). What the platform does not share leaves what is known unchanged.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from lti_tool.lti.claims import LaunchMessage
from lti_tool.people.models import Account, Person
from lti_tool.platforms.models import Course, Site


def record_account(session: Session, site: Site, message: LaunchMessage, now: datetime) -> Account:
    """Return the account that launched, made or brought up to date."""
    account = _find_account(session, site, message.subject)
    if account is None:
        account = _add_account(session, site, message, now)
    account.seen_at = now
    account.idnumber = message.person_idnumber or account.idnumber
    if message.full_name:
        account.full_name = message.full_name
        account.person.full_name = message.full_name
        account.person.given_name = message.given_name or account.person.given_name
    return account


def record_course(session: Session, site: Site, message: LaunchMessage, now: datetime) -> Course:
    """Return the course launched from, made or brought up to date."""
    course = _find_course(session, site, message.course_moodle_id)
    if course is None:
        course = _add_course(session, site, message.course_moodle_id, now)
    course.shortname = message.course_shortname or course.shortname
    course.fullname = message.course_fullname or course.fullname
    course.idnumber = message.course_idnumber or course.idnumber
    course.gone_at = None
    return course


def course_page(course: Course, site: Site) -> str:
    """Return the course's page in Moodle, where « Quitter vers le cours » leads.

    Not ``launch_presentation.return_url``: Moodle writes the session key of the person in it.
    """
    return f"{site.base_url}/course/view.php?id={course.moodle_id}"


def _find_account(session: Session, site: Site, subject: str) -> Account | None:
    return session.scalar(_account_of(), {"site_id": site.id, "subject": subject})


@cache
def _account_of() -> Select[Account]:
    """Return the query of an account, built once: each launch would pay for it."""
    return (
        select(Account)
        .where(Account.site_id == bindparam("site_id"), Account.subject == bindparam("subject"))
        .options(joinedload(Account.person))
    )


def _add_account(session: Session, site: Site, message: LaunchMessage, now: datetime) -> Account:
    person = Person(
        full_name=message.full_name or f"Compte {message.subject}",
        given_name=message.given_name,
        created_at=now,
    )
    account = Account(site_id=site.id, subject=message.subject, person=person, seen_at=now)
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError:
        # Another launch of the same person, a moment ago.
        return session.scalars(
            select(Account).where(Account.site_id == site.id, Account.subject == message.subject)
        ).one()
    return account


def _find_course(session: Session, site: Site, moodle_id: int) -> Course | None:
    return session.scalar(
        select(Course).where(Course.site_id == site.id, Course.moodle_id == moodle_id)
    )


def _add_course(session: Session, site: Site, moodle_id: int, now: datetime) -> Course:
    course = Course(site_id=site.id, moodle_id=moodle_id, seen_at=now)
    try:
        with session.begin_nested():
            session.add(course)
    except IntegrityError:
        return session.scalars(
            select(Course).where(Course.site_id == site.id, Course.moodle_id == moodle_id)
        ).one()
    return course

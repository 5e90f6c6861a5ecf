"""Finding the person behind a platform account; never by name, number or e-mail of another site (N15)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.people.models import Account, Person

UNNAMED = "—"
SEEN_EVERY = timedelta(days=1)
LONGEST_NAME = 2000
"""As it was sent: to compose a long run of accents takes a time that grows with its square."""


def find_or_create_account(
    session: Session,
    *,
    site_id: int,
    subject: str,
    full_name: str = "",
    given_name: str = "",
    idnumber: str | None = None,
) -> Account:
    """Return the account ``subject`` of the site, made with a new person when first seen.

    Names are stored composed (NFC). An empty name never replaces a known one: platforms give
    names only when they share them. Adds to the caller's transaction.
    """
    account = _find(session, site_id, subject)
    if account is None:
        account = _create(session, site_id, subject)
    _name(account, full_name, given_name)
    if idnumber is not None:
        account.idnumber = idnumber
    account.seen_at = clock.now()
    return account


@dataclass(frozen=True, slots=True)
class Known:
    """What a site tells of one of its accounts."""

    subject: str
    full_name: str = ""
    given_name: str = ""
    idnumber: str = ""
    suspended: bool = False


def find_or_create_accounts(
    session: Session, site_id: int, known: Sequence[Known]
) -> dict[str, int]:
    """Return Account.id by subject, for many accounts of a site at once; as the one for one account.

    What is as it was is not written: ``seen_at`` then moves at most once a day.
    """
    wanted = {one.subject: one for one in known}
    if not wanted:
        return {}
    found = _find_all(session, site_id, wanted)
    missing = [one for subject, one in wanted.items() if subject not in found]
    if missing:
        try:
            with session.begin_nested():
                _create_all(session, site_id, missing)
        except IntegrityError:
            # A launch saw one of them at once: one by one, each finds what is there.
            for one in missing:
                find_or_create_account(session, site_id=site_id, subject=one.subject)
        found = _find_all(session, site_id, wanted)
    now = clock.now()
    for subject, account in found.items():
        one = wanted[subject]
        _name(account, one.full_name, one.given_name)
        if account.idnumber != one.idnumber:
            account.idnumber = one.idnumber
        if account.suspended != one.suspended:
            account.suspended = one.suspended
        if account.seen_at < now - SEEN_EVERY:
            account.seen_at = now
    session.flush()
    return {subject: account.id for subject, account in found.items()}


def _find_all(session: Session, site_id: int, subjects: Iterable[str]) -> dict[str, Account]:
    query = select(Account).where(Account.site_id == site_id, Account.subject.in_(list(subjects)))
    return {account.subject: account for account in session.scalars(query)}


def _create_all(session: Session, site_id: int, known: Sequence[Known]) -> None:
    moment = clock.now()
    for one in known:
        person = Person(full_name=UNNAMED, created_at=moment)
        account = Account(person=person, site_id=site_id, subject=one.subject, seen_at=moment)
        _name(account, one.full_name, one.given_name)
        session.add(account)
    session.flush()


def _name(account: Account, full_name: str, given_name: str) -> None:
    """Give an account and its person the name that the site tells, if it tells another one."""
    name = unicodedata.normalize("NFC", full_name[:LONGEST_NAME]).strip()
    if name and account.full_name != name:
        account.full_name = name
        account.person.full_name = name
        account.person.given_name = unicodedata.normalize("NFC", given_name[:LONGEST_NAME]).strip()


def _find(session: Session, site_id: int, subject: str) -> Account | None:
    return session.scalar(
        select(Account).where(Account.site_id == site_id, Account.subject == subject)
    )


def _create(session: Session, site_id: int, subject: str) -> Account:
    moment = clock.now()
    try:
        with session.begin_nested():
            person = Person(full_name=UNNAMED, created_at=moment)
            session.add(person)
            session.flush()
            account = Account(person=person, site_id=site_id, subject=subject, seen_at=moment)
            session.add(account)
    except IntegrityError:
        # Two launches, or a launch and a pull, saw the same new account at once.
        found = _find(session, site_id, subject)
        if found is None:
            raise
        return found
    return account

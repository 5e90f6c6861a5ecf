"""Finding the person behind a platform account; never by name, number or e-mail of another site (N15)."""

from __future__ import annotations

import unicodedata

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.people.models import Account, Person

UNNAMED = "—"
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
    name = unicodedata.normalize("NFC", full_name[:LONGEST_NAME]).strip()
    if name and account.full_name != name:
        account.full_name = name
        account.person.full_name = name
        account.person.given_name = unicodedata.normalize("NFC", given_name[:LONGEST_NAME]).strip()
    if idnumber is not None:
        account.idnumber = idnumber
    account.seen_at = clock.now()
    return account


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

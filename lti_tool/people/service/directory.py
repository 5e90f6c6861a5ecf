"""Finding persons, for coordinators alone, and the language that a person chose."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from lti_tool.errors import InvalidInput, NotFound
from lti_tool.people.models import Account, Person

LIMIT = 20
LONGEST_TEXT = 2000
"""To take a long run of accents apart takes a time that grows with its square."""


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """A person and what tells them apart from a namesake."""

    id: int
    public_id: str
    full_name: str
    accounts: tuple[str, ...]
    """« Moodle fictif · 12 · ADH-2026-003 » for each account."""


def find_person(session: Session, public_id: str) -> Person:
    """Return the person with this public identifier.

    Raises:
        NotFound: there is none.
    """
    person = session.scalar(
        select(Person).where(Person.public_id == public_id, Person.merged_into_id.is_(None))
    )
    if person is None:
        raise NotFound("person")
    return person


def search_people(session: Session, words: str, *, limit: int = LIMIT) -> list[FoundPerson]:
    """Return the persons whose name, idnumber or Moodle number holds every word, by name.

    Case and accents do not matter, nor how Moodle stored the accents; neither database can compare
    so by itself, hence the comparison here (a few milliseconds for some thousands of persons).
    """
    wanted = _folded(words).split()
    if not wanted:
        return []
    query = (
        select(Person)
        .where(Person.merged_into_id.is_(None))
        .options(selectinload(Person.accounts).joinedload(Account.site))
        .order_by(Person.full_name, Person.id)
    )
    found = []
    for person in session.scalars(query):
        names = [person.full_name]
        for account in person.accounts:
            names += [account.full_name, account.idnumber, account.subject]
        written = _folded(" ".join(names))
        if all(word in written for word in wanted):
            found.append(_found(person))
            if len(found) == limit:
                break
    return found


def set_locale(session: Session, *, person_id: int, locale: str, known: tuple[str, ...]) -> None:
    """Keep the language that a person chose.

    Args:
        known: codes of the languages that the screens have.

    Raises:
        InvalidInput: another language.
        NotFound: no such person.
    """
    if locale not in known:
        raise InvalidInput("unknown locale")
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("person")
    person.locale = locale
    session.commit()


def _found(person: Person) -> FoundPerson:
    return FoundPerson(
        id=person.id,
        public_id=person.public_id,
        full_name=person.full_name,
        accounts=tuple(
            " · ".join(
                part for part in (account.site.name, account.subject, account.idnumber) if part
            )
            for account in person.accounts
        ),
    )


def _folded(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text[:LONGEST_TEXT].casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))

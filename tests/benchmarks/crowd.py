"""Many people at once, written in bulk; every one of them is invented."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.partners.models import Affiliation, AffiliationSource, Partner
from lti_tool.people.models import Account, Person
from lti_tool.platforms.models import Site


def add_people(session: Session, site: Site, number: int) -> list[tuple[int, int]]:
    """Add people with an account each; return (person, account) of each."""
    moment = clock.now()
    names = [f"Apprenant·e Fictif·ve {rank:05}" for rank in range(number)]
    people = insert_rows(
        session,
        Person,
        [{"full_name": name, "given_name": "Fictif·ve", "created_at": moment} for name in names],
    )
    accounts = insert_rows(
        session,
        Account,
        [
            {
                "person_id": person,
                "site_id": site.id,
                "subject": f"bench-{person}",
                "full_name": name,
                "seen_at": moment,
            }
            for person, name in zip(people, names, strict=True)
        ],
    )
    return list(zip(people, accounts, strict=True))


def affiliate_all(session: Session, partner: Partner, people: list[tuple[int, int]]) -> None:
    """Make people belong to an association since a hundred days."""
    since = clock.now().date() - timedelta(days=100)
    insert_rows(
        session,
        Affiliation,
        [
            {
                "person_id": person,
                "partner_id": partner.id,
                "since": since,
                "source": AffiliationSource.COORDINATOR,
            }
            for person, _account in people
        ],
    )


def insert_rows(session: Session, table: Any, rows: list[dict[str, Any]]) -> list[int]:
    """Insert rows; return their numbers in the same order."""
    statement = insert(table).returning(table.id, sort_by_parameter_order=True)
    return list(session.scalars(statement, rows)) if rows else []

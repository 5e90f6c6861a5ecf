"""The leads of an association: people whom a coordinator gave the right to follow it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.partners.errors import NotAMember
from lti_tool.partners.models import Partner
from lti_tool.partners.service import members
from lti_tool.people.models import Account, Grant, Person, Role
from lti_tool.people.service import grant_role


@dataclass(frozen=True, slots=True)
class Member:
    """A present member, with what tells them apart from a namesake."""

    person: Person
    note: str
    """Idnumbers of their accounts, or else their Moodle numbers."""


@dataclass(frozen=True, slots=True)
class Lead:
    """A person with the right to follow an association."""

    grant_id: int
    person: Person
    granted_at: datetime


def present_members(session: Session, partner_id: int) -> list[Member]:
    """Return the people who belong to an association today, by name."""
    people = members(session, partner_id, clock.now().date())
    notes = account_notes(session, [person.id for person in people])
    return [Member(person, notes.get(person.id, "")) for person in people]


def account_notes(session: Session, people: Collection[int]) -> dict[int, str]:
    """Return what tells people apart from a namesake: idnumbers of their accounts, else their numbers."""
    notes: dict[int, list[str]] = {}
    accounts = (
        select(Account.person_id, Account.idnumber, Account.subject)
        .where(Account.person_id.in_(people))
        .order_by(Account.id)
    )
    for person_id, idnumber, subject in session.execute(accounts):
        notes.setdefault(person_id, []).append(idnumber or subject)
    return {person_id: " · ".join(own) for person_id, own in notes.items()}


def current_leads(session: Session, partner_id: int) -> list[Lead]:
    """Return the leads of an association, by name."""
    query = (
        select(Grant.id, Person, Grant.granted_at)
        .join(Person, Person.id == Grant.person_id)
        .where(
            Grant.partner_id == partner_id,
            Grant.role == Role.PARTNER_LEAD,
            Grant.revoked_at.is_(None),
        )
        .order_by(Person.full_name, Grant.id)
    )
    return [Lead(*row) for row in session.execute(query)]


def name_lead(
    session: Session, *, actor_id: int | None, partner: Partner, person_public_id: str
) -> Person:
    """Make a present member a lead of the association, and commit; return the member.

    Raises:
        NotAMember: no present member has this public identifier.
    """
    present = members(session, partner.id, clock.now().date())
    person = next((one for one in present if one.public_id == person_public_id), None)
    if person is None:
        raise NotAMember
    grant_role(
        session,
        actor_id=actor_id,
        person_id=person.id,
        role=Role.PARTNER_LEAD,
        partner_id=partner.id,
    )
    return person

"""Giving and withdrawing roles. No launch ever comes here: LTI roles give none of these (N4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, column, func, select, table
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from lti_tool import clock, journal
from lti_tool.errors import Conflict, NotFound
from lti_tool.people.errors import LastCoordinator, PartnerNeeded, ReasonNeeded
from lti_tool.people.models import Grant, Person, Role

# Named, not imported, as the foreign key of Grant does: partners stand further on the street.
PARTNER = table("partner", column("id"), column("public_id"), column("name"))


@dataclass(frozen=True, slots=True)
class Association:
    """What this room knows of an association: enough to name it."""

    id: int
    public_id: str
    name: str


@dataclass(frozen=True, slots=True)
class CurrentGrant:
    """A role in force, with the names that a coordinator reads."""

    id: int
    role: Role
    person_id: int
    person_name: str
    association: str | None
    given_by: str | None
    """None: by an access code, or from the command line."""
    given_at: datetime


def grant_role(
    session: Session,
    *,
    actor_id: int | None,
    person_id: int,
    role: Role,
    partner_id: int | None = None,
) -> Grant:
    """Give a role to a person; giving it twice gives it once.

    Args:
        actor_id: coordinator who gives it, None from the command line.
        partner_id: Partner.id, for a partner lead and nobody else.

    Raises:
        NotFound: no such person.
        PartnerNeeded: role and association do not go together, or there is no such association.
    """
    check_partner(session, role, partner_id)
    if session.get(Person, person_id) is None:
        raise NotFound("person")
    grant = add_grant(
        session,
        actor_id=actor_id,
        granted_by=actor_id,
        person_id=person_id,
        role=role,
        partner_id=partner_id,
    )
    session.commit()
    return grant


def add_grant(
    session: Session,
    *,
    actor_id: int | None,
    granted_by: int | None,
    person_id: int,
    role: Role,
    partner_id: int | None,
    **basis: int,
) -> Grant:
    """Add a grant and its journal entry to the caller's transaction, unless it is in force.

    Args:
        actor_id: who acts, for the journal.
        granted_by: who gives; None from the command line and by an access code.
        **basis: what else the journal should hold.
    """
    current = _current(session, person_id, role, partner_id)
    if current is not None:
        return current
    grant = Grant(
        person_id=person_id,
        role=role,
        partner_id=partner_id,
        granted_by=granted_by,
        granted_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(grant)
    except IntegrityError:
        current = _current(session, person_id, role, partner_id)
        if current is None:
            raise
        return current
    journal.record(
        session,
        actor_id=actor_id,
        action="grant.given",
        subject="role_grant",
        subject_id=grant.id,
        person_id=person_id,
        role=str(role),
        partner_id=partner_id,
        **basis,
    )
    return grant


def revoke_grant(session: Session, *, actor_id: int | None, grant_id: int, reason: str) -> Grant:
    """Withdraw a role; it ends at the person's next page.

    Raises:
        NotFound: no such grant.
        Conflict: it was withdrawn already.
        ReasonNeeded: the reason is empty.
        LastCoordinator: nobody would be left to give any right.
    """
    if not reason.strip():
        raise ReasonNeeded
    coordinators = _locked_coordinators(session)
    grant = session.get(Grant, grant_id, with_for_update=True)
    if grant is None:
        raise NotFound("grant")
    if grant.revoked_at is not None:
        raise Conflict("grant already revoked")
    if coordinators == [grant_id]:
        raise LastCoordinator
    grant.revoked_at = clock.now()
    journal.record(
        session,
        actor_id=actor_id,
        action="grant.revoked",
        subject="role_grant",
        subject_id=grant.id,
        person_id=grant.person_id,
        role=str(grant.role),
        partner_id=grant.partner_id,
        reason=reason.strip(),
    )
    session.commit()
    return grant


def current_grants(session: Session) -> list[CurrentGrant]:
    """Return the roles in force: coordinators first, then by association and name."""
    giver = aliased(Person)
    query = (
        select(Grant, Person.full_name, PARTNER.c.name, giver.full_name)
        .join(Person, Person.id == Grant.person_id)
        .outerjoin(giver, giver.id == Grant.granted_by)
        .outerjoin(PARTNER, PARTNER.c.id == Grant.partner_id)
        .where(Grant.revoked_at.is_(None))
        .order_by(Grant.role, PARTNER.c.name, Person.full_name, Grant.id)
    )
    return [
        CurrentGrant(
            id=grant.id,
            role=Role(grant.role),
            person_id=grant.person_id,
            person_name=person,
            association=association,
            given_by=given_by,
            given_at=grant.granted_at,
        )
        for grant, person, association, given_by in session.execute(query)
    ]


def associations(session: Session) -> list[Association]:
    """Return the associations, by name."""
    query = select(PARTNER.c.id, PARTNER.c.public_id, PARTNER.c.name).order_by(PARTNER.c.name)
    return [Association(*row) for row in session.execute(query)]


def check_partner(session: Session, role: Role, partner_id: int | None) -> None:
    """Check that a partner lead has an existing association and other roles none.

    Raises:
        PartnerNeeded: otherwise.
    """
    if (role == Role.PARTNER_LEAD) != (partner_id is not None):
        raise PartnerNeeded
    if partner_id is None:
        return
    if session.scalar(select(PARTNER.c.id).where(PARTNER.c.id == partner_id)) is None:
        raise PartnerNeeded("no such association")


def _current(session: Session, person_id: int, role: Role, partner_id: int | None) -> Grant | None:
    same: ColumnElement[bool] = func.coalesce(Grant.partner_id, 0) == (partner_id or 0)
    return session.scalar(
        select(Grant).where(
            Grant.person_id == person_id, Grant.role == role, same, Grant.revoked_at.is_(None)
        )
    )


def _locked_coordinators(session: Session) -> list[int]:
    # Locked, so that two coordinators who withdraw each other at once leave one of them.
    query = (
        select(Grant.id)
        .where(Grant.role == Role.COORDINATOR, Grant.revoked_at.is_(None))
        .order_by(Grant.id)
        .with_for_update()
    )
    return list(session.scalars(query))

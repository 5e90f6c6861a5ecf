"""What the tool holds about one person, for that person (RGPD art. 15 and 20).

Rooms further on the street add their part with ``own_data_section``; this room's own are here.
A section holds nothing that is not the reader's to see: no hidden mark, no other person.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import column, select, table
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.errors import NotFound
from lti_tool.people.models import Account, BrowserSession, Consent, Grant, Person
from lti_tool.platforms.models import Site

Section = Callable[[Session, int], Any]
_sections: dict[str, Section] = {}
_partner = table("partner", column("id"), column("name"))


def own_data_section(name: str) -> Callable[[Section], Section]:
    """Register a part of what is held about a person.

    Args:
        name: key in the downloaded document; two rooms never share one.
    """

    def register(section: Section) -> Section:
        if name in _sections:
            raise ValueError(f"two rooms fill the section {name}")
        _sections[name] = section
        return section

    return register


def collect_own_data(session: Session, person_id: int) -> dict[str, Any]:
    """Return everything that is held about a person, as JSON values.

    Raises:
        NotFound: no such person.
    """
    collected: dict[str, Any] = {"collected_at": clock.now().isoformat()}
    for name, section in _sections.items():
        collected[name] = section(session, person_id)
    return collected


@own_data_section("identity")
def _identity(session: Session, person_id: int) -> dict[str, Any]:
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("person")
    return {
        "full_name": person.full_name,
        "given_name": person.given_name,
        "locale": person.locale,
        "created_at": person.created_at.isoformat(),
    }


@own_data_section("accounts")
def _accounts(session: Session, person_id: int) -> list[dict[str, Any]]:
    query = (
        select(Account, Site.name, Site.base_url)
        .join(Site, Site.id == Account.site_id)
        .where(Account.person_id == person_id)
        .order_by(Account.id)
    )
    return [
        {
            "site": site,
            "address": address,
            "subject": account.subject,
            "idnumber": account.idnumber,
            "full_name": account.full_name,
            "suspended": account.suspended,
            "seen_at": account.seen_at.isoformat(),
        }
        for account, site, address in session.execute(query)
    ]


@own_data_section("consents")
def _consents(session: Session, person_id: int) -> list[dict[str, Any]]:
    query = select(Consent).where(Consent.person_id == person_id).order_by(Consent.id)
    return [
        {
            "purpose": str(row.purpose),
            "given": row.given,
            "notice_version": row.notice_version,
            "at": row.at.isoformat(),
        }
        for row in session.scalars(query)
    ]


@own_data_section("roles")
def _roles(session: Session, person_id: int) -> list[dict[str, Any]]:
    query = (
        select(Grant, _partner.c.name)
        .outerjoin(_partner, _partner.c.id == Grant.partner_id)
        .where(Grant.person_id == person_id)
        .order_by(Grant.id)
    )
    return [
        {
            "role": str(grant.role),
            "association": association,
            "granted_at": grant.granted_at.isoformat(),
            "revoked_at": grant.revoked_at.isoformat() if grant.revoked_at else None,
        }
        for grant, association in session.execute(query)
    ]


@own_data_section("sessions")
def _browser_sessions(session: Session, person_id: int) -> list[dict[str, Any]]:
    query = (
        select(BrowserSession)
        .where(BrowserSession.person_id == person_id)
        .order_by(BrowserSession.id)
    )
    return [
        {"created_at": row.created_at.isoformat(), "expires_at": row.expires_at.isoformat()}
        for row in session.scalars(query)
    ]

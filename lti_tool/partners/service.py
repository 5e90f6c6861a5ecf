"""Who the partner associations are and who belongs to them; their agreements (R020–R022).

Cohorts and the reading of their members live in ``cohorts`` and ``reading``. Leads are grants of
the people room.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from lti_tool import clock, journal
from lti_tool.errors import NotFound
from lti_tool.partners.agreements import AgreementStatus, Period, last_day_in_force, status_on
from lti_tool.partners.errors import (
    AlreadySigned,
    NameRefused,
    NameTaken,
    PlaceRefused,
    SignatureDateRefused,
)
from lti_tool.partners.models import Affiliation, AgreementScope, FrameworkAgreement, Partner
from lti_tool.people.models import Person

NAME_LENGTH = 250
CITY_LENGTH = 120


@dataclass(frozen=True, slots=True)
class PartnerSummary:
    """An association in the list of the coordination."""

    partner: Partner
    member_count: int
    agreement: AgreementStatus


def register_partner(
    session: Session, *, actor_id: int | None, name: str, city: str = "", country: str = ""
) -> Partner:
    """Record an association, and commit.

    Args:
        country: ISO 3166-1 alpha-2, or "" when unknown.

    Raises:
        NameRefused, PlaceRefused: a text cannot be used as it is.
        NameTaken: an association of this name is known, whatever the case.
    """
    name, city, country = _checked(session, name, city, country)
    partner = Partner(name=name, city=city, country=country, created_at=clock.now())
    session.add(partner)
    _flush_name(session)
    journal.record(
        session,
        actor_id=actor_id,
        action="partner.registered",
        subject="partner",
        subject_id=partner.id,
    )
    session.commit()
    return partner


def edit_partner(
    session: Session,
    *,
    actor_id: int | None,
    partner: Partner,
    name: str,
    city: str = "",
    country: str = "",
) -> Partner:
    """Correct what is known of an association, and commit; the journal keeps which fields changed.

    Raises:
        NameRefused, PlaceRefused, NameTaken: as for ``register_partner``.
    """
    name, city, country = _checked(session, name, city, country, besides=partner.id)
    values = {"name": name, "city": city, "country": country}
    changed = [field for field, value in values.items() if getattr(partner, field) != value]
    if not changed:
        return partner
    for field in changed:
        setattr(partner, field, values[field])
    _flush_name(session)
    journal.record(
        session,
        actor_id=actor_id,
        action="partner.edited",
        subject="partner",
        subject_id=partner.id,
        fields=changed,
    )
    session.commit()
    return partner


def sign_agreement(
    session: Session,
    *,
    actor_id: int | None,
    partner: Partner,
    signed_on: date,
    scope: AgreementScope = AgreementScope.BOTH,
) -> FrameworkAgreement:
    """Record a framework agreement that both parties signed, and commit.

    Raises:
        SignatureDateRefused: the day lies in the future.
        AlreadySigned: an agreement of that day is recorded.
    """
    if signed_on > clock.now().date():
        raise SignatureDateRefused
    agreement = FrameworkAgreement(
        partner_id=partner.id,
        signed_on=signed_on,
        ends_on=last_day_in_force(signed_on),
        scope=scope,
    )
    session.add(agreement)
    try:
        session.flush()
    except IntegrityError:
        session.rollback()
        raise AlreadySigned from None
    journal.record(
        session,
        actor_id=actor_id,
        action="agreement.signed",
        subject="framework_agreement",
        subject_id=agreement.id,
        partner_id=partner.id,
        signed_on=signed_on.isoformat(),
        ends_on=agreement.ends_on.isoformat(),
        scope=str(scope),
    )
    session.commit()
    return agreement


def find_partner(session: Session, public_id: str) -> Partner:
    """Return the association with this public identifier.

    Raises:
        NotFound: there is none.
    """
    partner = session.scalar(select(Partner).where(Partner.public_id == public_id))
    if partner is None:
        raise NotFound("partner")
    return partner


def list_partners(session: Session, on: date) -> list[PartnerSummary]:
    """Return every association by name, with its members and its agreement on a day."""
    counted = (
        select(Affiliation.partner_id, func.count(Affiliation.person_id.distinct()))
        .where(_holds(on))
        .group_by(Affiliation.partner_id)
    )
    counts = dict(session.execute(counted).all())
    partners = session.scalars(
        select(Partner).options(selectinload(Partner.agreements)).order_by(Partner.name)
    )
    return [
        PartnerSummary(one, counts.get(one.id, 0), agreement_status(one.agreements, on))
        for one in partners
    ]


def agreements_of(session: Session, partner_id: int) -> list[FrameworkAgreement]:
    """Return the agreements of an association, the newest first."""
    query = (
        select(FrameworkAgreement)
        .where(FrameworkAgreement.partner_id == partner_id)
        .order_by(FrameworkAgreement.signed_on.desc())
    )
    return list(session.scalars(query))


def agreement_status(agreements: Sequence[FrameworkAgreement], on: date) -> AgreementStatus:
    """Return how the agreements of one association stand on a day."""
    return status_on((Period(one.signed_on, one.ends_on) for one in agreements), on)


def partner_of_record(session: Session, person_id: int, on: date) -> Partner | None:
    """Return the association under which a person counts on a day (anchoring §2.7).

    The oldest affiliation of that day, so that a second one never moves what was counted.
    """
    return session.scalar(
        select(Partner)
        .join(Affiliation, Affiliation.partner_id == Partner.id)
        .where(Affiliation.person_id == person_id, _holds(on))
        .order_by(Affiliation.since, Affiliation.id)
        .limit(1)
    )


def members(session: Session, partner_id: int, on: date) -> list[Person]:
    """Return the people who belong to an association on a day, by name."""
    belongs = select(Affiliation.person_id).where(Affiliation.partner_id == partner_id, _holds(on))
    query = select(Person).where(Person.id.in_(belongs)).order_by(Person.full_name, Person.id)
    return list(session.scalars(query))


def _holds(on: date) -> ColumnElement[bool]:
    return and_(Affiliation.since <= on, or_(Affiliation.until.is_(None), Affiliation.until > on))


def _checked(
    session: Session, name: str, city: str, country: str, besides: int | None = None
) -> tuple[str, str, str]:
    name, city = (" ".join(unicodedata.normalize("NFC", text).split()) for text in (name, city))
    country = country.strip().upper()
    if not 0 < len(name) <= NAME_LENGTH:
        raise NameRefused
    if len(city) > CITY_LENGTH or not re.fullmatch(r"([A-Z]{2})?", country):
        raise PlaceRefused
    known = session.execute(select(Partner.id, Partner.name))
    if any(own.casefold() == name.casefold() and one != besides for one, own in known):
        raise NameTaken
    return name, city, country


def _flush_name(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError:
        session.rollback()
        raise NameTaken from None

"""What anyone may know of a certificate by its code (``spec/journeys.md`` §4.6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.certification.models import AwardState
from lti_tool.credentials.models import Certificate, NameShown
from lti_tool.credentials.numbers import clean_code
from lti_tool.credentials.service.holders import name_in_force
from lti_tool.referential.models import Domain, Subtheme

PUBLIC_STATES = {
    AwardState.ISSUED: "valid",
    AwardState.SUSPENDED: "suspended",
    AwardState.REVOKED: "revoked",
    AwardState.REPLACED: "replaced",
    AwardState.EXPIRED: "expired",
}
NAMELESS = (AwardState.SUSPENDED, AwardState.REVOKED)
"""A person agreed to be named beside what they attained, not beside a doubt."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What anyone may know of a certificate; never its partner, place or evidence."""

    state: str
    """valid, suspended, revoked, replaced, expired or unknown."""
    domain: Domain | None = None
    subtheme: Subtheme | None = None
    number: str = ""
    issued_month: date | None = None
    """First day of the month of issue; the day itself is not told."""
    route: str = ""
    holder_name: str = ""
    """Empty unless the holder chose to show a name."""


def verify(session: Session, typed: str) -> Verification:
    """Return what anyone may know of the certificate with this code.

    The same query runs whatever was typed, so that time tells nothing about unknown codes.
    """
    code = clean_code(typed) or "-"
    certificate = session.scalar(select(Certificate).where(Certificate.code == code))
    state = None if certificate is None else PUBLIC_STATES.get(certificate.award.state)
    if certificate is None or state is None:
        return Verification("unknown")
    award = certificate.award
    return Verification(
        state=state,
        domain=award.domain,
        subtheme=award.subtheme,
        number=certificate.number,
        issued_month=(award.issued_on or certificate.issued_at.date()).replace(day=1),
        route=award.route,
        holder_name="" if award.state in NAMELESS else _shown_name(session, certificate),
    )


def _shown_name(session: Session, certificate: Certificate) -> str:
    choice = name_in_force(session, certificate)
    if choice is NameShown.FULL_NAME:
        return certificate.holder_name
    if choice is NameShown.FIRST_NAME:
        return certificate.award.person.given_name
    return ""

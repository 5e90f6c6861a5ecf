"""What a certificate says, gathered from the award and the settings for the renderer."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from babel.support import NullTranslations, Translations
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.certification.models import EvidenceKind
from lti_tool.certification.rules.decision import Decision
from lti_tool.credentials.models import Certificate
from lti_tool.credentials.numbers import grouped
from lti_tool.credentials.wording import EVIDENCE, JURY, ROUTES
from lti_tool.paths import translations_dir
from lti_tool.people.models import Person
from lti_tool.referential.models import Domain
from lti_tool.settings import Settings

if TYPE_CHECKING:
    from lti_tool.documents import CertificateContent, Issuer


def certificate_content(
    session: Session, certificate: Certificate, settings: Settings, locale: str = "fr"
) -> CertificateContent:
    """Return what is printed: frozen facts of the award, never the place or content of evidence.

    Every label is in ``locale``, whatever language the request or the job speaks.
    """
    # The renderer weighs more than the rest of a web process, which seldom draws a page.
    from lti_tool.documents import CertificateContent, SignatureBlock

    award = certificate.award
    decision = Decision.from_dict(award.decision)
    approver = None if award.decided_by is None else session.get(Person, award.decided_by)
    domains = session.scalars(select(Domain).order_by(Domain.number))
    translate = _catalogue(locale).gettext
    return CertificateContent(
        holder_name=certificate.holder_name,
        domain_code=award.domain.code,
        domain_label=award.domain.label(locale),
        domains=tuple((domain.code, domain.label(locale)) for domain in domains),
        rule_label=decision.rule,
        rule_version=str(award.rule.version),
        route_label=translate(ROUTES[award.route]),
        issued_on=award.issued_on or certificate.issued_at.date(),
        place=settings.issuer_place,
        number=certificate.number,
        verification_url=verification_address(certificate, settings),
        verification_code=grouped(certificate.code),
        issuer=issuer(settings),
        signatures=(
            SignatureBlock(settings.signatory_name, settings.signatory_role),
            SignatureBlock("" if approver is None else approver.full_name, translate(JURY)),
        ),
        subtheme_label="" if award.subtheme is None else award.subtheme.label(locale),
        evidence_label=", ".join(translate(EVIDENCE[kind]) for kind in _evidence_kinds(decision)),
        locale=locale,
    )


def verification_address(certificate: Certificate, settings: Settings) -> str:
    """Return the public address that says what a certificate is worth."""
    return f"{settings.base_url}/verifier/{certificate.code}"


def issuer(settings: Settings) -> Issuer:
    """Return the identity block of the body that issues certificates."""
    from lti_tool.documents import Issuer  # not at the top: see above

    return Issuer(
        name=settings.issuer_name,
        tagline=settings.issuer_tagline,
        address=settings.issuer_address,
        siret=settings.issuer_siret,
        vat_number=settings.issuer_vat,
        naf=settings.issuer_naf,
    )


@cache
def _catalogue(locale: str) -> NullTranslations:
    # Not flask_babel: a job renders without an application, where it would speak French only.
    return Translations.load(translations_dir(), [locale])


def _evidence_kinds(decision: Decision) -> list[EvidenceKind]:
    proven = {
        leaf.item
        for leaf in decision.leaves()
        if leaf.kind == "evidence" and leaf.status == "satisfied"
    }
    return [kind for kind in EvidenceKind if kind.value in proven]

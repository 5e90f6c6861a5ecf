"""What the tool knows of a site without asking anybody: addresses, what is open, the token."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

import moodle_client as moodle
from lti_tool.platforms.diagnosis.check import Check, Level, Who
from lti_tool.platforms.findings import FindingText
from lti_tool.platforms.models import Registration, RegistrationState, Site
from lti_tool.platforms.service.access import describe_check
from lti_tool.settings import Settings
from moodle_client import FindingCode

BREAKING = frozenset(
    {FindingCode.MISSING_FUNCTION, FindingCode.MISSING_CAPABILITY, FindingCode.OTHER_ADDRESS}
)
"""Of a site where much can be read, what makes a part of the work impossible."""

_WHO_BY_ERROR = {
    moodle.InvalidToken.code: Who.COORDINATION,
    moodle.NotMoodle.code: Who.COORDINATION,
    moodle.OtherSite.code: Who.COORDINATION,
    moodle.Unreachable.code: Who.SERVERS,
    moodle.MoodleTimeout.code: Who.SERVERS,
    moodle.TruncatedAnswer.code: Who.SERVERS,
    moodle.AddressForbidden.code: Who.TOOL,
    moodle.AnswerTooLarge.code: Who.TOOL,
    moodle.UnexpectedAnswer.code: Who.TOOL,
    moodle.InvalidParameter.code: Who.TOOL,
}
"""Who can mend a call that failed; the others are for who administers Moodle."""


def read_stored(settings: Settings, site: Site) -> list[Check]:
    """Return what the database and the settings tell of a site."""
    return [
        *_schemes(settings, site),
        *_registrations(site),
        *_token(site),
    ]


def _schemes(settings: Settings, site: Site) -> Iterator[Check]:
    if site.base_url.startswith("https:") and not settings.base_url.startswith("https:"):
        yield Check(
            Level.PROBLEM,
            _("L’outil est à une adresse http, ce Moodle à une adresse https."),
            _(
                "Les navigateurs n’affichent pas une page http dans une page https : le cadre reste vide."
            ),
            _("Donnez à l’outil une adresse https, puis corrigez ANCRAGE_BASE_URL et Moodle."),
            Who.TOOL,
            "DIAG-SCHEME",
        )


def _registrations(site: Site) -> Iterator[Check]:
    if not site.registrations:
        yield Check(
            Level.PROBLEM,
            _("Aucun enregistrement : l’outil ne s’ouvre pas depuis ce site."),
            "",
            _("Ajoutez l’outil dans Moodle, puis ses identifiants sur la page du site."),
            Who.COORDINATION,
            "DIAG-NO-REGISTRATION",
        )
    for registration in site.registrations:
        yield from _registration(site, registration)


def _registration(site: Site, registration: Registration) -> Iterator[Check]:
    name = registration.client_id
    if registration.issuer != site.base_url:
        yield Check(
            Level.WARNING,
            _(
                "L’émetteur enregistré (%(issuer)s) n’est pas l’adresse du site (%(address)s).",
                issuer=registration.issuer,
                address=site.base_url,
            ),
            _(
                "Moodle signe ses lancements de l’adresse de sa configuration (« wwwroot ») : "
                "une barre finale, « www » ou http au lieu de https suffisent à les faire refuser."
            ),
            _("Comparez avec « Identifiant de plateforme » (Platform ID) dans Moodle."),
            Who.COORDINATION,
            "DIAG-ISSUER",
        )
    if registration.state != RegistrationState.ACTIVE:
        waits = registration.state == RegistrationState.PENDING
        yield Check(
            Level.PROBLEM,
            _("L’enregistrement %(name)s attend votre décision.", name=name)
            if waits
            else _("L’enregistrement %(name)s est suspendu ici.", name=name),
            _("Ses lancements sont refusés (LTI-REGISTRATION-INACTIVE)."),
            _("Acceptez-le ou rouvrez-le sur la page du site, s’il est bien le vôtre."),
            Who.COORDINATION,
            "DIAG-REGISTRATION",
        )
    for deployment in registration.deployments:
        if deployment.state == RegistrationState.PENDING:
            yield Check(
                Level.PROBLEM,
                _(
                    "Le déploiement %(number)s attend votre décision.",
                    number=deployment.deployment_id,
                ),
                _("Les personnes qui ouvrent l’outil par lui lisent qu’il faut patienter."),
                _("Acceptez-le ou refusez-le sur la page du site."),
                Who.COORDINATION,
                "DIAG-DEPLOYMENT",
            )


def _token(site: Site) -> Iterator[Check]:
    if site.token_set_at is None:
        yield Check(
            Level.PROBLEM,
            _("Aucun jeton n’est enregistré."),
            _("Ni les cours, ni les personnes, ni les notes ne peuvent être lus."),
            _("Préparez le compte de service dans Moodle, puis enregistrez son jeton."),
            Who.MOODLE,
            "DIAG-NO-TOKEN",
        )
        return
    if site.checked_at is None:
        yield Check(
            Level.UNKNOWN,
            _("Le jeton n’a jamais été vérifié."),
            "",
            _("Interrogez Moodle maintenant."),
            Who.COORDINATION,
            "DIAG-UNCHECKED",
        )
        return
    found = describe_check(site)
    for text in found:
        grave = text.blocking or text.code in BREAKING
        yield Check(
            Level.PROBLEM if grave else Level.WARNING,
            text.missing,
            text.effect,
            text.remedy,
            _who(text),
            f"DIAG-{text.code.upper()}",
        )
    if not found:
        yield Check(Level.OK, _("Le jeton a toutes les fonctions et capacités nécessaires."))


def _who(found: FindingText) -> Who:
    if found.code == FindingCode.OTHER_ADDRESS:
        return Who.COORDINATION
    return _WHO_BY_ERROR.get(found.error, Who.MOODLE)

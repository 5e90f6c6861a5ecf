"""Why a dynamic registration stops: a stable reason code, and what the administrator can do.

RegistrationRefused       one of ours; its ``code`` is the RegistrationReason
├── LinkOver              the invitation does not serve (any more): ask the coordination for another
├── LinkBusy              another registration with this link is under way: wait
├── PlatformUnreachable   the tool cannot reach this Moodle: network, private address
│   └── CertificateDoubtful   it answers, with a certificate that is not accepted
├── ConfigurationUnfit    Moodle's own description cannot be used: its settings are to mend
├── AnotherSite           this link, or this known site, is not for this registration
├── StartAgain            the registration token does not serve: begin again from Moodle's page
└── PlatformRefused       Moodle refused, or its answer cannot be used
"""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _

from lti_tool.errors import LtiToolError


class RegistrationReason(StrEnum):
    """Stable code of each refusal; the log and the page carry it."""

    LINK_UNKNOWN = "LTI-REGISTRATION-LINK"
    LINK_USED = "LTI-REGISTRATION-LINK-USED"
    LINK_EXPIRED = "LTI-REGISTRATION-LINK-EXPIRED"
    LINK_REVOKED = "LTI-REGISTRATION-LINK-REVOKED"
    LINK_BUSY = "LTI-REGISTRATION-LINK-BUSY"
    ADDRESS = "LTI-REGISTRATION-ADDRESS"  # row 28
    UNREACHABLE = "LTI-REGISTRATION-UNREACHABLE"  # row 28
    CERTIFICATE = "LTI-REGISTRATION-CERTIFICATE"
    CONFIGURATION = "LTI-REGISTRATION-CONFIGURATION"
    CAPABILITY = "LTI-REGISTRATION-CAPABILITY"
    HOSTS = "LTI-REGISTRATION-HOSTS"  # row 29
    OTHER_SITE = "LTI-REGISTRATION-OTHER-SITE"  # row 29
    ISSUER_KNOWN = "LTI-REGISTRATION-ISSUER-KNOWN"  # row 29
    CLIENT_UNKNOWN = "LTI-REGISTRATION-CLIENT-UNKNOWN"  # row 29
    TOKEN_USED = "LTI-REGISTRATION-TOKEN-USED"  # noqa: S105  # a reason, not a password
    TOKEN = "LTI-REGISTRATION-TOKEN"  # noqa: S105  # a reason, not a password
    DOCUMENT = "LTI-REGISTRATION-DOCUMENT"
    ANSWER = "LTI-REGISTRATION-ANSWER"


class RegistrationRefused(LtiToolError):
    """A registration that stops.

    Args:
        reason: why; becomes ``code``.
        detail: for the log, in English: member names and our own words, never tokens.
    """

    code = "LTI-REGISTRATION"
    status = 400
    reasons: tuple[RegistrationReason, ...] = ()
    """The reasons of this reaction."""
    title = _("Ce Moodle n’a pas été relié")
    message = _("L’enregistrement n’a pas abouti. Rien n’a été modifié dans l’outil.")

    def __init__(self, reason: RegistrationReason, detail: str = "") -> None:
        super().__init__(detail)
        self.reason = reason
        self.code = str(reason)


class LinkOver(RegistrationRefused):
    """The invitation does not serve, or not any more."""

    code = "LTI-REGISTRATION-LINK"
    reasons = (
        RegistrationReason.LINK_UNKNOWN,
        RegistrationReason.LINK_USED,
        RegistrationReason.LINK_EXPIRED,
        RegistrationReason.LINK_REVOKED,
    )
    status = 404
    title = _("Ce lien d’invitation ne sert plus")
    message = _(
        "Le lien collé dans Moodle a déjà servi, a expiré, a été annulé, ou n’a pas été copié en "
        "entier. Rien n’a été modifié. Demandez un nouveau lien à la coordination qui vous l’a remis, "
        "puis collez-le dans « Gérer les outils »."
    )


class LinkBusy(RegistrationRefused):
    """Another registration with the same link is under way, or stopped a moment ago."""

    code = "LTI-REGISTRATION-LINK-BUSY"
    reasons = (RegistrationReason.LINK_BUSY,)
    status = 409
    title = _("Un enregistrement est déjà en cours avec ce lien")
    message = _(
        "Ce lien vient d’être employé, peut-être par un double clic. Regardez dans « Gérer les "
        "outils » si l’outil y figure. S’il n’y est pas, attendez deux minutes, puis recommencez "
        "avec le même lien."
    )


class PlatformUnreachable(RegistrationRefused):
    """The tool cannot reach this Moodle."""

    code = "LTI-REGISTRATION-UNREACHABLE"
    reasons: tuple[RegistrationReason, ...] = (
        RegistrationReason.ADDRESS,
        RegistrationReason.UNREACHABLE,
    )
    status = 502
    title = _("L’outil n’atteint pas ce Moodle")
    message = _(
        "Pour se relier, l’outil doit pouvoir lire la configuration de ce Moodle depuis Internet, à "
        "son adresse publique et en https. Rien n’a été modifié et le lien sert encore. Vérifiez "
        "l’adresse du site (wwwroot), son certificat et son pare-feu ; un Moodle sur un réseau privé "
        "doit être autorisé dans l’outil (réglage ANCRAGE_PRIVATE_PLATFORMS)."
    )


class CertificateDoubtful(PlatformUnreachable):
    """This Moodle answers, with a certificate that is not accepted."""

    code = "LTI-REGISTRATION-CERTIFICATE"
    reasons = (RegistrationReason.CERTIFICATE,)
    title = _("Le certificat de ce Moodle n’est pas reconnu")
    message = _(
        "L’outil a trouvé ce Moodle, mais son certificat vient d’une autorité inconnue, est auto-signé, "
        "expiré ou fait pour un autre nom. Rien n’a été modifié et le lien sert encore. Faites corriger "
        "le certificat ; s’il vient de l’autorité de votre organisation, la personne qui administre "
        "l’outil peut l’ajouter (réglage ANCRAGE_CA_FILE), puis recommencez."
    )


class ConfigurationUnfit(RegistrationRefused):
    """Moodle's own description cannot be used."""

    code = "LTI-REGISTRATION-CONFIGURATION"
    reasons = (
        RegistrationReason.CONFIGURATION,
        RegistrationReason.CAPABILITY,
        RegistrationReason.HOSTS,
    )
    title = _("La configuration de ce Moodle ne convient pas")
    message = _(
        "La description que ce Moodle donne de lui-même est incomplète, ne s’accorde pas avec son "
        "adresse, ou n’offre pas LTI 1.3. Rien n’a été modifié et le lien sert encore. Vérifiez que "
        "l’adresse du site (wwwroot) est celle que vous employez, et que Moodle est en version 4.1 ou "
        "plus ; sinon, passez par l’installation manuelle."
    )


class AnotherSite(RegistrationRefused):
    """The link is bound to another site, or the site is registered already."""

    code = "LTI-REGISTRATION-OTHER-SITE"
    reasons = (
        RegistrationReason.OTHER_SITE,
        RegistrationReason.ISSUER_KNOWN,
        RegistrationReason.CLIENT_UNKNOWN,
    )
    status = 409
    title = _("Ce lien n’est pas fait pour ce Moodle")
    message = _(
        "Ce lien est réservé à un autre site, ou ce Moodle est déjà relié à l’outil. Rien n’a été "
        "modifié. Demandez à la coordination un lien pour ce site précis : elle le crée depuis la "
        "page « Inviter un Moodle » en choisissant le site."
    )


class StartAgain(RegistrationRefused):
    """The registration token does not serve: forged, too old, used."""

    code = "LTI-REGISTRATION-TOKEN"
    reasons = (
        RegistrationReason.TOKEN_USED,
        RegistrationReason.TOKEN,
    )
    status = 409
    title = _("Cet enregistrement est à recommencer depuis Moodle")
    message = _(
        "Moodle n’a pas reconnu le jeton de cet enregistrement : il a expiré (une heure) ou a déjà "
        "servi. Rien n’a été modifié dans l’outil et le lien sert encore. Fermez ce cadre, revenez à "
        "« Gérer les outils » et collez à nouveau le même lien ; si l’outil y figure déjà, choisissez "
        "de le mettre à jour."
    )


class PlatformRefused(RegistrationRefused):
    """Moodle refused the registration, or its answer cannot be used."""

    code = "LTI-REGISTRATION-ANSWER"
    reasons = (
        RegistrationReason.DOCUMENT,
        RegistrationReason.ANSWER,
    )
    status = 502
    title = _("Moodle n’a pas accepté l’enregistrement")
    message = _(
        "Moodle a refusé l’enregistrement, ou sa réponse est incomplète. Rien n’a été modifié dans "
        "l’outil et le lien sert encore. Si l’outil figure dans « Gérer les outils », supprimez-le, "
        "puis recommencez ; si cela continue, transmettez ce code à la coordination, qui peut passer "
        "par l’installation manuelle."
    )

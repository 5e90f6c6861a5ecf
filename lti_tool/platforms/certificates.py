"""What is wrong with the certificate of a site, in plain words, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _

from moodle_client import CertificateFault

PREFIX = "certificate_"
"""Before the name of the fault, in the reasons of ``moodle_client``."""


@dataclass(frozen=True, slots=True)
class CertificateWords:
    """A fault and its remedy, as lazy sentences."""

    fault: Any
    remedy: Any


_WORDS = {
    CertificateFault.SELF_SIGNED: CertificateWords(
        _("Le certificat du site est auto-signé : aucune autorité ne le garantit."),
        _(
            "Faites installer sur ce Moodle un certificat d’une autorité reconnue. Si celui-ci est bien "
            "le vôtre, la personne qui administre l’outil peut en donner le fichier "
            "(réglage ANCRAGE_CA_FILE)."
        ),
    ),
    CertificateFault.AUTHORITY: CertificateWords(
        _("Le certificat du site vient d’une autorité que l’outil ne connaît pas."),
        _(
            "Si c’est l’autorité de votre organisation, la personne qui administre l’outil doit en donner "
            "le certificat (réglage ANCRAGE_CA_FILE). Sinon, le serveur de Moodle n’envoie sans doute pas "
            "la chaîne intermédiaire : faites-la ajouter."
        ),
    ),
    CertificateFault.EXPIRED: CertificateWords(
        _("Le certificat du site est expiré."),
        _("Faites-le renouveler sur le serveur de Moodle."),
    ),
    CertificateFault.NOT_YET: CertificateWords(
        _("Le certificat du site n’est pas encore valable."),
        _("Vérifiez sa date de début, et l’heure de la machine de l’outil (NTP)."),
    ),
    CertificateFault.NAME: CertificateWords(
        _("Le certificat du site est fait pour un autre nom."),
        _(
            "Vérifiez que l’adresse enregistrée est celle de Moodle (« wwwroot »), ou faites faire un "
            "certificat à ce nom."
        ),
    ),
    CertificateFault.OTHER: CertificateWords(
        _("Le certificat du site n’est pas reconnu."),
        _("Faites-le contrôler ; un navigateur est parfois plus tolérant que l’outil."),
    ),
}


def certificate_words(fault: CertificateFault | None) -> CertificateWords:
    """Return what to say of a fault; the general words when it is not known."""
    return _WORDS[fault or CertificateFault.OTHER]


def fault_in(reason: str | None) -> CertificateFault | None:
    """Return the fault that a reason of ``moodle_client`` names, if it names one."""
    if reason is None or not reason.startswith(PREFIX):
        return None
    return CertificateFault(reason.removeprefix(PREFIX))

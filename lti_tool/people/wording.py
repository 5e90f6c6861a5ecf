"""The words of this room on screens: roles and purposes of consents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _

from lti_tool.people.models import Purpose, Role

ROLES: dict[Role, Any] = {
    Role.PARTNER_LEAD: _("Référent·e partenaire"),
    Role.COORDINATOR: _("Coordination ADL"),
    Role.RESEARCHER: _("Chercheur·e"),
    Role.AUDITOR: _("Auditeur·rice"),
}


@dataclass(frozen=True, slots=True)
class PurposeWords:
    """A purpose as a person reads it: its name, what a yes allows, what a no changes."""

    label: Any
    allows: Any
    without: Any


PURPOSES: dict[Purpose, PurposeWords] = {
    Purpose.ANCHORING: PurposeWords(
        _("Suivi de l’ancrage"),
        _(
            "L’outil vous demande, à 3, 6 et 12 mois, où vous en êtes de l’usage de vos compétences, "
            "et garde vos réponses."
        ),
        _("Sans votre accord, aucune question ne vous est envoyée."),
    ),
    Purpose.SHARE_WITH_PARTNER: PurposeWords(
        _("Partage avec mon association"),
        _(
            "La personne référente de votre association voit vos niveaux d’ancrage, "
            "jamais vos notes ni vos réponses écrites."
        ),
        _("Sans votre accord, elle ne voit que votre avancement et vos certifications."),
    ),
    Purpose.RESEARCH: PurposeWords(
        _("Recherche"),
        _("Vos réponses, sous pseudonyme, servent aux recherches menées avec les associations."),
        _("Sans votre accord, vos réponses n’entrent dans aucune étude."),
    ),
    Purpose.PUBLIC_PAGE: PurposeWords(
        _("Page publique"),
        _("Votre nom peut apparaître sur la page de vérification de vos certificats."),
        _("Sans votre accord, cette page dit si le certificat est valable, et ne nomme personne."),
    ),
}

"""The words of this room on screens: states and scopes of agreements, proposals, countries."""

from __future__ import annotations

import unicodedata
from typing import Any

from babel import Locale
from flask_babel import lazy_gettext as _

from lti_tool.partners.agreements import AgreementState
from lti_tool.partners.models import AgreementScope
from lti_tool.partners.proposing import ProposalKind
from lti_tool.web.i18n import locale_code

AGREEMENT_STATES: dict[AgreementState, Any] = {
    AgreementState.NONE: _("aucun cadre signé"),
    AgreementState.IN_FORCE: _("cadre en vigueur"),
    AgreementState.ENDING: _("cadre bientôt terminé"),
    AgreementState.LAPSED: _("cadre terminé"),
}
AGREEMENT_TONES = {
    AgreementState.NONE: "neutral",
    AgreementState.IN_FORCE: "success",
    AgreementState.ENDING: "warning",
    AgreementState.LAPSED: "danger",
}
SCOPES: dict[AgreementScope, Any] = {
    AgreementScope.BOTH: _("formations et recherches"),
    AgreementScope.TRAINING: _("formations"),
    AgreementScope.RESEARCH: _("recherches"),
}
PROPOSALS: dict[ProposalKind, Any] = {
    ProposalKind.BEGIN: _("Arrivées"),
    ProposalKind.MOVE: _("Changements d’association"),
    ProposalKind.END: _("Départs"),
}
EFFECTS: dict[ProposalKind, Any] = {
    ProposalKind.BEGIN: _(
        "Ces personnes sont dans la cohorte. Acceptées, elles appartiennent à l’association "
        "dès aujourd’hui, et ses référent·es les voient."
    ),
    ProposalKind.MOVE: _(
        "Ces personnes ont quitté la cohorte d’une autre association pour celle-ci. Acceptées, "
        "elles cessent aujourd’hui d’appartenir à l’ancienne et entrent dans celle-ci."
    ),
    ProposalKind.END: _(
        "Ces personnes ne sont plus dans la cohorte. Acceptées, elles cessent aujourd’hui "
        "d’appartenir à l’association, et ses référent·es ne les voient plus. Leur passé est conservé."
    ),
}
NOT_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
"""Codes that CLDR names beside those of ISO 3166-1."""


def countries() -> list[tuple[str, str]]:
    """Return the ISO 3166-1 codes with their names, by name, in the language being spoken."""
    names = Locale.parse(locale_code()).territories
    known = [
        (code, name)
        for code, name in names.items()
        if len(code) == 2 and code.isalpha() and code not in NOT_COUNTRIES
    ]
    return sorted(known, key=lambda country: _sort_key(country[1]))


def country_name(code: str) -> str:
    """Return the name of a country, "" when the code is empty or unknown."""
    return str(Locale.parse(locale_code()).territories.get(code, ""))


def _sort_key(name: str) -> str:
    """Sort « Égypte » among the E."""
    decomposed = unicodedata.normalize("NFKD", name)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()

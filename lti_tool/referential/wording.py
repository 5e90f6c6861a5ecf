"""Domains, reasons of suggestions and kinds of mapping, in words for people."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from lti_tool.referential.models import Domain, MappingKind, Subtheme
from lti_tool.referential.suggestions import Field, Ground, Reason, Suggestion
from lti_tool.web.i18n import locale_code

KINDS = {
    MappingKind.REQUIRED: _l("requis"),
    MappingKind.CHOICE: _l("au choix"),
    MappingKind.OPTIONAL: _l("facultatif"),
}
KIND_LETTERS = {
    MappingKind.REQUIRED: _l("R"),
    MappingKind.CHOICE: _l("C"),
    MappingKind.OPTIONAL: _l("F"),
}
KIND_HINTS = {
    MappingKind.REQUIRED: _l("il faut réussir ce cours pour être certifié·e dans le domaine"),
    MappingKind.CHOICE: _l("réussir l’un des cours au choix du domaine suffit"),
    MappingKind.OPTIONAL: _l("mentionné en supplément, n’entre pas dans la règle"),
}


REASONS = {
    (Ground.CODE, Field.IDNUMBER): _l("le numéro d’identification du cours est « %(matched)s »"),
    (Ground.CODE, Field.SHORTNAME): _l("le nom abrégé porte le code « %(matched)s »"),
    (Ground.CODE, Field.FULLNAME): _l("le nom complet porte le code « %(matched)s »"),
    (Ground.LABEL, Field.FULLNAME): _l("le nom complet nomme le domaine : « %(matched)s »"),
    (Ground.LABEL, Field.SHORTNAME): _l("le nom abrégé nomme le domaine : « %(matched)s »"),
    (Ground.LABEL, Field.SUMMARY): _l("le résumé nomme le domaine : « %(matched)s »"),
    (Ground.SIMILAR, Field.FULLNAME): _l(
        "le nom complet « %(matched)s » ressemble à celui du domaine"
    ),
    (Ground.SIMILAR, Field.SHORTNAME): _l(
        "le nom abrégé « %(matched)s » ressemble à celui du domaine"
    ),
    (Ground.KEYWORD, Field.FULLNAME): _l("le nom complet contient « %(matched)s »"),
    (Ground.KEYWORD, Field.SHORTNAME): _l("le nom abrégé contient « %(matched)s »"),
    (Ground.KEYWORD, Field.SUMMARY): _l("le résumé contient « %(matched)s »"),
    (Ground.SUBTHEME, Field.FULLNAME): _l("le nom complet nomme le sous-thème « %(matched)s »"),
    (Ground.SUBTHEME, Field.SHORTNAME): _l("le nom abrégé nomme le sous-thème « %(matched)s »"),
}
CONFIRMED = _l("Suggestion confirmée : %(grounds)s.")
BETWEEN_GROUNDS = " ; "


def domain_name(domain: Domain, subtheme: Subtheme | None = None) -> str:
    """Return « RMP-ADL 3 · Plaidoyers thématiques (…) · Santé » in the language being spoken."""
    name = f"{domain.name} · {domain.label(locale_code())}"
    return f"{name} · {subtheme.label(locale_code())}" if subtheme else name


def reason_words(reason: Reason) -> str:
    """Return the end of the sentence « Suggéré parce que… » for one reason."""
    return str(REASONS[reason.ground, reason.field]) % {"matched": reason.matched}


def confirmed_reason(suggestion: Suggestion) -> str:
    """Return what the history keeps of a confirmed suggestion: its two best reasons."""
    grounds = BETWEEN_GROUNDS.join(reason_words(reason) for reason in suggestion.reasons[:2])
    return str(CONFIRMED) % {"grounds": grounds}

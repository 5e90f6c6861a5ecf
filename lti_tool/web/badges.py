"""The words, icons and tones of every status a screen shows, in one table.

A status is an icon, a word and a colour; the words are the same everywhere (UI: words). Keys are
the stored values of the rooms' enumerations, which this room does not import. Stored values that
are not here fail loudly, so that no screen shows a code name.
"""

from __future__ import annotations

from typing import NamedTuple

from flask import Flask
from flask_babel import LazyString
from flask_babel import lazy_gettext as _


class Badge(NamedTuple):
    """How one status is shown."""

    tone: str
    """success, warning, danger, info or neutral."""
    icon: str
    """A name of ``components/icons.html``."""
    word: LazyString


BADGES: dict[str, dict[str, Badge]] = {
    "status": {
        "satisfied": Badge("success", "check", _("validé")),
        "pending": Badge("warning", "clock", _("en attente")),
        "not_satisfied": Badge("danger", "cross", _("à reprendre")),
        "none": Badge("neutral", "dash", _("pas commencé")),
    },
    "award": {
        "proposed": Badge("warning", "clock", _("proposition en attente")),
        "refused": Badge("danger", "cross", _("proposition refusée")),
        "issued": Badge("success", "check", _("certification délivrée")),
        "suspended": Badge("warning", "pause", _("suspendue")),
        "revoked": Badge("danger", "ban", _("révoquée")),
        "expired": Badge("neutral", "clock", _("expirée")),
        "replaced": Badge("neutral", "swap", _("remplacée")),
    },
    "evidence": {
        "draft": Badge("neutral", "pencil", _("brouillon")),
        "submitted": Badge("warning", "clock", _("en attente")),
        "accepted": Badge("success", "check", _("validé")),
        "more_asked": Badge("info", "question", _("complément demandé")),
        "refused": Badge("danger", "cross", _("refusé")),
    },
    "score": {
        "waiting": Badge("warning", "clock", _("à transmettre")),
        "sent": Badge("success", "check", _("transmise")),
        "refused": Badge("danger", "cross", _("non transmise")),
    },
    "certificate": {
        "valid": Badge("success", "check", _("certificat valide")),
        "suspended": Badge("warning", "pause", _("en cours de vérification")),
        "revoked": Badge("danger", "ban", _("certificat révoqué")),
        "replaced": Badge("neutral", "swap", _("certificat remplacé")),
        "expired": Badge("neutral", "clock", _("certificat expiré")),
        "unknown": Badge("neutral", "question", _("certificat inconnu")),
    },
    "job": {
        "queued": Badge("neutral", "clock", _("va commencer")),
        "running": Badge("info", "swap", _("en cours")),
        "done": Badge("success", "check", _("terminé")),
        "failed": Badge("danger", "cross", _("interrompu")),
        "cancelled": Badge("neutral", "ban", _("arrêté")),
    },
    "case": {
        "open": Badge("info", "clock", _("suivi ouvert")),
        "followed": Badge("info", "swap", _("en suivi")),
        "refused": Badge("neutral", "dash", _("suivi refusé")),
        "suspended": Badge("warning", "pause", _("suivi suspendu")),
        "cancelled": Badge("neutral", "ban", _("suivi annulé")),
        "closed": Badge("success", "check", _("suivi terminé")),
    },
    "wave": {
        "scheduled": Badge("neutral", "clock", _("à venir")),
        "open": Badge("warning", "pencil", _("ouverte")),
        "answered": Badge("success", "check", _("réponse reçue")),
        "closed": Badge("neutral", "check", _("terminée")),
        "missed": Badge("neutral", "dash", _("sans réponse")),
    },
    "level": {
        "0": Badge("level-0", "level-0", _("Acquis, pas encore utilisé")),
        "1": Badge("level-1", "level-1", _("Essayé en situation réelle")),
        "2": Badge("level-2", "level-2", _("Intégré à la pratique")),
        "3": Badge("level-3", "level-3", _("Transmis / ancré dans la structure")),
        "none": Badge("neutral", "dash", _("non observé")),
    },
    "confidence": {
        "A": Badge("success", "check", _("confirmé par une preuve")),
        "B": Badge("info", "check", _("confirmé par deux personnes")),
        "C": Badge("neutral", "question", _("déclaré par une seule personne")),
        "D": Badge("neutral", "dash", _("non observé")),
    },
}

LEVEL_NAMES = (_("Acquis"), _("Essayé"), _("Intégré"), _("Transmis"))
"""Short names of the four levels, for legends and axes."""


def badge(kind: str, value: str | int | None) -> Badge:
    """Return how a status is shown; None is ``none``.

    Raises:
        KeyError: the value has no word.
    """
    return BADGES[kind]["none" if value is None else str(value)]


def word(kind: str, value: str | int | None) -> LazyString:
    """Return the word of a status, for documents, exports and messages."""
    return badge(kind, value).word


def register(app: Flask) -> None:
    """Give templates ``badge_for``."""
    app.jinja_env.globals["badge_for"] = badge
    app.jinja_env.globals["LEVEL_NAMES"] = LEVEL_NAMES

"""What refused launches mean for whoever looks after a site: the likely cause, and what to do.

The person at the activity reads other words (``errors``); these are for the diagnosis.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _

from lti_tool.lti.errors import Reason
from lti_tool.platforms.diagnosis import Level, Who


@dataclass(frozen=True, slots=True)
class Cause:
    """A likely cause of refusals, lazy texts."""

    level: Level
    cause: Any
    remedy: Any
    who: Who


_CLOCKS = Cause(
    Level.PROBLEM,
    _("les horloges de Moodle et de l’outil diffèrent"),
    _("Réglez les deux machines par NTP."),
    Who.SERVERS,
)
_LATE = Cause(
    Level.WARNING,
    _("des pages rechargées, un retour en arrière, ou des horloges qui diffèrent"),
    _("Rien, s’il y en a peu. S’il y en a beaucoup, comparez les horloges."),
    Who.SERVERS,
)
_AGAIN = Cause(
    Level.OK,
    _("des pages rechargées ou un retour en arrière : chaque ouverture ne sert qu’une fois"),
    "",
    Who.NOBODY,
)
_COOKIES = Cause(
    Level.WARNING,
    _("des navigateurs qui bloquent les cookies dans les pages intégrées"),
    _("Dans Moodle, réglez le conteneur de l’activité sur « Nouvelle fenêtre » (New window)."),
    Who.MOODLE,
)
_TARGET = Cause(
    Level.PROBLEM,
    _("l’URL de l’outil dans Moodle, ou dans une activité, n’est pas celle de l’outil"),
    _("Recopiez les adresses de la page du site dans les réglages de l’outil."),
    Who.MOODLE,
)
CLOSED = Cause(
    Level.PROBLEM,
    _("un enregistrement ou un déploiement qui n’est pas ouvert ici"),
    _("Acceptez-le sur la page du site, s’il est bien le vôtre."),
    Who.COORDINATION,
)
_UNKNOWN_SITE = Cause(
    Level.WARNING,
    _("un Moodle, ou un identifiant de client, que l’outil ne connaît pas"),
    _(
        "Si l’outil a été ajouté à nouveau dans Moodle, enregistrez ses nouveaux identifiants. "
        "Sinon, laissez : ces lancements n’ouvrent rien."
    ),
    Who.COORDINATION,
)
_KEYS = Cause(
    Level.PROBLEM,
    _("une signature que les clés publiques de Moodle ne vérifient pas"),
    _(
        "Si Moodle vient d’être réinstallé ou déplacé, attendez une minute ; sinon, faites-le examiner."
    ),
    Who.MOODLE,
)
_FORGED = Cause(
    Level.WARNING,
    _("des messages qui ne viennent pas d’un Moodle en ordre, ou des essais de quelqu’un"),
    _("Rien, s’il y en a peu : rien ne s’est ouvert. S’ils durent, faites regarder le journal."),
    Who.TOOL,
)
_MOODLE_SAID = Cause(
    Level.WARNING,
    _("Moodle a répondu par une erreur : session terminée, ou URI de redirection inexacte"),
    _("Comparez « URIs de redirection » dans Moodle avec la page du site."),
    Who.MOODLE,
)
_ACTIVITY = Cause(
    Level.WARNING,
    _("une activité réglée autrement que l’outil l’attend"),
    _(
        "Ouvrez l’outil depuis une activité placée dans un cours ; comparez ses réglages avec le guide."
    ),
    Who.MOODLE,
)
_PERSON = Cause(
    Level.WARNING,
    _("des personnes sans rôle dans le cours, ou anonymes"),
    _("Vérifiez leur inscription dans Moodle ; l’administration n’entre pas comme apprenant·e."),
    Who.MOODLE,
)
_SUSPENDED = Cause(
    Level.WARNING,
    _("des personnes dont Moodle disait le compte suspendu, quand leur cours a été lu"),
    _(
        "Si un compte a été rouvert depuis, faites actualiser les notes d’un cours où la personne est "
        "inscrite : elle entre aussitôt."
    ),
    Who.COORDINATION,
)
_UNREAD_KEYS = Cause(
    Level.PROBLEM,
    _("les clés publiques de Moodle n’ont pas pu être lues"),
    _("Vérifiez que la machine de l’outil joint celle de Moodle."),
    Who.SERVERS,
)

CAUSES: dict[str, Cause] = {
    Reason.NOT_YET: _CLOCKS,
    Reason.EXPIRED: _LATE,
    Reason.TOO_OLD: _LATE,
    Reason.STATE_USED: _AGAIN,
    Reason.STATE_EXPIRED: _AGAIN,
    Reason.STATE_UNKNOWN: _AGAIN,
    Reason.STATE_BROWSER: _COOKIES,
    Reason.LOGIN_PARAMETER: _TARGET,
    Reason.TARGET_LOGIN: _TARGET,
    Reason.TARGET_CLAIM: _TARGET,
    Reason.REGISTRATION_INACTIVE: CLOSED,
    Reason.DEPLOYMENT_UNKNOWN: CLOSED,
    Reason.DEPLOYMENT_INACTIVE: CLOSED,
    Reason.ISSUER_UNKNOWN: _UNKNOWN_SITE,
    Reason.CLIENT_UNKNOWN: _UNKNOWN_SITE,
    Reason.KID_UNKNOWN: _KEYS,
    Reason.KEY_UNFIT: _KEYS,
    Reason.SIGNATURE: _KEYS,
    "LTI-KEYS-UNAVAILABLE": _UNREAD_KEYS,
    Reason.PLATFORM_ERROR: _MOODLE_SAID,
    Reason.LIFETIME: _ACTIVITY,
    Reason.VERSION: _ACTIVITY,
    Reason.MESSAGE_TYPE: _ACTIVITY,
    Reason.MESSAGE: _ACTIVITY,
    Reason.ROLES: _ACTIVITY,
    Reason.RESOURCE_LINK: _ACTIVITY,
    Reason.CONTEXT: _ACTIVITY,
    Reason.ANONYMOUS: _PERSON,
    Reason.NO_COURSE_ROLE: _PERSON,
    Reason.ACCOUNT_SUSPENDED: _SUSPENDED,
}


def cause_of(reason: str) -> Cause:
    """Return the likely cause of a reason; anything else is a message that nobody vouches for."""
    return CAUSES.get(reason, _FORGED)

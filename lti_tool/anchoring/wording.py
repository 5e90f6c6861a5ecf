"""The questions and words of the anchoring's screens; the meanings are those of §2.3 and §2.4."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from lti_tool.anchoring.models import Wave
from lti_tool.anchoring.rules.levels import Autonomy, Level, Transmission
from lti_tool.anchoring.rules.waves import BASELINE, evidence_period

USES: list[tuple[int, Any]] = [
    (0, _("Jamais")),
    (1, _("1 fois")),
    (2, _("2 fois")),
    (3, _("3 fois")),
    (4, _("4 fois")),
    (5, _("5 fois ou plus")),
]
AUTONOMY: list[tuple[int, Any]] = [
    (Autonomy.ACCOMPANIED.value, _("On m’a accompagné·e, ou je ne l’ai pas utilisée")),
    (Autonomy.ALONE.value, _("Seul·e, comme je l’ai apprise")),
    (Autonomy.ADAPTING.value, _("Seul·e, en l’adaptant à la situation")),
]
TRANSMISSION: list[tuple[int, Any]] = [
    (Transmission.NONE.value, _("Non")),
    (Transmission.INFORMAL.value, _("De façon informelle : j’en ai parlé, j’ai montré")),
    (
        Transmission.TRAINED.value,
        _("Par une session, ou en accompagnant au moins une personne"),
    ),
    (
        Transmission.ADOPTED.value,
        _("Par une procédure ou un outil que mon association a adopté"),
    ),
]
PROBLEMS: dict[str, Any] = {
    "uses": _("Dites combien de fois vous avez utilisé cette compétence."),
    "distinct_actions": _("Écrivez un nombre d’actions entre 0 et 99 ; 0 s’il n’y en a aucune."),
    "autonomy": _("Dites comment vous l’avez utilisée."),
    "transmission": _("Dites si vous l’avez transmise."),
    "obstacles": _("Votre texte dépasse 2 000 caractères : raccourcissez-le."),
}
MEANINGS: dict[Level, Any] = {
    Level.ACQUIRED: _(
        "La personne a cette compétence ; elle ne s’en est pas encore servie au réel."
    ),
    Level.TRIED: _("Elle s’en est servie au moins une fois au réel."),
    Level.INTEGRATED: _(
        "Elle s’en est servie au moins deux fois, dans deux actions distinctes, sans être accompagnée."
    ),
    Level.PASSED_ON: _(
        "De plus, elle a formé ou accompagné quelqu’un, ou votre association a adopté une procédure "
        "ou un outil venu d’elle."
    ),
}
TIPS: dict[Level | None, Any] = {
    None: _("Votre niveau apparaîtra ici dès qu’une vague aura reçu une réponse."),
    Level.ACQUIRED: _(
        "Cherchez une première occasion, même petite : une réunion, un courrier, une prise de parole."
    ),
    Level.TRIED: _(
        "Recommencez dans une autre action, sans être accompagné·e : c’est ce qui ancre une compétence."
    ),
    Level.INTEGRATED: _(
        "Transmettez-la : une session pour vos pairs, ou un outil que votre association adopte."
    ),
    Level.PASSED_ON: _(
        "Gardez la trace de ce qui a été transmis ou adopté : une preuve rend ce niveau plus solide."
    ),
}


def wave_name(wave: Wave) -> str:
    """Return how a wave is called: « au départ », « à 3 mois »."""
    return months_name(wave.months)


def months_name(months: int) -> str:
    """Return how the wave of so many months is called."""
    if months == BASELINE:
        return str(gettext("au départ"))
    return str(gettext("à %(months)s mois", months=months))


def asked_since(wave: Wave) -> date | None:
    """Return the day after which the questions of a wave look; None for the baseline."""
    period = evidence_period(wave.case.started_on, wave.months)
    return None if period is None else period.after

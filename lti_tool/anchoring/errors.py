"""What can be refused in the follow-up, each with what to do."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from lti_tool.errors import Conflict, Forbidden, InvalidInput


class WaveNotOpen(Conflict):
    """The window of the wave has not opened yet, or is closed."""

    code = "ANCH-WINDOW"
    title = _("Vague non ouverte")
    message = _(
        "Cette vague n’est pas ouverte aux réponses aujourd’hui : elle n’a pas commencé, ou elle est "
        "close. Rien n’a été enregistré. La page « Ancrage » donne les dates de chaque vague."
    )


class AlreadyAnswered(Conflict):
    """The wave was answered; an answer is never rewritten."""

    code = "ANCH-ANSWERED"
    title = _("Réponse déjà enregistrée")
    message = _(
        "Une réponse a déjà été enregistrée pour cette vague et elle est conservée telle quelle. "
        "La vôtre n’a pas été ajoutée."
    )


class FollowUpRefused(Conflict):
    """The person refused the follow-up."""

    code = "ANCH-REFUSED"
    title = _("Suivi refusé")
    message = _(
        "Cette personne a refusé le suivi de l’ancrage : aucune réponse n’est enregistrée. "
        "Ce choix peut être changé à tout moment dans « Mes données »."
    )


class AnswerOutOfRange(InvalidInput):
    """An answer is not one that the form offers."""

    code = "ANCH-ANSWER"
    title = _("Réponse à corriger")
    message = _(
        "Une des réponses n’est pas de celles que le formulaire propose. Les autres sont conservées : "
        "choisissez une réponse à chaque question, puis envoyez."
    )


class OwnWave(Forbidden):
    """A lead confirms the level of others, not their own."""

    code = "ANCH-OWN"
    title = _("Confirmation à confier à une autre personne")
    message = _(
        "On ne confirme pas son propre niveau d’ancrage. Rien n’a été enregistré. "
        "Une autre personne référente de votre association peut le faire."
    )

"""Why a score is not in the gradebook."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from lti_tool.lti.services.errors import ServiceFailed


class ScoreRefused(ServiceFailed):
    """The platform refused one score; it does not say why."""

    code = "LTI-SCORE-REFUSED"
    title = _("Moodle a refusé cette note")
    message = _(
        "Moodle a refusé cette note : la personne n’est sans doute plus inscrite au cours, ou n’y a "
        "pas un rôle qui reçoit des notes. Les autres notes ne sont pas touchées. Vérifiez son "
        "inscription dans Moodle, puis choisissez « Réessayer »."
    )


class ScoreLater(ServiceFailed):
    """The platform holds a score that it believes later than ours."""

    code = "LTI-SCORE-LATER"
    title = _("Moodle garde une note plus récente")
    message = _(
        "Moodle garde pour cette personne une note datée d’après celle de l’outil, par exemple saisie à "
        "la main : elle n’a pas été remplacée. Si c’est celle de l’outil qui doit rester, choisissez "
        "« Réessayer » ; si cela continue, les horloges des deux serveurs diffèrent."
    )


class LearnerAbsent(ServiceFailed):
    """The person is not an active learner of the course: nothing is sent about them (row 43)."""

    code = "LTI-SCORE-ABSENT"
    title = _("Cette personne n’est pas dans le cours")
    message = _(
        "Cette personne a quitté le cours ou son inscription est suspendue : l’outil n’envoie rien à "
        "son sujet. La note partira d’elle-même si elle revient."
    )

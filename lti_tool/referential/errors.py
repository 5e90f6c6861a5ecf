"""Refusals of the referential room, each with what was kept and what to do."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from lti_tool.errors import Conflict, InvalidInput


class SubthemeElsewhere(InvalidInput):
    """The sub-theme belongs to another domain."""

    code = "REF-SUBTHEME"
    title = _("Sous-thème d’un autre domaine")
    message = _(
        "Ce sous-thème n’appartient pas au domaine choisi. Rien n’a été modifié. "
        "Choisissez un sous-thème du même domaine, ou aucun."
    )


class TargetRefused(InvalidInput):
    """The form names no domain of the referential."""

    code = "REF-TARGET"
    title = _("Domaine à choisir")
    message = _("Choisissez un domaine ou un sous-thème de la liste. Rien n’a été modifié.")


class MappingReasonNeeded(InvalidInput):
    """A decision that the history keeps came without its reason."""

    code = "REF-REASON"
    title = _("Motif à donner")
    message = _(
        "Un motif est nécessaire : l’historique le conserve. Rien n’a été modifié. "
        "Écrivez-le en quelques mots, puis renvoyez."
    )


class MappingEnded(Conflict):
    """The line of the mapping was ended by somebody else meanwhile."""

    code = "REF-ENDED"
    title = _("Correspondance déjà terminée")
    message = _(
        "Cette correspondance a déjà été terminée, peut-être par une autre personne. "
        "Son historique est conservé. Rechargez la page pour voir l’état présent."
    )


class SuggestionGone(Conflict):
    """The suggestion no longer stands: the course changed, or somebody confirmed it."""

    code = "REF-SUGGESTION"
    title = _("Suggestion qui n’est plus à confirmer")
    message = _(
        "Une des suggestions choisies n’est plus à confirmer : le cours a changé, ou quelqu’un l’a "
        "déjà confirmée. Rien n’a été modifié par votre action. Rechargez la page."
    )

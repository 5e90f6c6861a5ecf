"""What may go wrong with a roster only."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from lti_tool.lti.services.errors import ServiceAnswerUnfit


class RosterUnfit(ServiceAnswerUnfit):
    """The roster cannot be read to its end: nobody is said to have left."""

    code = "LTI-ROSTER-UNFIT"
    title = _("La liste du cours n’a pas pu être lue jusqu’au bout")
    message = _(
        "Moodle a donné une liste incomplète ou d’une forme inconnue. La liste d’avant est conservée, "
        "et personne n’est considéré comme parti. Réessayez dans quelques minutes."
    )

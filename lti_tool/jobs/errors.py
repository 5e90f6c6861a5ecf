"""What can be refused about a job."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from lti_tool.errors import Conflict


class JobIsOver(Conflict):
    """Somebody asks a job to stop that ended meanwhile."""

    code = "JOB-OVER"
    title = _("Ce travail est déjà terminé")
    message = _(
        "Ce travail s’est terminé avant votre demande : il n’y a plus rien à arrêter. Rien n’a été modifié."
    )


class JobIsPending(Conflict):
    """Somebody asks for another try of a job that waits, runs, or went well."""

    code = "JOB-NOT-STOPPED"
    title = _("Ce travail n’est pas à relancer")
    message = _(
        "Ce travail attend, est en cours ou s’est bien terminé : seul un travail interrompu ou arrêté "
        "se relance. Rien n’a été modifié."
    )

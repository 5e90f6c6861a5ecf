"""Refusals of the partners room, each with what was kept and what to do."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from lti_tool.errors import Conflict, InvalidInput


class NameRefused(InvalidInput):
    """The name of the association is empty or too long."""

    code = "PAR-NAME"
    title = _("Nom à corriger")
    message = _("Donnez le nom de l’association, en 250 caractères au plus. Rien n’a été modifié.")


class NameTaken(Conflict):
    """Another association bears this name."""

    code = "PAR-KNOWN"
    title = _("Association déjà enregistrée")
    message = _(
        "Une association de ce nom est déjà enregistrée. Rien n’a été modifié. "
        "Ouvrez-la dans la liste, ou précisez le nom (ville, pays)."
    )


class PlaceRefused(InvalidInput):
    """The town or the country cannot be used."""

    code = "PAR-PLACE"
    title = _("Lieu à corriger")
    message = _(
        "Choisissez un pays de la liste, et une ville en 120 caractères au plus. "
        "Rien n’a été modifié."
    )


class SignatureDateRefused(InvalidInput):
    """The day of signature is missing or lies in the future."""

    code = "PAR-SIGNED-ON"
    title = _("Date de signature à corriger")
    message = _(
        "Donnez le jour où le cadre a été signé, aujourd’hui au plus tard. Rien n’a été enregistré."
    )


class AlreadySigned(Conflict):
    """An agreement signed on that day is recorded for the association."""

    code = "PAR-SIGNED"
    title = _("Signature déjà enregistrée")
    message = _(
        "Un cadre signé ce jour-là est déjà enregistré pour cette association. "
        "Rien n’a été ajouté : vérifiez la date, ou rechargez la page."
    )


class CohortRefused(InvalidInput):
    """The number of the cohort is not one."""

    code = "PAR-COHORT"
    title = _("Cohorte à préciser")
    message = _(
        "Choisissez une cohorte dans la liste, ou donnez son numéro tel que Moodle l’affiche "
        "dans l’adresse de sa page (id=…). Rien n’a été enregistré."
    )


class CohortTaken(Conflict):
    """The cohort is tied to another association."""

    code = "PAR-COHORT-TAKEN"
    title = _("Cohorte déjà rattachée")
    message = _(
        "Cette cohorte est déjà rattachée à une autre association. Rien n’a été modifié : "
        "détachez-la d’abord de l’autre association si c’était une erreur."
    )


class UntieReasonNeeded(InvalidInput):
    """Untying a cohort came without its reason."""

    code = "PAR-REASON"
    title = _("Motif à donner")
    message = _(
        "Un motif est nécessaire pour détacher une cohorte : le journal le conserve. "
        "Rien n’a été modifié. Écrivez-le en quelques mots, puis renvoyez."
    )


class DismissalReasonNeeded(InvalidInput):
    """Setting a proposal aside came without its reason."""

    code = "PAR-DISMISS"
    title = _("Motif à donner")
    message = _(
        "Un motif est nécessaire pour écarter une proposition : le journal le conserve. "
        "Rien n’a été modifié. Écrivez-le en quelques mots, puis renvoyez."
    )


class NothingChosen(InvalidInput):
    """No proposal was ticked."""

    code = "PAR-NONE"
    title = _("Personnes à choisir")
    message = _("Cochez au moins une personne de la liste. Rien n’a été modifié.")


class NotAMember(InvalidInput):
    """The person chosen as lead does not belong to the association."""

    code = "PAR-MEMBER"
    title = _("Personne à choisir parmi les membres")
    message = _(
        "Un·e référent·e se choisit ici parmi les membres de l’association. "
        "Aucun accès n’a été donné. Pour une autre personne, préparez un code d’accès."
    )

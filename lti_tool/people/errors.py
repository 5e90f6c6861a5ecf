"""Refusals of the people room, each with what was kept and what to do."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from lti_tool.errors import Conflict, InvalidInput


class ClaimRefused(InvalidInput):
    """The access code opens nothing: unknown, used, expired or withdrawn (told as one)."""

    code = "PEO-CLAIM"
    title = _("Code d’accès refusé")
    message = _(
        "Ce code n’ouvre aucun accès : il a été mal recopié, il a déjà servi, ou sa durée est passée. "
        "Vos accès actuels ne changent pas. Vérifiez le code, ou demandez-en un nouveau à la coordination."
    )


class PartnerNeeded(InvalidInput):
    """The role and the association do not go together."""

    code = "PEO-PARTNER"
    title = _("Association à préciser")
    message = _(
        "Le rôle de référent·e partenaire va avec une association, et les autres rôles vont sans. "
        "Aucun accès n’a été donné. Corrigez le choix, puis renvoyez."
    )


class ReasonNeeded(InvalidInput):
    """An act that the journal keeps came without its reason."""

    code = "PEO-REASON"
    title = _("Motif à donner")
    message = _(
        "Un motif est nécessaire pour retirer un accès : le journal le conserve. "
        "Rien n’a été modifié. Écrivez-le en quelques mots, puis renvoyez."
    )


class LastCoordinator(Conflict):
    """Nobody would be left to give any right."""

    code = "PEO-LAST-COORDINATOR"
    title = _("Dernier accès de coordination")
    message = _(
        "C’est le dernier accès de coordination : sans lui, plus personne ne pourrait en donner. "
        "Rien n’a été modifié. Donnez d’abord ce rôle à une autre personne."
    )

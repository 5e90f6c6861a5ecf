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


class LinkRefused(InvalidInput):
    """The code is wrong, was used, or is too old; which one is not said."""

    code = "PEO-LINK-CODE"
    title = _("Code non accepté")
    message = _(
        "Ce code n’est pas valable : il est mal recopié, a déjà servi ou date de plus d’un quart "
        "d’heure. Rien n’a été modifié. Demandez-en un autre depuis l’autre compte, puis recommencez."
    )


class LaunchAgain(Conflict):
    """Linking asks for a launch made a moment ago, as proof of who is there."""

    code = "PEO-LINK-LAUNCH"
    title = _("Ouvrez à nouveau l’outil")
    message = _(
        "Pour relier deux comptes, l’outil doit avoir été ouvert depuis Moodle il y a moins d’un quart "
        "d’heure. Rien n’a été modifié. Revenez à votre cours, ouvrez à nouveau l’activité, puis "
        "revenez ici."
    )


class SameSite(Conflict):
    """Two accounts of one site are usually two people at one computer."""

    code = "PEO-LINK-SITE"
    title = _("Deux comptes du même site")
    message = _(
        "Les deux comptes existent sur un même site Moodle : l’outil ne les relie pas, car ce sont le plus "
        "souvent deux personnes. Rien n’a été modifié. Si ce sont bien les vôtres, demandez à la "
        "personne qui administre ce Moodle de n’en garder qu’un."
    )


class GrantHeld(Conflict):
    """A right given to one account must not open from another site."""

    code = "PEO-LINK-GRANT"
    title = _("Un accès particulier empêche de relier ces comptes")
    message = _(
        "L’un des deux comptes a un accès de coordination, de référent·e, de recherche ou d’audit. "
        "Rien n’a été modifié. Demandez à la coordination de retirer cet accès, reliez vos comptes, "
        "puis demandez-le à nouveau."
    )


class RecordsCollide(Conflict):
    """Both hold something that one person cannot hold twice."""

    code = "PEO-LINK-RECORDS"
    title = _("Ces comptes ne peuvent pas être reliés tels quels")
    message = _(
        "Les deux comptes ont chacun une certification en cours ou délivrée pour le même domaine, ou "
        "l’un a examiné ce que l’autre a donné. Rien n’a été modifié. Écrivez à la coordination, qui "
        "décidera laquelle garder."
    )

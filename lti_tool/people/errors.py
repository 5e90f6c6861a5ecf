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
    """No code is written so: copied wrongly, cancelled, or replaced by a newer one."""

    code = "PEO-LINK-CODE"
    title = _("Code non accepté")
    message = _(
        "Aucun code en cours ne s’écrit ainsi : il est mal recopié, ou un plus récent l’a remplacé. "
        "Rien n’a été modifié. Comparez les huit signes ; sinon, demandez un nouveau code depuis "
        "l’autre compte."
    )


class LinkCodeOver(LinkRefused):
    """The code was right, and is of no use any more."""

    code = "PEO-LINK-OVER"
    title = _("Code trop ancien, ou déjà utilisé")
    message = _(
        "Ce code date de plus d’un quart d’heure, ou il a déjà servi. Rien n’a été modifié. "
        "Demandez un nouveau code depuis l’autre compte, puis saisissez-le ici."
    )


class LinkCodeOwn(LinkRefused):
    """The code was given to the very account that types it."""

    code = "PEO-LINK-OWN"
    title = _("Ce code vient de ce compte-ci")
    message = _(
        "Ce code a été demandé depuis le compte où vous êtes. Rien n’a été modifié. Ouvrez l’outil "
        "depuis votre autre site Moodle, et saisissez-le là-bas."
    )


class AlreadyLinked(LinkRefused):
    """Both accounts are one person's already."""

    code = "PEO-LINK-DONE"
    title = _("Ces comptes sont déjà reliés")
    message = _(
        "Le compte qui a demandé ce code est déjà relié au vôtre. Il n’y a rien à faire : tous deux "
        "montrent le même parcours."
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
        "Il y aurait deux comptes du même site Moodle : l’outil ne les relie pas, car ce sont le plus "
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
    """One reviewed, decided or confirmed for the other: nobody does so for themselves."""

    code = "PEO-LINK-RECORDS"
    title = _("Ces comptes ne peuvent pas être reliés")
    message = _(
        "L’un des deux comptes a examiné une preuve de l’autre, décidé de sa certification ou confirmé "
        "son ancrage : ce ne peut pas être la même personne. Rien n’a été modifié. Si les deux sont "
        "bien les vôtres, écrivez à la coordination."
    )


class AwardsCollide(Conflict):
    """Both hold an open award of one target: the coordination says which one stays."""

    code = "PEO-LINK-AWARDS"
    title = _("Deux certifications pour un même domaine")
    message = _(
        "Les deux comptes ont chacun une certification pour le même domaine, et une personne n’en a "
        "qu’une. Rien n’a été modifié. La coordination décide laquelle garder, puis les comptes sont "
        "reliés."
    )


class LinkGone(Conflict):
    """What the coordination was to settle is over, withdrawn, or settled already."""

    code = "PEO-LINK-GONE"
    title = _("Cette demande n’attend plus")
    message = _(
        "Les comptes ont été reliés, ou la demande a été retirée ou a dépassé un mois. Rien n’a été "
        "modifié. Rechargez la liste pour voir ce qui attend."
    )

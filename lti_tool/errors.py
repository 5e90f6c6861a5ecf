"""Errors that a person or a machine reacts to, one class per different reaction.

LtiToolError
├── NotFound              the object does not exist, or not for this person (404 in both cases)
├── Forbidden             the person may know the object but not do this (403)
├── SignInRequired        no session: open the tool from the course again (401)
├── InvalidInput          the form or the argument cannot be used as it is (422)
├── Conflict              somebody else, or an earlier moment, already decided (409)
├── PeerUnavailable       Moodle, the mail server… did not answer as it should (503)
└── ConfigurationError    the installation must be mended before anything works (500)

Each class has a stable ``code`` that people can quote, and a French message (a msgid) that says
what happened, what was kept and what to do. Rooms add their own subclasses in ``errors.py``;
``docs/reference/errors.md`` lists every code and a test keeps the list complete.
"""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import lazy_gettext as _


class LtiToolError(Exception):
    """Root of the application's errors.

    Args:
        detail: technical precision for the log, in English, never shown and never personal.
        **values: what the message's ``%(name)s`` placeholders need.
    """

    code = "ANC-000"
    status = 500
    title = _("Cette action n’a pas abouti")
    message = _(
        "L’outil n’a pas pu terminer cette action. Rien n’a été enregistré. "
        "Réessayez dans quelques minutes ; si cela continue, transmettez ce code à la coordination."
    )

    def __init__(self, detail: str = "", **values: object) -> None:
        super().__init__(detail or self.code)
        self.detail = detail
        self.values = values

    def sentence(self) -> str:
        """The message for the person, in the language of the request."""
        text = str(self.message)
        return text % self.values if self.values else text


class NotFound(LtiToolError):
    """The object does not exist, or not for this person."""

    code = "ANC-404"
    status = 404
    title = _("Page introuvable")
    message = _(
        "Cette page n’existe pas, ou elle ne vous est pas ouverte. "
        "Revenez à votre cours et ouvrez l’outil depuis l’activité."
    )


class Forbidden(LtiToolError):
    """The person may know of the object but may not do this."""

    code = "ANC-403"
    status = 403
    title = _("Action réservée")
    message = _(
        "Votre rôle ne permet pas cette action. Rien n’a été modifié. "
        "Demandez à la coordination si vous pensez que c’est une erreur."
    )


class SignInRequired(LtiToolError):
    """There is no session in this browser."""

    code = "ANC-401"
    status = 401
    title = _("Session terminée")
    message = _(
        "Votre session est terminée ou n’a pas commencé. Ce que vous aviez enregistré est conservé. "
        "Ouvrez à nouveau l’outil depuis votre cours Moodle."
    )


class InvalidInput(LtiToolError):
    """The form or argument cannot be used as it is."""

    code = "ANC-422"
    status = 422
    title = _("Une information est à corriger")
    message = _(
        "Une information manque ou ne convient pas. Rien n’a été perdu : corrigez-la, puis renvoyez."
    )


class Conflict(LtiToolError):
    """Somebody else, or an earlier moment, already decided."""

    code = "ANC-409"
    status = 409
    title = _("Déjà fait, ou modifié entre-temps")
    message = _(
        "Une autre personne a déjà agi, ou la situation a changé depuis l’affichage de la page. "
        "Rien n’a été modifié par votre action. Rechargez la page pour voir l’état présent."
    )


class PeerUnavailable(LtiToolError):
    """Another server did not answer as it should."""

    code = "ANC-503"
    status = 503
    title = _("Moodle ne répond pas")
    message = _(
        "Le site Moodle n’a pas répondu. Les dernières valeurs lues sont conservées avec leur date. "
        "Réessayez dans quelques minutes."
    )


class ConfigurationError(LtiToolError):
    """The installation must be mended before anything works."""

    code = "ANC-500"
    status = 500
    title = _("Installation à compléter")
    message = _(
        "Un réglage de l’installation manque ou ne convient pas. "
        "Transmettez ce code à la personne qui administre l’outil."
    )


def all_errors(root: type[LtiToolError] = LtiToolError) -> Iterator[type[LtiToolError]]:
    """Yield ``root`` and every loaded subclass, depth first."""
    yield root
    for child in root.__subclasses__():
        yield from all_errors(child)

"""Refusals of the platforms room, each with what was kept and what to do.

A failure of Moodle becomes ``SiteUnavailable``; its sentences are in ``sentences``.
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _

import moodle_client as moodle
from lti_tool.errors import Conflict, InvalidInput, PeerUnavailable
from lti_tool.platforms.sentences import failure_sentence


class SiteUnavailable(PeerUnavailable):
    """A Moodle site did not answer as asked; ``code`` and ``message`` are those of the failure."""

    code = "PLT-SITE"

    @classmethod
    def of(cls, error: moodle.MoodleError) -> SiteUnavailable:
        """Make the error for the person out of the client's; Moodle's own text is left behind."""
        made = cls(str(error))
        made.code = error.code
        made.message = failure_sentence(error)
        return made


class TokenMissing(PeerUnavailable):
    """No web-service token was given for the site."""

    code = "PLT-NO-TOKEN"
    title = _("Jeton Moodle à enregistrer")
    message = _(
        "Aucun jeton n’est enregistré pour ce site Moodle : l’outil ne peut rien y lire. "
        "Ce qui avait été lu est conservé. La coordination peut l’enregistrer dans « Sites Moodle »."
    )


class SiteAlreadyKnown(Conflict):
    """The address or the client identifier is registered already."""

    code = "PLT-KNOWN"
    title = _("Site déjà enregistré")
    message = _(
        "Ce site, ou cet identifiant client, est déjà enregistré. Rien n’a été ajouté. "
        "Ouvrez le site dans la liste pour le compléter."
    )


class AddressRefused(InvalidInput):
    """The address cannot be that of a Moodle site."""

    code = "PLT-ADDRESS"
    title = _("Adresse à corriger")
    message = _(
        "Cette adresse ne convient pas : donnez celle de la page d’accueil de Moodle, "
        "avec https:// et sans « index.php » ni paramètre. Rien n’a été enregistré."
    )


class AddressPrivate(AddressRefused):
    """The address leads inside the tool's own network, which the settings do not open."""

    code = "PLT-ADDRESS-PRIVATE"
    message = _(
        "Cette adresse mène à l’intérieur du réseau de l’outil, et non à un site public. Rien n’a "
        "été enregistré. Si ce Moodle se trouve bien là, la personne qui administre l’outil doit "
        "d’abord l’autoriser (réglage ANCRAGE_PRIVATE_PLATFORMS)."
    )


class FieldMissing(InvalidInput):
    """A needed text is empty or too long."""

    code = "PLT-FIELD"
    title = _("Information à compléter")
    message = _(
        "Cette information est nécessaire, en 200 caractères au plus. "
        "Rien n’a été enregistré : complétez-la, puis renvoyez."
    )


class TokenRefused(InvalidInput):
    """The text given cannot be a Moodle token."""

    code = "PLT-TOKEN"
    title = _("Jeton à corriger")
    message = _(
        "Un jeton de Moodle est fait de chiffres et de lettres, sans espace. "
        "L’ancien jeton est conservé. Copiez-le à nouveau depuis Moodle, puis renvoyez."
    )


class KeyAlreadyTurned(Conflict):
    """The key that was to be replaced does not sign any more."""

    code = "PLT-KEY-TURNED"
    title = _("Clé déjà remplacée")
    message = _(
        "Cette clé ne signe plus : quelqu’un d’autre, ou l’horloge, l’a remplacée entre-temps. "
        "Rien n’a été modifié par votre action. Rechargez la page pour voir la clé présente."
    )

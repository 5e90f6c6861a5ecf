"""Why a platform's service did not do what was asked.

ServiceFailed                 root; ``retryable`` says whether the same may work later
├── ServiceUnreachable        no answer, a late one, or a failure of the server: later
├── ServiceAddressRefused     an address outside the platform: nothing was sent (row 37)
│   └── ServiceOutOfReach     the platform's own, on a network that the settings do not open
├── ServicesUnknown           no launch has told the addresses of this course yet
├── RegistrationClosed        the registration was refused here
├── AccessRefused             no access token
│   ├── KeySetUnread          Moodle could not fetch the tool's public keys
│   ├── KeyUnknown            Moodle fetched them, and does not find our signature in them
│   ├── ClientUnknown         Moodle does not know this client_id
│   ├── ClocksApart           our assertion seems to come from the future or the past
│   └── ScopeRefused          the tool's settings in Moodle do not allow this service
├── TokenUnheard              401 with a fresh token: the header is likely lost on the way
├── ServiceNotThere           404: the course, the activity or the column is gone
├── ServiceForbidden          403
└── ServiceAnswerUnfit        the answer cannot be read
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from lti_tool.errors import PeerUnavailable


class ServiceFailed(PeerUnavailable):
    """A service of the platform did not do what was asked."""

    code = "LTI-SERVICE"
    retryable = False


class ServiceUnreachable(ServiceFailed):
    """No answer, a late one, or a failure of the platform's server."""

    code = "LTI-SERVICE-UNREACHABLE"
    retryable = True
    message = _(
        "Le site Moodle n’a pas répondu, ou trop tard. Ce qui était enregistré est conservé. "
        "L’outil réessaie de lui-même ; vous pouvez aussi réessayer dans quelques minutes."
    )


class ServiceAddressRefused(ServiceFailed):
    """An address outside the registered platform; nothing was sent to it."""

    code = "LTI-SERVICE-ADDRESS"
    title = _("Une adresse donnée par Moodle n’est pas la sienne")
    message = _(
        "L’adresse de service reçue n’appartient pas au site Moodle enregistré : l’outil ne l’a pas "
        "appelée et n’y a rien envoyé. Transmettez ce code à la coordination : l’adresse du site "
        "(http ou https, nom, port) est à vérifier dans « Sites Moodle »."
    )


class ServiceOutOfReach(ServiceAddressRefused):
    """The platform's own address leads, from here, where the settings let nothing be sent."""

    code = "LTI-SERVICE-NETWORK"
    title = _("Ce Moodle est sur un réseau fermé à l’outil")
    message = _(
        "Vu de l’outil, le nom de ce Moodle mène à une adresse qui n’est pas publique : rien n’y a été "
        "envoyé. S’il s’y trouve bien, la personne qui administre l’outil peut l’autoriser (réglage "
        "ANCRAGE_PRIVATE_PLATFORMS)."
    )


class ServicesUnknown(ServiceFailed):
    """No launch has told the addresses of this course yet."""

    code = "LTI-SERVICE-UNKNOWN"
    status = 409
    title = _("Moodle n’a pas encore ouvert ce service à l’outil")
    message = _(
        "L’outil ne connaît pas encore l’adresse de ce service pour ce cours. Rien n’a été modifié. "
        "Ouvrez une fois l’outil depuis une activité du cours ; si cela ne suffit pas, la personne qui "
        "administre Moodle doit activer ce service dans les réglages de l’outil externe."
    )


class RegistrationClosed(ServiceFailed):
    """The registration was refused here: the tool no longer speaks to it."""

    code = "LTI-SERVICE-CLOSED"
    status = 403
    title = _("Ce Moodle n’est plus relié à l’outil")
    message = _(
        "La coordination a fermé la liaison avec ce site Moodle. Rien n’y a été envoyé. "
        "Adressez-vous à elle pour la rouvrir."
    )


class AccessRefused(ServiceFailed):
    """Moodle gave no access token."""

    code = "LTI-ACCESS"
    title = _("Moodle refuse à l’outil l’accès à ses services")
    message = _(
        "Moodle n’a pas donné à l’outil de jeton d’accès. Ce qui était enregistré est conservé. "
        "Transmettez ce code à la personne qui administre Moodle : les réglages de l’outil externe "
        "sont à comparer avec ceux de « Sites Moodle »."
    )


class KeySetUnread(AccessRefused):
    """Moodle answered 404 with a page: it could not fetch the tool's public keys."""

    code = "LTI-ACCESS-KEYSET"
    title = _("Moodle n’a pas pu lire les clés de l’outil")
    message = _(
        "Moodle n’a pas pu lire les clés de l’outil à l’adresse inscrite dans ses réglages comme "
        "« URL du jeu de clés publiques ». Ce qui était enregistré est conservé. La personne qui "
        "administre Moodle peut ouvrir cette adresse depuis le serveur : un pare-feu, la liste des "
        "ports permis par Moodle ou un certificat la bloque sans doute."
    )


class KeyUnknown(AccessRefused):
    """Moodle has a key set of ours in which it does not find the key that signed."""

    code = "LTI-ACCESS-KEY"
    title = _("Moodle ne reconnaît pas la signature de l’outil")
    message = _(
        "La clé qui signe les demandes de l’outil n’est pas parmi celles que Moodle connaît. Ce qui "
        "était enregistré est conservé. La personne qui administre Moodle doit vérifier l’« URL du "
        "jeu de clés publiques » de l’outil externe, et y choisir ce type de clé publique."
    )


class ClientUnknown(AccessRefused):
    """Moodle does not know the client_id."""

    code = "LTI-ACCESS-CLIENT"
    title = _("Moodle ne connaît plus cet outil")
    message = _(
        "Aucun outil externe de Moodle ne porte cet identifiant de client : il a sans doute été "
        "supprimé ou créé à nouveau. Ce qui était enregistré est conservé. La coordination doit "
        "relier à nouveau le site dans « Sites Moodle »."
    )


class ClocksApart(AccessRefused):
    """Our assertion seems to come from the future or the past."""

    code = "LTI-ACCESS-CLOCK"
    title = _("Les horloges de Moodle et de l’outil diffèrent")
    message = _(
        "Moodle juge la demande de l’outil datée du futur ou périmée. Ce qui était enregistré est "
        "conservé. Les horloges des deux serveurs sont à régler par la personne qui les administre."
    )


class ScopeRefused(AccessRefused):
    """The tool's settings in Moodle do not allow this service."""

    code = "LTI-ACCESS-SCOPE"
    title = _("Ce service n’est pas ouvert à l’outil dans Moodle")
    message = _(
        "Les réglages de l’outil externe dans Moodle n’ouvrent pas ce service. Rien n’a été modifié. "
        "La personne qui administre Moodle doit activer, dans « Services », la synchronisation des "
        "notes avec gestion des colonnes, ou le partage de la liste des membres."
    )


class TokenUnheard(ServiceFailed):
    """A fresh token with the right scope was refused: the header is likely lost on the way."""

    code = "LTI-SERVICE-401"
    title = _("Moodle n’entend pas le jeton de l’outil")
    message = _(
        "Moodle vient de donner un jeton à l’outil, puis l’a refusé. Le plus souvent, le serveur web "
        "de Moodle retire l’en-tête « Authorization » avant que Moodle ne le lise. Ce qui était "
        "enregistré est conservé. La personne qui administre ce serveur doit laisser passer cet "
        "en-tête (Apache : « CGIPassAuth On » ; nginx : « fastcgi_param HTTP_AUTHORIZATION »)."
    )


class ServiceNotThere(ServiceFailed):
    """404: the course, the activity or the column is gone."""

    code = "LTI-SERVICE-404"
    title = _("Moodle ne trouve plus ce que l’outil demande")
    message = _(
        "Le cours, l’activité ou la colonne n’existe plus dans Moodle. Ce qui était enregistré est "
        "conservé. Ouvrez l’outil depuis une activité du cours, puis réessayez."
    )


class ServiceForbidden(ServiceFailed):
    """403: the platform understood and does not allow it."""

    code = "LTI-SERVICE-403"
    title = _("Moodle ne permet pas cette action à l’outil")
    message = _(
        "Moodle a compris la demande de l’outil et ne la permet pas. Rien n’a été modifié. "
        "Transmettez ce code à la personne qui administre Moodle."
    )


class ServiceAnswerUnfit(ServiceFailed):
    """The answer cannot be read."""

    code = "LTI-SERVICE-ANSWER"
    title = _("Réponse de Moodle inattendue")
    message = _(
        "Moodle a répondu dans une forme que l’outil ne connaît pas ; la réponse n’a pas été utilisée "
        "et ce qui était enregistré est conservé. Transmettez ce code à la personne qui administre "
        "l’outil."
    )

"""Why a login or a launch is refused: a stable reason code, and a sentence that says what to do.

LtiRefused                one of ours; its ``code`` is the Reason
├── LoginUnfit            the request that opens a launch lacks something: the activity is ill set
├── PlatformUnknown       site, client or deployment is not registered here: tell the coordination
│   ├── PlatformWaiting   the coordination has not accepted this site yet
│   └── PlatformClosed    it accepted, then closed it; or refused it
├── LaunchOver            used, too old, forgotten: open the activity again
├── CookieAbsent          the browser did not give our cookie back: open in a new tab
├── PlatformAnswered      the platform answered with an error instead of a token
├── TokenDoubtful         nothing proves that the platform said this: nobody enters
├── ClocksDiffer          the platform's clock and ours disagree: tell who runs the servers
├── MessageUnfit          the platform said it, but the message cannot be used here
└── EntryRefused          the platform vouches for the person, who may not enter like this
    ├── AccountSuspended      Moodle said so when it was last read; read it again if that is over
    └── SelectionNotForThem   content is chosen by those who teach the course
SelectionOver             a choice of content that was sent, given up, or is too old

Rows of spec/lti.md §4 stand beside the reasons. ``docs/reference/errors.md`` lists them.
"""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _

from lti_tool.errors import LtiToolError


class Reason(StrEnum):
    """Stable code of each refusal; the log and the page carry it."""

    LOGIN_PARAMETER = "LTI-LOGIN-PARAMETER"
    PARAMETER_TWICE = "LTI-PARAMETER-TWICE"
    TARGET_LOGIN = "LTI-TARGET-LOGIN"  # row 22
    ISSUER_UNKNOWN = "LTI-ISSUER-UNKNOWN"
    CLIENT_UNKNOWN = "LTI-CLIENT-UNKNOWN"
    REGISTRATION_INACTIVE = "LTI-REGISTRATION-INACTIVE"
    DEPLOYMENT_UNKNOWN = "LTI-DEPLOYMENT-UNKNOWN"  # rows 11, 12
    DEPLOYMENT_INACTIVE = "LTI-DEPLOYMENT-INACTIVE"  # row 11
    STATE_MISSING = "LTI-STATE-MISSING"  # row 19
    STATE_UNKNOWN = "LTI-STATE-UNKNOWN"  # row 19
    STATE_USED = "LTI-STATE-USED"  # row 17
    STATE_EXPIRED = "LTI-STATE-EXPIRED"  # row 20
    STATE_BROWSER = "LTI-STATE-BROWSER"  # rows 19, 21
    PLATFORM_ERROR = "LTI-PLATFORM-ERROR"
    NOTHING_POSTED = "LTI-TOKEN-MISSING"
    MALFORMED = "LTI-TOKEN-MALFORMED"
    ALGORITHM = "LTI-ALGORITHM"  # rows 1, 2, 3
    HEADER_CRITICAL = "LTI-HEADER-CRITICAL"
    KID_MISSING = "LTI-KID-MISSING"  # row 4
    KID_UNKNOWN = "LTI-KID-UNKNOWN"  # rows 4, 5
    KEY_UNFIT = "LTI-KEY-UNFIT"  # row 3
    SIGNATURE = "LTI-SIGNATURE"  # rows 2, 6
    CLAIM_MISSING = "LTI-CLAIM-MISSING"  # row 14
    CLAIM_TYPE = "LTI-CLAIM-TYPE"
    ISSUER = "LTI-ISSUER"  # row 7
    AUDIENCE = "LTI-AUDIENCE"  # row 8
    AUTHORIZED_PARTY = "LTI-AZP"  # row 9
    NONCE = "LTI-NONCE"  # rows 16, 18
    EXPIRED = "LTI-EXPIRED"  # row 13
    TOO_OLD = "LTI-TOO-OLD"  # row 14
    NOT_YET = "LTI-NOT-YET"  # row 13
    LIFETIME = "LTI-LIFETIME"  # row 14
    VERSION = "LTI-VERSION"  # row 23
    MESSAGE_TYPE = "LTI-MESSAGE-TYPE"  # row 23
    MESSAGE = "LTI-MESSAGE"
    ROLES = "LTI-ROLES"  # row 23
    RESOURCE_LINK = "LTI-RESOURCE-LINK"  # row 23
    CONTEXT = "LTI-CONTEXT"
    TARGET_CLAIM = "LTI-TARGET-CLAIM"  # row 22
    SELECTION = "LTI-DEEP-LINKING"
    SELECTION_RETURN = "LTI-DEEP-LINKING-RETURN"  # row 26
    SELECTION_ROLE = "LTI-DEEP-LINKING-ROLE"  # row 26
    ANONYMOUS = "LTI-ANONYMOUS"
    NO_COURSE_ROLE = "LTI-NO-COURSE-ROLE"  # row 24
    ACCOUNT_SUSPENDED = "LTI-ACCOUNT-SUSPENDED"  # row 40


class LtiRefused(LtiToolError):
    """A login or a launch that is not accepted.

    Args:
        reason: why; becomes ``code``.
        detail: for the log, in English: names of claims and numbers of ours, never their values.
        **values: what the sentence needs.
    """

    code = "LTI-REFUSED"
    status = 400
    title = _("L’activité ne s’est pas ouverte")
    message = _(
        "Ce lancement n’a pas été accepté. Rien n’a été modifié. "
        "Revenez à votre cours et ouvrez à nouveau l’activité."
    )

    def __init__(self, reason: Reason, detail: str = "", **values: object) -> None:
        super().__init__(detail, **values)
        self.reason = reason
        self.code = str(reason)


class LoginUnfit(LtiRefused):
    """The request that opens a launch lacks something or leads elsewhere."""

    code = "LTI-LOGIN"
    title = _("Cette activité est à régler dans Moodle")
    message = _(
        "La demande d’ouverture envoyée par Moodle est incomplète ou mène à une autre adresse que "
        "celle de l’outil. Rien n’a été modifié. Revenez à votre cours et ouvrez l’activité depuis "
        "là ; si cela continue, transmettez ce code à la personne qui administre Moodle : l’adresse "
        "de l’outil est à corriger dans ses réglages."
    )


class PlatformUnknown(LtiRefused):
    """The site, the client or the deployment is not registered here."""

    code = "LTI-PLATFORM"
    status = 403
    title = _("Ce Moodle n’est pas encore relié à l’outil")
    message = _(
        "L’outil ne connaît pas ce site Moodle. Rien n’a été modifié. Transmettez ce code à la "
        "coordination, qui peut le relier."
    )


class PlatformWaiting(PlatformUnknown):
    """The site registered the tool; a coordinator must accept it first."""

    code = "LTI-PLATFORM-WAITS"
    title = _("Ce Moodle attend l’accord de la coordination")
    message = _(
        "L’outil est installé dans votre Moodle, mais la coordination ne l’a pas encore accepté. Vous "
        "n’avez rien à refaire : prévenez la coordination, puis ouvrez à nouveau l’activité."
    )


class PlatformClosed(PlatformUnknown):
    """A coordinator closed or refused this registration, or this deployment of it."""

    code = "LTI-PLATFORM-CLOSED"
    title = _("La coordination a fermé cet accès à l’outil")
    message = _(
        "L’outil ne s’ouvre plus, ou ne s’ouvre pas, depuis cette activité : la coordination l’a décidé. "
        "Ce que vous aviez enregistré est conservé. Demandez-lui si vous pensez que c’est une erreur, en "
        "lui transmettant ce code."
    )


class DeploymentUnknown(PlatformUnknown):
    """The site is known, but not this deployment of the tool on it, and too many wait already."""

    code = "LTI-DEPLOYMENT"
    message = _(
        "Ce site Moodle est relié, mais pas le déploiement n° %(deployment)s de l’outil. Rien n’a "
        "été modifié. Transmettez ce code et ce numéro à la coordination, qui peut l’ajouter au site."
    )


class DeploymentWaiting(PlatformUnknown):
    """A coordinator must accept this deployment first; the launch recorded it."""

    code = "LTI-DEPLOYMENT-WAITS"
    title = _("Cette installation de l’outil attend l’accord de la coordination")
    message = _(
        "Votre site Moodle est relié à l’outil, mais par le nouveau déploiement n° %(deployment)s, "
        "que la coordination doit accepter. Il est noté dans la liste des sites Moodle : vous n’avez "
        "rien à refaire. Prévenez la coordination, puis ouvrez à nouveau l’activité."
    )


class LaunchOver(LtiRefused):
    """Used, too old or forgotten: the remedy is to open the activity again."""

    code = "LTI-OVER"
    title = _("Ce lancement a déjà servi ou a expiré")
    message = _(
        "Chaque ouverture depuis Moodle ne sert qu’une fois et pendant quelques minutes : revenir en "
        "arrière ou recharger la page ne suffit pas. Ce que vous aviez enregistré est conservé. "
        "Revenez à votre cours et ouvrez à nouveau l’activité."
    )


class CookieAbsent(LtiRefused):
    """The browser did not give our cookie back."""

    code = "LTI-COOKIE"
    title = _("Votre navigateur n’a pas rendu le cookie de connexion")
    message = _(
        "Pour votre sécurité, l’outil ne s’ouvre que dans le navigateur qui l’a demandé. Le vôtre "
        "n’a pas rendu le cookie posé au départ : il bloque sans doute les cookies dans les pages "
        "intégrées. Rien n’a été modifié. Ouvrez à nouveau l’activité depuis votre cours et choisissez "
        "« Ouvrir dans un nouvel onglet »."
    )


class PlatformAnswered(LtiRefused):
    """The platform answered with an error instead of a token."""

    code = "LTI-PLATFORM-ANSWER"
    title = _("Moodle n’a pas terminé l’ouverture")
    message = _(
        "Moodle a répondu par une erreur, souvent parce que votre session y est terminée ou que vous "
        "n’êtes pas inscrit·e à ce cours. Rien n’a été modifié. Reconnectez-vous à Moodle, puis ouvrez "
        "à nouveau l’activité."
    )


class PlatformSaid(PlatformAnswered):
    """The same, with the platform's own words: only in the browser that began the login."""

    code = "LTI-PLATFORM-SAID"
    message = _(
        "Moodle a répondu : « %(said)s ». Rien n’a été modifié. Reconnectez-vous à Moodle, vérifiez que "
        "vous êtes inscrit·e au cours, puis ouvrez à nouveau l’activité."
    )


class TokenDoubtful(LtiRefused):
    """Nothing proves that the platform said this."""

    code = "LTI-TOKEN"
    title = _("Ce lancement n’a pas pu être vérifié")
    message = _(
        "L’outil n’a pas pu s’assurer que ce lancement vient de votre Moodle : il n’a ouvert aucune "
        "session. Rien n’a été modifié. Revenez à votre cours et ouvrez à nouveau l’activité ; si cela "
        "continue, transmettez ce code à la coordination."
    )


class ClocksDiffer(LtiRefused):
    """The platform's clock and ours disagree."""

    code = "LTI-CLOCK"
    title = _("Les horloges de Moodle et de l’outil diffèrent")
    message = _(
        "L’heure donnée par Moodle ne s’accorde pas avec celle de l’outil. Rien n’a été modifié. "
        "Attendez une minute, puis ouvrez à nouveau l’activité ; si cela continue, transmettez ce code "
        "à la personne qui administre les serveurs : leurs horloges sont à régler."
    )


class MessageUnfit(LtiRefused):
    """The platform said it, but the message cannot be used here."""

    code = "LTI-MESSAGE-UNFIT"
    title = _("Cette activité ne donne pas ce que l’outil attend")
    message = _(
        "Le lancement vient bien de votre Moodle, mais il y manque une information ou elle n’a pas la "
        "forme attendue. Rien n’a été modifié. Ouvrez l’outil depuis une activité placée dans un cours ; "
        "si c’est déjà le cas, transmettez ce code à la coordination."
    )


class EntryRefused(LtiRefused):
    """The platform vouches for the person, who may not enter like this."""

    code = "LTI-ENTRY"
    status = 403
    title = _("Vous ne pouvez pas entrer par cette activité")
    message = _(
        "L’outil s’ouvre aux apprenant·es et aux formateur·rices inscrit·es au cours, sous leur propre "
        "compte et quand il est actif ; Moodle ne vous présente pas ainsi. Rien n’a été modifié. "
        "Demandez à la personne responsable du cours de vérifier votre inscription et votre rôle."
    )


class AccountSuspended(EntryRefused):
    """Moodle said, when it was last read, that the account is suspended (row 40)."""

    code = "LTI-ACCOUNT"
    title = _("Votre compte Moodle était suspendu à la dernière lecture")
    message = _(
        "Ce que vous aviez donné est conservé. Si votre compte a été rouvert depuis, demandez à un·e "
        "formateur·rice de ce cours de choisir « Actualiser les notes », puis ouvrez à nouveau "
        "l’activité ; vous pouvez aussi attendre demain : l’outil relit Moodle chaque nuit."
    )


class SelectionNotForThem(EntryRefused):
    """Content is chosen by those who teach the course."""

    code = "LTI-DEEP-LINKING-ENTRY"
    title = _("Choisir une activité est réservé aux formateur·rices")
    message = _(
        "Moodle ne vous présente pas comme formateur·rice de ce cours : vous ne pouvez pas y placer "
        "d’activité. Rien n’a été modifié. Demandez à la personne responsable du cours de la placer, "
        "ou de vérifier votre rôle."
    )


class SelectionOver(LtiToolError):
    """The choice was sent or given up, is too old, or was never this person's."""

    code = "LTI-SELECTION-OVER"
    status = 404
    title = _("Ce choix est terminé")
    message = _(
        "Ce choix d’activités a déjà été envoyé à Moodle, ou cette page est restée ouverte plus d’une "
        "heure. Rien n’a été ajouté au cours par cette page. Revenez à votre cours et choisissez à "
        "nouveau le contenu de l’activité."
    )

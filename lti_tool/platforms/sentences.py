"""What each failure of Moodle means to a person.

``moodle_client`` names failures for programs; here each of its classes gets a French sentence that
says what happened, what was kept and what to do. A test walks its whole tree.
"""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _

import moodle_client as moodle
from lti_tool.errors import LtiToolError, all_errors
from lti_tool.platforms.certificates import certificate_words, fault_in

_KEPT_RETRY = _(
    "Ce qui avait été lu est conservé avec sa date. Réessayez dans quelques minutes ; si cela dure, "
    "prévenez l’équipe de Moodle."
)

_SENTENCES: dict[type[moodle.MoodleError], tuple[Any, Any]] = {
    moodle.MoodleError: (
        _("Moodle n’a pas répondu comme prévu."),
        _KEPT_RETRY,
    ),
    moodle.Unreachable: (
        _("Le site Moodle est injoignable : son serveur, son nom ou son certificat ne répond pas."),
        _KEPT_RETRY,
    ),
    moodle.AddressForbidden: (
        _(
            "L’adresse de ce site Moodle ne mène pas à une adresse publique : rien n’y a été envoyé."
        ),
        _(
            "Ce qui avait été lu est conservé. Si ce Moodle se trouve bien sur un réseau privé, la "
            "personne qui administre l’outil peut l’autoriser (réglage ANCRAGE_PRIVATE_PLATFORMS)."
        ),
    ),
    moodle.MoodleTimeout: (
        _("Le site Moodle a mis trop de temps à répondre."),
        _KEPT_RETRY,
    ),
    moodle.ServerFailure: (
        _("Le site Moodle est en panne : il a répondu par une erreur de son serveur."),
        _("Ce qui avait été lu est conservé. Réessayez plus tard, ou prévenez l’équipe de Moodle."),
    ),
    moodle.Maintenance: (
        _("Le site Moodle est en maintenance."),
        _("Ce qui avait été lu est conservé. Réessayez quand le site sera rouvert."),
    ),
    moodle.TruncatedAnswer: (
        _("La réponse de Moodle est arrivée coupée ; elle n’a pas été utilisée."),
        _KEPT_RETRY,
    ),
    moodle.AnswerTooLarge: (
        _("La réponse de Moodle est trop volumineuse pour être lue en une fois."),
        _("Rien n’a été modifié. Transmettez ce code à la personne qui administre l’outil."),
    ),
    moodle.NotMoodle: (
        _("L’adresse enregistrée ne répond pas comme un site Moodle."),
        _("Rien n’a été modifié. La coordination peut vérifier l’adresse dans « Sites Moodle »."),
    ),
    moodle.OtherSite: (
        _(
            "Un autre site Moodle répond à l’adresse enregistrée : rien de ce qu’il dit n’a été gardé."
        ),
        _(
            "Ce qui avait été lu est conservé. La coordination peut « Vérifier l’accès » dans "
            "« Sites Moodle », qui dit quelle adresse ce Moodle se donne."
        ),
    ),
    moodle.UnexpectedAnswer: (
        _("Moodle a répondu dans une forme que l’outil ne connaît pas."),
        _("Rien n’a été modifié. Transmettez ce code à la personne qui administre l’outil."),
    ),
    moodle.ProtocolDisabled: (
        _("Les services web du site Moodle, ou leur protocole REST, sont désactivés."),
        _(
            "Rien n’a été modifié. L’équipe de Moodle les active dans "
            "« Administration du site > Serveur > Services web »."
        ),
    ),
    moodle.InvalidToken: (
        _("Moodle ne reconnaît pas le jeton enregistré : il est faux, expiré ou supprimé."),
        _("Ce qui avait été lu est conservé. La coordination doit enregistrer un nouveau jeton."),
    ),
    moodle.AccessDenied: (
        _(
            "Moodle refuse l’accès avec ce jeton : durée passée, adresse IP non permise, service "
            "désactivé ou droit d’utiliser REST absent."
        ),
        _(
            "Ce qui avait été lu est conservé. La coordination peut « Vérifier l’accès » "
            "dans « Sites Moodle »."
        ),
    ),
    moodle.MissingFunction: (
        _("Une fonction dont l’outil a besoin n’est pas dans le service web de Moodle."),
        _(
            "Ce qui avait été lu est conservé. « Vérifier l’accès », dans « Sites Moodle », "
            "dit laquelle ajouter."
        ),
    ),
    moodle.ServiceAccountClosed: (
        _("Le compte de service de Moodle est suspendu, supprimé ou non confirmé."),
        _("Ce qui avait été lu est conservé. L’équipe de Moodle doit rouvrir ce compte."),
    ),
    moodle.SiteNotReady: (
        _(
            "Le compte de service doit d’abord accepter la politique du site Moodle, "
            "ou changer son mot de passe."
        ),
        _(
            "Ce qui avait été lu est conservé. L’équipe de Moodle se connecte une fois "
            "avec ce compte pour le faire."
        ),
    ),
    moodle.MissingCapability: (
        _("Le compte de service n’a pas le droit de lire ceci dans Moodle."),
        _(
            "Ce qui avait été lu est conservé. « Vérifier l’accès », dans « Sites Moodle », "
            "dit quelle capacité ajouter."
        ),
    ),
    moodle.CourseInaccessible: (
        _("Le compte de service ne peut pas entrer dans ce cours : il est caché ou réservé."),
        _(
            "Ce qui avait été lu est conservé. Dans Moodle, donnez au rôle du compte les capacités "
            "« moodle/course:view » et « moodle/course:viewhiddencourses »."
        ),
    ),
    moodle.InvalidParameter: (
        _("L’outil a posé à Moodle une question mal formée : c’est une erreur de l’outil."),
        _("Rien n’a été modifié. Transmettez ce code à la personne qui administre l’outil."),
    ),
    moodle.NotFound: (
        _("Ce cours, cette personne ou cette cohorte n’existe plus dans Moodle."),
        _(
            "Ce qui avait été lu est conservé. La coordination peut relire la liste des cours dans "
            "« Sites Moodle »."
        ),
    ),
    moodle.UserDeleted: (
        _("Le compte de cette personne a été supprimé dans Moodle."),
        _("Ses dernières valeurs lues sont conservées avec leur date ; il n’y a rien à refaire."),
    ),
    moodle.UserSuspended: (
        _("Le compte de cette personne est suspendu dans Moodle : rien ne peut y être lu."),
        _("Ses dernières valeurs lues restent valables. Rouvrez le compte dans Moodle au besoin."),
    ),
    moodle.NotEnrolled: (
        _("Cette personne n’a pas d’inscription active dans ce cours."),
        _("Ses dernières valeurs lues sont conservées. Vérifiez son inscription dans Moodle."),
    ),
    moodle.NoCriteria: (
        _("Ce cours n’a pas de critère d’achèvement : l’achèvement y est inconnu, et non refusé."),
        _(
            "Rien n’a été modifié. Réglez l’achèvement du cours dans Moodle "
            "si une certification en dépend."
        ),
    ),
    moodle.LoginRefused: (
        _("Moodle refuse ce nom, ce mot de passe ou ce service."),
        _("Aucun jeton n’a été enregistré. Vérifiez-les dans Moodle, puis recommencez."),
    ),
}

_JOB_SENTENCES: dict[str, Any] = {
    "JOB-CRASHED": _(
        "Ce travail s’est arrêté sur une erreur de l’outil. Ce qui était enregistré avant est conservé. "
        "Relancez-le ; si cela continue, transmettez ce code à la coordination."
    ),
    "JOB-DATABASE": _(
        "La base de données n’a pas répondu pendant ce travail. Ce qui était enregistré avant est "
        "conservé. Relancez-le ; si cela continue, transmettez ce code à la personne qui administre "
        "l’outil."
    ),
    "JOB-LEASE": _(
        "Ce travail n’a pas pu aller à sa fin : le programme qui le fait s’est arrêté à chaque essai. "
        "Ce qui était enregistré avant est conservé. Transmettez ce code à la personne qui administre "
        "l’outil, puis relancez-le."
    ),
    "JOB-UNKNOWN-KIND": _(
        "L’outil ne sait pas faire ce travail : son installation est incomplète. Rien n’a été modifié. "
        "Transmettez ce code à la personne qui administre l’outil."
    ),
}


class _Joined:
    """Two lazy sentences read as one."""

    def __init__(self, happened: Any, then: Any) -> None:
        self._parts = (happened, then)

    def __str__(self) -> str:
        return " ".join(str(part) for part in self._parts)


def moodle_sentence(kind: type[moodle.MoodleError]) -> Any:
    """Return the sentence (lazy) for a class of the client's tree, or for its nearest parent."""
    known = next(parent for parent in kind.__mro__ if parent in _SENTENCES)
    return _Joined(*_SENTENCES[known])


def failure_sentence(error: moodle.MoodleError) -> Any:
    """Return the sentence (lazy) for a failure; that of its certificate, when it was the certificate."""
    fault = fault_in(error.reason)
    if fault is not None:
        words = certificate_words(fault)
        return _Joined(words.fault, words.remedy)
    return moodle_sentence(type(error))


def moodle_sentences() -> dict[str, Any]:
    """Return every code of the client's tree with its sentence, for the reference page."""
    return {kind.code: _Joined(*parts) for kind, parts in _SENTENCES.items()}


def sentence_for_code(code: str, reason: str | None = None) -> str:
    """Return the sentence for a code that a job recorded; the general one for an unknown code.

    Args:
        code: as recorded.
        reason: the client's finer word, where it was recorded: what is wrong with a certificate.
    """
    fault = fault_in(reason)
    if fault is not None:
        words = certificate_words(fault)
        return str(_Joined(words.fault, words.remedy))
    if code in _JOB_SENTENCES:
        return str(_JOB_SENTENCES[code])
    sentences = moodle_sentences()
    if code in sentences:
        return str(sentences[code])
    for kind in all_errors():
        if kind.code == code and "%(" not in str(kind.message):
            return str(kind.message)
    return str(LtiToolError.message)

"""One French sentence for each reason, flag, kind, problem and warning that a screen may show.

The stored values never change; these sentences may. What to do next is in ``next_steps``.
"""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _

from lti_tool.certification.models import (
    DriftKind,
    EvidenceKind,
    EvidenceState,
    PlacePrecision,
    RevocationGround,
)
from lti_tool.certification.rules.model import Route
from lti_tool.certification.rules.reasons import Flag, Reason
from lti_tool.certification.service.evidence_form import Problem
from lti_tool.grades.models import EnrolmentState

INACTIVE: dict[EnrolmentState, Any] = {
    EnrolmentState.INACTIVE: _("inscription inactive"),
    EnrolmentState.SUSPENDED: _("inscription suspendue"),
    EnrolmentState.EXPIRED: _("inscription terminée"),
    EnrolmentState.FUTURE: _("inscription à venir"),
}
"""What is said of an enrolment that is not in force."""

REASONS: dict[Reason, Any] = {
    Reason.SATISFIED: _("Critère rempli."),
    Reason.PARTS_PENDING: _("Une partie au moins est encore en attente."),
    Reason.PARTS_NOT_SATISFIED: _("Une partie au moins n’est pas remplie."),
    Reason.NO_MAPPED_COURSE: _("Aucun cours ne compte encore pour ce domaine."),
    Reason.NOT_READ: _("Pas encore lu dans Moodle."),
    Reason.ACCOUNT_SUSPENDED: _("Le compte est suspendu dans Moodle : rien ne peut y être lu."),
    Reason.ENROLMENT_SUSPENDED: _("L’inscription au cours est suspendue dans Moodle."),
    Reason.ENROLMENT_EXPIRED: _("L’inscription au cours est arrivée à son terme dans Moodle."),
    Reason.ENROLMENT_FUTURE: _("L’inscription au cours n’a pas encore commencé dans Moodle."),
    Reason.ENROLMENT_INACTIVE: _(
        "L’inscription au cours n’est pas en cours dans Moodle : suspendue, terminée ou à venir."
    ),
    Reason.GONE: _("L’inscription à ce cours a pris fin dans Moodle."),
    Reason.MOODLE_UNREACHABLE: _(
        "Moodle n’a pas répondu à la dernière lecture ; la dernière valeur lue est conservée."
    ),
    Reason.ACCESS_DENIED: _("L’outil n’a pas tous les droits nécessaires pour lire cette valeur."),
    Reason.ITEM_NOT_FOUND: _("L’élément noté n’est pas dans le carnet de notes de Moodle."),
    Reason.BELOW_THRESHOLD: _("La note lue est inférieure à ce qui est demandé."),
    Reason.MISSING: _("Pas encore noté."),
    Reason.MISSING_AFTER_DEADLINE: _("Aucune note à la date limite du cours."),
    Reason.HIDDEN: _("La note n’est pas encore visible dans Moodle."),
    Reason.VISIBILITY_UNKNOWN: _("Moodle n’a pas dit si cette note est visible ou masquée."),
    Reason.OVERRIDDEN_TO_CONFIRM: _(
        "La note a été saisie à la main dans le carnet : elle est à confirmer."
    ),
    Reason.OVERRIDE_UNKNOWN: _("L’outil ne peut pas savoir si la note a été saisie à la main."),
    Reason.EXCLUDED_TO_CONFIRM: _(
        "La note est exclue du total dans Moodle : l’exemption est à confirmer."
    ),
    Reason.EXEMPT: _("Exempté·e de cette note, comme la règle le permet."),
    Reason.SCALE_CHANGED: _("Le barème de Moodle n’est plus celui que la règle décrit."),
    Reason.BOUNDS_UNKNOWN: _(
        "Les notes minimale et maximale sont inconnues : la note ne peut pas être comparée."
    ),
    Reason.RECALCULATING: _("Moodle recalcule ses totaux : la note n’est pas encore sûre."),
    Reason.OWN_SCORE_COUNTED: _(
        "Ce total contient une note qu’Ancrage a inscrite dans Moodle : il ne peut pas servir à décider."
    ),
    Reason.NOT_COMPLETED: _("Le cours n’est pas encore achevé dans Moodle."),
    Reason.NOT_COMPLETED_AFTER_DEADLINE: _("Le cours n’était pas achevé à sa date limite."),
    Reason.NO_COMPLETION_CRITERIA: _("Ce cours n’a pas de critère d’achèvement dans Moodle."),
    Reason.EVIDENCE_MISSING: _("Aucune preuve suffisante n’a encore été donnée."),
    Reason.EVIDENCE_DRAFT: _("Une preuve est en brouillon : elle n’a pas été envoyée."),
    Reason.EVIDENCE_SUBMITTED: _("Une preuve a été envoyée : elle attend sa validation."),
    Reason.EVIDENCE_MORE_ASKED: _("Un complément a été demandé sur la preuve."),
    Reason.EVIDENCE_CONTRIBUTION_MISSING: _(
        "La preuve est collective : la part de chaque personne n’y est pas encore décrite."
    ),
    Reason.EVIDENCE_IN_FUTURE: _("L’action est datée d’un jour à venir."),
    Reason.EVIDENCE_REFUSED: _("La preuve donnée n’a pas été acceptée."),
    Reason.EVIDENCE_NOT_INDEPENDENT: _(
        "La preuve a été validée par une personne trop proche : la validation ne compte pas."
    ),
    Reason.EVIDENCE_WRONG_VALIDATOR: _(
        "La preuve a été validée par une personne qui n’a pas la qualité demandée."
    ),
    Reason.EVIDENCE_TOO_OLD: _("L’action est plus ancienne que la période acceptée."),
}

FLAGS: dict[Flag, Any] = {
    Flag.OVERRIDDEN: _("Note saisie à la main par l’enseignant·e dans le carnet de notes."),
    Flag.OVERRIDE_UNKNOWN: _(
        "L’outil ne peut pas savoir si cette note a été saisie à la main : il lui manque un droit."
    ),
    Flag.HIDDEN_ACCEPTED: _(
        "Note masquée dans Moodle, utilisée parce que la règle le permet ; "
        "l’apprenant·e ne la voit pas ici."
    ),
}

EVIDENCE_KINDS: dict[EvidenceKind, Any] = {
    EvidenceKind.REAL_ACTION: _("Action réelle de plaidoyer"),
    EvidenceKind.DECISION_TOOL: _("Outil d’aide à la décision"),
}
EVIDENCE_KIND_HINTS: dict[EvidenceKind, Any] = {
    EvidenceKind.REAL_ACTION: _(
        "Une rencontre, une campagne, une audition, un courrier… que vous avez mené dans la réalité."
    ),
    EvidenceKind.DECISION_TOOL: _(
        "Une enquête, une base de données, une note d’analyse… que des décideur·euses peuvent utiliser."
    ),
}

PLACE_PRECISIONS: dict[PlacePrecision, Any] = {
    PlacePrecision.NONE: _("Ne pas préciser"),
    PlacePrecision.COUNTRY: _("Le pays seulement"),
    PlacePrecision.REGION: _("La région"),
}

PROBLEMS: dict[Problem, Any] = {
    Problem.DOMAIN_MISSING: _("Choisissez le domaine pour lequel cette preuve compte."),
    Problem.KIND_MISSING: _("Choisissez ce que vous ajoutez : une action ou un outil."),
    Problem.TITLE_MISSING: _("Donnez un titre, en quelques mots."),
    Problem.TITLE_TOO_LONG: _("Raccourcissez le titre : 200 caractères au plus."),
    Problem.DATE_MISSING: _("Indiquez la date, avec le jour, le mois et l’année."),
    Problem.DATE_IN_FUTURE: _("Indiquez une date passée : une preuve parle de ce qui a eu lieu."),
    Problem.PLACE_MISSING: _("Écrivez le lieu, ou choisissez de ne pas le préciser."),
    Problem.PLACE_TOO_LONG: _("Raccourcissez le lieu : 120 caractères au plus."),
    Problem.ROLE_MISSING: _("Dites ce que vous avez fait vous-même."),
    Problem.ROLE_TOO_LONG: _("Raccourcissez votre rôle : 500 caractères au plus."),
    Problem.OUTCOME_TOO_LONG: _("Raccourcissez ce qui a changé : 2 000 caractères au plus."),
    Problem.LINK_NOT_HTTPS: _("Donnez une adresse complète qui commence par https://."),
    Problem.LINK_TOO_LONG: _("Raccourcissez l’adresse : 500 caractères au plus."),
}

REVIEWS: dict[EvidenceState, Any] = {
    EvidenceState.ACCEPTED: _("Valider"),
    EvidenceState.MORE_ASKED: _("Demander un complément"),
    EvidenceState.REFUSED: _("Refuser"),
}
REVIEW_HINTS: dict[EvidenceState, Any] = {
    EvidenceState.ACCEPTED: _(
        "La preuve compte pour la certification ; elle ne pourra plus être modifiée."
    ),
    EvidenceState.MORE_ASKED: _(
        "L’apprenant·e lit votre motif, complète et renvoie. Rien n’est perdu."
    ),
    EvidenceState.REFUSED: _(
        "La preuve ne comptera pas. L’apprenant·e lit votre motif et peut en donner une autre."
    ),
}
REVIEWER_ROLES: dict[str, Any] = {
    "trainer": _("formateur·rice du cours"),
    "coordinator": _("coordination"),
    "jury": _("jury"),
}

DRIFT_DECISIONS: dict[DriftKind, Any] = {
    DriftKind.MAINTAINED: _("Maintenir la certification"),
    DriftKind.NO_FOLLOW_UP: _("Clore sans suite"),
    DriftKind.SUSPENDED: _("Suspendre le temps de vérifier"),
    DriftKind.REVOKED: _("Révoquer la certification"),
}
DRIFT_HINTS: dict[DriftKind, Any] = {
    DriftKind.MAINTAINED: _("Elle reste valable, certificat compris. L’écart est clos."),
    DriftKind.NO_FOLLOW_UP: _(
        "Les critères sont de nouveau remplis : la certification reste valable, l’écart est clos."
    ),
    DriftKind.SUSPENDED: _(
        "Trente jours au plus. La page publique dit « en cours de vérification » et le certificat "
        "n’est plus téléchargeable. L’écart reste à décider."
    ),
    DriftKind.REVOKED: _(
        "La page publique dit « révoqué », le suivi d’ancrage s’arrête. Cela ne s’annule pas. Une "
        "note plus basse n’est pas à elle seule un motif : choisissez-en un ci-dessous."
    ),
}
GROUNDS: dict[RevocationGround, Any] = {
    RevocationGround.FRAUD: _("fraude prouvée"),
    RevocationGround.ISSUE_ERROR: _("erreur d’émission"),
    RevocationGround.HOLDERS_WISH: _("demande de l’apprenant·e"),
    RevocationGround.EVIDENCE_WITHDRAWN: _("preuve retirée ou falsifiée"),
}
DRIFT_KINDS: dict[DriftKind, Any] = {
    DriftKind.NO_EFFECT: _("Une note a changé dans Moodle ; les critères sont remplis."),
    DriftKind.GAP: _("Une note a changé dans Moodle : les critères ne sont plus tous remplis."),
    DriftKind.BACK: _("Une note a changé dans Moodle : les critères sont de nouveau remplis."),
    DriftKind.ANSWERED: _("L’apprenant·e a répondu."),
    DriftKind.MAINTAINED: _("Certification maintenue."),
    DriftKind.SUSPENDED: _("Certification suspendue le temps de vérifier."),
    DriftKind.REVOKED: _("Certification révoquée."),
    DriftKind.NO_FOLLOW_UP: _("Écart clos sans suite : la certification reste valable."),
    DriftKind.REPLACED: _("Écart clos : une autre certification remplace celle-ci."),
}
DRIFT_KINDS_TOLD: dict[DriftKind, Any] = {
    **DRIFT_KINDS,
    DriftKind.ANSWERED: _("Vous avez répondu."),
}

ROUTES: dict[Route, Any] = {
    Route.FORMATION: _("par la voie de la formation"),
    Route.VAE: _("par la voie de la VAE interne"),
    Route.APPRENTISSAGE: _("par la voie de l’apprentissage"),
}

PULL_WARNINGS: dict[str, Any] = {
    "gradebook_empty": _(
        "Moodle n’a donné aucune note, alors que le cours a des apprenant·es. Vérifiez que le compte "
        "de service a accès à tous les groupes et au carnet de notes de ce cours."
    ),
    "no_course_total": _(
        "Le carnet de notes n’a pas de total du cours : la règle qui s’appuie sur lui reste en "
        "attente. Vérifiez le carnet de notes dans Moodle."
    ),
    "items_left_out": _(
        "Moodle ne donne pas à l’outil toutes les colonnes du carnet de notes de ce cours : les totaux "
        "lus peuvent être faux, ils restent en attente. Le compte de service doit voir les notes et les "
        "activités cachées ; ensuite, actualisez les notes."
    ),
    "own_column_counts": _(
        "Une colonne publiée par Ancrage compte dans un total du cours : ce total ne sert plus à "
        "décider, et plus aucune note n’est transmise. « Régler la publication » dit comment la sortir "
        "du total ; ensuite, actualisez les notes."
    ),
}
HIDDEN_GRADES_UNSEEN = _(
    "L’outil n’a pas le droit de voir les notes masquées de ce site : les totaux lus peuvent être "
    "faux, ils restent en attente. La coordination peut « Vérifier l’accès » dans « Sites Moodle »."
)
ANOTHER_WARNING = _("La dernière lecture signale un point à vérifier : %(code)s.")


def reason_sentence(reason: Reason) -> str:
    """Return why a criterion has its status."""
    return str(REASONS[reason])


def pull_warning(code: str) -> str:
    """Return the sentence of a warning that a pull recorded."""
    return (
        str(PULL_WARNINGS[code]) if code in PULL_WARNINGS else str(ANOTHER_WARNING) % {"code": code}
    )

"""What to do next for each reason that keeps a criterion open, for learners and for trainers.

A satisfied criterion needs nothing: its reason has an empty sentence.
"""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _

from lti_tool.certification.rules.reasons import Reason

_NOTHING = ""
_WAIT_FOR_READING = _(
    "Il n’y a rien à faire : l’outil relira Moodle. Si cela dure, écrivez à vos formateur·rices."
)
_ASK_TRAINERS = _("Demandez à vos formateur·rices de vérifier ce point dans Moodle.")
_SEE_THE_PARTS = _("Voyez ci-dessous les parties qui restent.")
_TRAINERS_ARE_TOLD = _(
    "Il n’y a rien à faire de votre côté : vos formateur·rices voient ce point et le règlent."
)

FOR_LEARNERS: dict[Reason, Any] = {
    Reason.SATISFIED: _NOTHING,
    Reason.EXEMPT: _NOTHING,
    Reason.PARTS_PENDING: _SEE_THE_PARTS,
    Reason.PARTS_NOT_SATISFIED: _SEE_THE_PARTS,
    Reason.NO_MAPPED_COURSE: _("La coordination doit dire quels cours comptent pour ce domaine."),
    Reason.NOT_READ: _WAIT_FOR_READING,
    Reason.ACCOUNT_SUSPENDED: _("Demandez à l’équipe de Moodle de rouvrir votre compte."),
    Reason.ENROLMENT_SUSPENDED: _("Demandez à vos formateur·rices de rétablir votre inscription."),
    Reason.ENROLMENT_EXPIRED: _("Demandez à vos formateur·rices de rétablir votre inscription."),
    Reason.ENROLMENT_FUTURE: _(
        "Attendez le début de votre inscription : la suite viendra ensuite."
    ),
    Reason.ENROLMENT_INACTIVE: _("Demandez à vos formateur·rices de rétablir votre inscription."),
    Reason.GONE: _("Demandez à vos formateur·rices si vous devez être réinscrit·e à ce cours."),
    Reason.MOODLE_UNREACHABLE: _WAIT_FOR_READING,
    Reason.ACCESS_DENIED: _TRAINERS_ARE_TOLD,
    Reason.ITEM_NOT_FOUND: _TRAINERS_ARE_TOLD,
    Reason.BELOW_THRESHOLD: _(
        "Voyez dans le cours si une activité peut être reprise, ou parlez-en à vos formateur·rices."
    ),
    Reason.MISSING: _("Terminez les activités notées du cours ; la note viendra ensuite."),
    Reason.MISSING_AFTER_DEADLINE: _(
        "Écrivez à vos formateur·rices pour savoir si une nouvelle date est possible."
    ),
    Reason.HIDDEN: _("Attendez que vos formateur·rices publient la note dans Moodle."),
    Reason.VISIBILITY_UNKNOWN: _TRAINERS_ARE_TOLD,
    Reason.OVERRIDDEN_TO_CONFIRM: _TRAINERS_ARE_TOLD,
    Reason.OVERRIDE_UNKNOWN: _TRAINERS_ARE_TOLD,
    Reason.EXCLUDED_TO_CONFIRM: _ASK_TRAINERS,
    Reason.SCALE_CHANGED: _TRAINERS_ARE_TOLD,
    Reason.BOUNDS_UNKNOWN: _TRAINERS_ARE_TOLD,
    Reason.OWN_SCORE_COUNTED: _TRAINERS_ARE_TOLD,
    Reason.RECALCULATING: _WAIT_FOR_READING,
    Reason.NOT_COMPLETED: _("Terminez dans Moodle les activités que le cours demande d’achever."),
    Reason.NOT_COMPLETED_AFTER_DEADLINE: _(
        "Écrivez à vos formateur·rices pour savoir si le cours peut être rouvert pour vous."
    ),
    Reason.NO_COMPLETION_CRITERIA: _TRAINERS_ARE_TOLD,
    Reason.EVIDENCE_MISSING: _(
        "Ajoutez dans « Mes preuves » ce que vous avez mené dans la réalité."
    ),
    Reason.EVIDENCE_DRAFT: _("Ouvrez votre brouillon dans « Mes preuves », puis envoyez-le."),
    Reason.EVIDENCE_SUBMITTED: _(
        "Il n’y a rien à faire : une personne indépendante va examiner votre preuve."
    ),
    Reason.EVIDENCE_MORE_ASKED: _(
        "Lisez le motif dans « Mes preuves », complétez votre texte, puis renvoyez-le."
    ),
    Reason.EVIDENCE_CONTRIBUTION_MISSING: _("Décrivez dans « Mes preuves » votre propre part."),
    Reason.EVIDENCE_IN_FUTURE: _("Corrigez la date dans « Mes preuves », ou attendez ce jour."),
    Reason.EVIDENCE_REFUSED: _(
        "Lisez le motif dans « Mes preuves », puis donnez une autre preuve."
    ),
    Reason.EVIDENCE_NOT_INDEPENDENT: _(
        "Demandez à la coordination de faire examiner une preuve par une autre personne."
    ),
    Reason.EVIDENCE_WRONG_VALIDATOR: _(
        "Demandez à la coordination de faire examiner une preuve par la personne qui convient."
    ),
    Reason.EVIDENCE_TOO_OLD: _("Ajoutez dans « Mes preuves » une action plus récente."),
}

_REFRESH = _("« Actualisez les notes » ; si rien ne change, prévenez la coordination.")
_CHECK_ACCESS = _("La coordination peut « Vérifier l’accès » dans « Sites Moodle ».")

FOR_TRAINERS: dict[Reason, Any] = {
    Reason.SATISFIED: _NOTHING,
    Reason.EXEMPT: _NOTHING,
    Reason.PARTS_PENDING: _SEE_THE_PARTS,
    Reason.PARTS_NOT_SATISFIED: _SEE_THE_PARTS,
    Reason.NO_MAPPED_COURSE: _("Demandez à la coordination de rattacher des cours à ce domaine."),
    Reason.NOT_READ: _REFRESH,
    Reason.ACCOUNT_SUSPENDED: _("L’équipe de Moodle peut rouvrir ce compte."),
    Reason.ENROLMENT_SUSPENDED: _("Rétablissez l’inscription dans Moodle si elle doit l’être."),
    Reason.ENROLMENT_EXPIRED: _("Prolongez l’inscription dans Moodle si elle doit l’être."),
    Reason.ENROLMENT_FUTURE: _("Avancez le début de l’inscription dans Moodle s’il doit l’être."),
    Reason.ENROLMENT_INACTIVE: _("Rétablissez l’inscription dans Moodle si elle doit l’être."),
    Reason.GONE: _("Réinscrivez la personne dans Moodle si elle doit l’être."),
    Reason.MOODLE_UNREACHABLE: _REFRESH,
    Reason.ACCESS_DENIED: _CHECK_ACCESS,
    Reason.ITEM_NOT_FOUND: _("Vérifiez le numéro d’identification de l’élément dans Moodle."),
    Reason.BELOW_THRESHOLD: _("La personne peut reprendre une activité si le cours le permet."),
    Reason.MISSING: _("Notez le travail dans Moodle quand il est rendu."),
    Reason.MISSING_AFTER_DEADLINE: _("Notez dans Moodle, ou prolongez la date, s’il y a lieu."),
    Reason.HIDDEN: _("Rendez la note visible dans Moodle quand elle peut l’être."),
    Reason.VISIBILITY_UNKNOWN: _CHECK_ACCESS,
    Reason.OVERRIDDEN_TO_CONFIRM: _("Vérifiez cette note dans le carnet de Moodle."),
    Reason.OVERRIDE_UNKNOWN: _CHECK_ACCESS,
    Reason.EXCLUDED_TO_CONFIRM: _("Rétablissez la note dans le total, ou saisissez l’exemption."),
    Reason.SCALE_CHANGED: _("Prévenez la coordination : la règle ou le barème est à corriger."),
    Reason.BOUNDS_UNKNOWN: _("Vérifiez les notes minimale et maximale dans Moodle."),
    Reason.OWN_SCORE_COUNTED: _(
        "Sortez du total la colonne d’Ancrage (« Régler la publication » dit comment), puis "
        "« Actualisez les notes »."
    ),
    Reason.RECALCULATING: _("« Actualisez les notes » dans quelques minutes."),
    Reason.NOT_COMPLETED: _("La personne termine les activités que le cours demande d’achever."),
    Reason.NOT_COMPLETED_AFTER_DEADLINE: _("Rouvrez le cours pour elle, s’il y a lieu."),
    Reason.NO_COMPLETION_CRITERIA: _("Réglez l’achèvement du cours dans Moodle."),
    Reason.EVIDENCE_MISSING: _("La personne ajoute une preuve dans l’outil."),
    Reason.EVIDENCE_DRAFT: _("La personne doit envoyer son brouillon."),
    Reason.EVIDENCE_SUBMITTED: _(
        "Elle est à examiner dans « Preuves à valider » du cours où elle a été donnée."
    ),
    Reason.EVIDENCE_MORE_ASKED: _("La personne doit compléter sa preuve et la renvoyer."),
    Reason.EVIDENCE_CONTRIBUTION_MISSING: _("La personne doit décrire sa propre part."),
    Reason.EVIDENCE_IN_FUTURE: _("La personne doit corriger la date."),
    Reason.EVIDENCE_REFUSED: _("La personne peut donner une autre preuve."),
    Reason.EVIDENCE_NOT_INDEPENDENT: _(
        "Une personne qui ne représente pas son association doit valider une preuve."
    ),
    Reason.EVIDENCE_WRONG_VALIDATOR: _("Une personne qui a la qualité demandée doit valider."),
    Reason.EVIDENCE_TOO_OLD: _("La personne peut donner une action plus récente."),
}

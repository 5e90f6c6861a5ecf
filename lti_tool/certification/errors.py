"""What can be refused in a certification, each with what to do."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from lti_tool.errors import Conflict, Forbidden, InvalidInput


class NotIndependent(Forbidden):
    """The reviewer is the author, or leads the author's association (V13)."""

    code = "CERT-INDEPENDENCE"
    title = _("Validation à confier à une autre personne")
    message = _(
        "Une preuve est validée par une personne indépendante : ni son auteur ou autrice, ni la "
        "référente ou le référent de son association. Rien n’a été enregistré. "
        "Demandez à un·e autre formateur·rice du cours ou à la coordination."
    )


class ReasonMissing(InvalidInput):
    """A refusal or a request for more needs a reason."""

    code = "CERT-REASON"
    title = _("Motif à indiquer")
    message = _(
        "Indiquez en une phrase pourquoi : la personne le lira et saura quoi faire. "
        "Votre décision n’a pas encore été enregistrée."
    )


class ReasonTooLong(InvalidInput):
    """The reason is longer than what is kept."""

    code = "CERT-REASON-LONG"
    title = _("Motif à raccourcir")
    message = _(
        "Le motif tient en 1 000 caractères au plus. Votre texte est conservé dans le formulaire ; "
        "votre décision n’a pas encore été enregistrée. Raccourcissez-le, puis renvoyez."
    )


class EvidenceIncomplete(InvalidInput):
    """Something that the evidence needs is missing or cannot be used."""

    code = "CERT-EVIDENCE"
    title = _("Preuve à compléter")
    message = _(
        "Il manque une information, ou l’une d’elles ne convient pas. Votre texte est conservé : "
        "corrigez les champs signalés, puis envoyez à nouveau."
    )


class EvidenceAlreadyReviewed(Conflict):
    """Another person reviewed it first, or the author changed it."""

    code = "CERT-REVIEWED"
    title = _("Preuve déjà examinée")
    message = _(
        "Cette preuve n’attend plus de validation : une autre personne vient de l’examiner, ou "
        "son auteur ou autrice l’a modifiée. Votre décision n’a pas été enregistrée. Rechargez la liste."
    )


class EvidenceClosed(Conflict):
    """The author changes an evidence that was decided meanwhile."""

    code = "CERT-EVIDENCE-CLOSED"
    title = _("Preuve déjà examinée")
    message = _(
        "Cette preuve a été examinée et ne peut plus être modifiée. Vos changements n’ont pas été "
        "enregistrés ; le texte envoyé auparavant est conservé. Ouvrez « Mes preuves » pour lire "
        "la décision."
    )


class AlreadyDecided(Conflict):
    """Another person decided the proposal first."""

    code = "CERT-DECIDED"
    title = _("Proposition déjà traitée")
    message = _(
        "Une autre personne a déjà approuvé ou refusé cette proposition. "
        "Votre décision n’a pas été enregistrée. Rechargez la liste pour voir le résultat."
    )


class NoLongerSatisfied(Conflict):
    """The facts changed since the proposal: the rule is no longer satisfied."""

    code = "CERT-CHANGED"
    title = _("La situation a changé")
    message = _(
        "Depuis la proposition, une note ou une preuve a changé et les critères ne sont plus tous "
        "remplis. Rien n’a été délivré. Relisez le détail des critères avant de décider."
    )


class OwnProposal(Forbidden):
    """Nobody decides their own certification, nor that of someone of the association they lead."""

    code = "CERT-OWN"
    title = _("Décision à confier à une autre personne")
    message = _(
        "On ne décide pas de sa propre certification, ni de celle d’une personne de l’association "
        "que l’on représente. Rien n’a été enregistré. Demandez à la coordination."
    )


class ReviewClosed(Conflict):
    """Another person decided the review first, or it closed with the award."""

    code = "CERT-REVIEW-CLOSED"
    title = _("Écart déjà examiné")
    message = _(
        "Cet écart n’attend plus de décision : une autre personne vient de l’examiner. Ce que vous "
        "envoyez n’a pas été enregistré. Rechargez la page pour lire la décision."
    )


class ReviewChanged(Conflict):
    """Something was read, written or decided since the person read the review."""

    code = "CERT-REVIEW-CHANGED"
    title = _("La situation a changé")
    message = _(
        "Depuis que vous avez ouvert cette page, une note a été relue, l’apprenant·e a répondu ou une "
        "décision a été prise. Rien n’a été enregistré. Relisez, puis décidez."
    )


class LearnerNotTold(Conflict):
    """A suspension over a grade that the learner may not read yet (N6)."""

    code = "CERT-NOT-TOLD"
    title = _("Note encore masquée à l’apprenant·e")
    message = _(
        "L’apprenant·e ne voit pas encore cette note dans Moodle et n’a pas pu répondre : la "
        "certification n’est pas suspendue pour autant. Rien n’a été enregistré. Montrez la note "
        "dans Moodle, actualisez les notes, puis décidez."
    )


class GroundMissing(InvalidInput):
    """A revocation without one of the grounds of the closed list (§3.2)."""

    code = "CERT-GROUND"
    title = _("Motif de révocation à choisir")
    message = _(
        "Choisissez pourquoi la certification est révoquée. Une note plus basse ne suffit pas à elle "
        "seule. Rien n’a été enregistré."
    )


class AnswerUnfit(InvalidInput):
    """The learner's answer is empty, or longer than what is kept."""

    code = "CERT-ANSWER"
    title = _("Réponse à écrire")
    message = _(
        "Écrivez votre réponse en 1 000 caractères au plus. Elle n’a pas encore été envoyée."
    )


class AwardNotChosen(InvalidInput):
    """Two awards of one domain, and nobody said which one stays."""

    code = "CERT-CHOICE"
    title = _("Certification à choisir")
    message = _(
        "Choisissez, pour chaque domaine, la certification qui reste. Rien n’a été modifié, et les "
        "comptes ne sont pas encore reliés."
    )

"""Words of the placements: how each is called, what it shows, what is to be corrected."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from lti_tool.lti.deep_linking.items import Problem
from lti_tool.lti.models import Placement

TITLES = {
    Placement.PATH: _("Mon parcours RMP-ADL"),
    Placement.ACTION: _("Passage à l’action"),
    Placement.CERTIFICATION: _("Certification"),
    Placement.COHORT: _("Cohorte"),
}
EXPLANATIONS = {
    Placement.PATH: _(
        "Chaque apprenant·e y voit où en sont ses domaines, pourquoi, et ce qu’il reste à faire."
    ),
    Placement.ACTION: _(
        "Chaque apprenant·e y donne une action menée ou un outil réalisé ; vous y examinez les preuves "
        "reçues."
    ),
    Placement.CERTIFICATION: _(
        "Chaque apprenant·e y trouve son certificat ou ce qui manque pour l’obtenir ; vous y décidez des "
        "propositions."
    ),
    Placement.COHORT: _(
        "Vous y suivez l’état de chaque apprenant·e du cours ; un·e référent·e y retrouve son "
        "association. Les apprenant·es y trouvent leur parcours."
    ),
}
"""For the trainer who chooses."""
DESCRIPTIONS = {
    Placement.PATH: _("Où vous en êtes dans chaque domaine, pourquoi, et ce qu’il reste à faire."),
    Placement.ACTION: _(
        "Donnez ici une action que vous avez menée, ou un outil que vous avez réalisé. Une personne "
        "l’examine et vous répond."
    ),
    Placement.CERTIFICATION: _("Votre certificat, ou ce qui manque pour l’obtenir."),
    Placement.COHORT: _(
        "Où en est le groupe, pour les personnes qui l’accompagnent. Chacun·e y retrouve son parcours."
    ),
}
"""For everybody in the course, learners first: the description of the activity in Moodle."""
PROBLEMS = {
    Problem.NOTHING: _("Cochez au moins une activité, ou choisissez « Ne rien ajouter »."),
    Problem.ONE_ONLY: _("Moodle n’attend ici qu’une activité : n’en gardez qu’une."),
    Problem.DOMAIN: _("Choisissez un domaine pour lequel ce cours compte."),
    Problem.TITLE: _("Donnez un titre à cette activité."),
}

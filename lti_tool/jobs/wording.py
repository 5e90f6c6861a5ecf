"""What background work is called on screens."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from lti_tool.jobs.models import AttemptEnd, JobState

KINDS = {
    "grades.pull_course": _("Lecture des notes"),
    "grades.watch_due_sites": _("Veille des sites"),
    "grades.watch_site": _("Veille d’un site"),
    "grades.read_by_night": _("Lecture complète de la nuit"),
    "grades.read_left": _("Reprise des lectures qui ont échoué"),
    "platforms.sync_courses": _("Lecture de la liste des cours"),
    "platforms.sync_every_list": _("Demande de lecture de la liste des cours de chaque site"),
    "platforms.tend_keys": _("Entretien des clés de l’outil"),
    "certification.evaluate_course": _("Examen des critères de certification"),
    "lti.sync_roster": _("Lecture de la liste du cours"),
    "lti.publish_scores": _("Publication dans le carnet de notes"),
    "credentials.render": _("Mise en page du certificat"),
    "partners.sync_cohorts": _("Lecture des cohortes"),
    "partners.sync_every_site": _("Demande de lecture des cohortes de chaque site"),
    "jobs.forget": _("Oubli des travaux anciens"),
}
STATES = {
    JobState.QUEUED: _("va commencer"),
    JobState.RUNNING: _("en cours"),
    JobState.FAILED: _("interrompu"),
    JobState.CANCELLED: _("arrêté"),
    JobState.DONE: _("terminé"),
}
ENDS = {
    AttemptEnd.DONE: _("terminé"),
    AttemptEnd.FAILED: _("n’a pas abouti"),
    AttemptEnd.RETRIED: _("n’a pas abouti ; un autre essai a suivi"),
    AttemptEnd.CANCELLED: _("arrêté par une personne"),
    AttemptEnd.GIVEN_BACK: _("remis en file : le programme s’arrêtait"),
    AttemptEnd.LOST: _("perdu : le programme s’est interrompu"),
}


def kind_name(kind: str) -> str:
    """Return what work of this kind is called."""
    return str(KINDS.get(kind, _("Travail en cours")))


def end_name(end: AttemptEnd | None) -> str:
    """Return how an attempt ended, in words."""
    return str(_("en cours") if end is None else ENDS[end])

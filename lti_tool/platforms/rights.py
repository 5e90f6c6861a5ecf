"""What each function and capability of the service account is for, told by what breaks without it.

Measured on Moodle 4.5 by taking one away at a time. The installation page lists the same names.
"""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _

_NO_COURSES = _("La liste des cours ne peut pas être lue : ils ne peuvent pas être cartographiés.")
_NO_PEOPLE = _("Les personnes inscrites aux cours ne peuvent pas être lues.")
_NO_ACCOUNTS = _("Les personnes d’une cohorte ou d’un groupe restent sans nom.")
_NO_COHORTS = _("Les cohortes ne peuvent pas être lues : les associations restent sans membres.")
_NO_GROUPS = _(
    "Les très grands cours se lisent personne par personne au lieu de groupe par groupe : "
    "plus lentement."
)
_NO_COMPETENCIES = _("Les compétences évaluées dans Moodle ne peuvent pas être lues.")
_NO_GRADES = _("Aucune note ne peut être lue : aucune certification ne peut être proposée.")
_NO_COMPLETION = _("L’achèvement des cours ne peut pas être lu : il reste inconnu.")
_NO_ACTIVITIES = _("L’achèvement des activités ne peut pas être lu : il reste inconnu.")
_NO_ASSIGNMENTS = _(
    "Sur un site sans rapport, les notes données dans les devoirs ne sont pas annoncées : elles sont lues plus tard."
)
_NO_TREE = _("L’outil ne peut pas vérifier que toutes les notes lui sont données.")
_NO_REPORT = _(
    "Le rapport du site ne peut pas être surveillé : après un changement, les notes sont lues moins vite."
)
_ITEMS_GONE = _("Les notes de ce type d’activité disparaissent sans message d’erreur.")

FUNCTION_EFFECTS: dict[str, Any] = {
    "core_webservice_get_site_info": _("L’outil ne sait pas ce que le jeton permet."),
    "core_course_get_courses": _NO_COURSES,
    "core_course_get_courses_by_field": _NO_COURSES,
    "core_enrol_get_enrolled_users": _NO_PEOPLE,
    "core_user_get_users_by_field": _NO_ACCOUNTS,
    "core_cohort_get_cohorts": _NO_COHORTS,
    "core_cohort_get_cohort_members": _NO_COHORTS,
    "core_group_get_course_groups": _NO_GROUPS,
    "core_group_get_group_members": _NO_GROUPS,
    "gradereport_user_get_grade_items": _NO_GRADES,
    "core_grades_get_grade_tree": _NO_TREE,
    "core_completion_get_course_completion_status": _NO_COMPLETION,
    "core_completion_get_activities_completion_status": _NO_ACTIVITIES,
    "core_reportbuilder_list_reports": _NO_REPORT,
    "core_reportbuilder_retrieve_report": _NO_REPORT,
    "mod_assign_get_assignments": _NO_ASSIGNMENTS,
    "mod_assign_get_grades": _NO_ASSIGNMENTS,
    "core_competency_list_course_competencies": _NO_COMPETENCIES,
    "tool_lp_data_for_user_competency_summary_in_course": _NO_COMPETENCIES,
}

CAPABILITY_EFFECTS: dict[str, Any] = {
    "webservice/rest:use": _("Rien ne peut être lu."),
    "moodle/course:view": _("Presque aucun cours ne peut être lu."),
    "moodle/course:viewhiddencourses": _(
        "La liste des cours échoue en entier dès qu’un seul cours est caché."
    ),
    "moodle/course:enrolreview": _NO_PEOPLE,
    "moodle/course:viewparticipants": _NO_PEOPLE,
    "moodle/course:viewsuspendedusers": _("Les travaux des personnes suspendues manquent."),
    "moodle/user:viewdetails": _(
        "Les personnes restent invisibles, sauf les formateur·rices, sans message d’erreur."
    ),
    "moodle/user:viewalldetails": _("Les numéros d’identification des personnes manquent."),
    "moodle/site:viewuseridentity": _("Les numéros d’identification des personnes manquent."),
    "moodle/site:accessallgroups": _(
        "Dans les cours à groupes séparés, ni les personnes ni les notes ne peuvent être lues."
    ),
    "moodle/course:managegroups": _NO_GROUPS,
    "moodle/cohort:view": _NO_COHORTS,
    "gradereport/user:view": _NO_GRADES,
    "moodle/grade:viewall": _NO_GRADES,
    "moodle/grade:viewhidden": _(
        "Les notes masquées manquent, et les totaux qui en dépendent paraissent inconnus."
    ),
    "report/completion:view": _NO_COMPLETION,
    "report/progress:view": _NO_ACTIVITIES,
    "mod/assign:view": _ITEMS_GONE,
    "mod/quiz:view": _ITEMS_GONE,
    "mod/lti:view": _ITEMS_GONE,
    "mod/assign:viewgrades": _("Les notes données dans les devoirs ne peuvent pas être lues."),
    "moodle/course:viewhiddenactivities": _(
        "Les activités cachées et leurs notes disparaissent sans message d’erreur."
    ),
    "moodle/reportbuilder:view": _NO_REPORT,
    "moodle/competency:planview": _NO_COMPETENCIES,
    "moodle/competency:usercompetencyview": _NO_COMPETENCIES,
    "moodle/competency:coursecompetencyview": _NO_COMPETENCIES,
}

"""Words about the report: its columns as Moodle names them, in French and in English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _

from lti_tool.grades.rules.report import DATES, INDISPENSABLE, USEFUL, Column


@dataclass(frozen=True, slots=True)
class ColumnWords:
    """A column of the report to make."""

    column: Column
    entity: str
    """Under which heading Moodle keeps it, in French then in English."""
    french: str
    english: str
    use: Any
    """What it is for; what is lost without it."""


_WORDS = {
    Column.COURSE: (
        "Cours [Course]",
        "Nom complet du cours avec lien",
        "Course full name with link",
        _("dit de quel cours il s’agit"),
    ),
    Column.PERSON: (
        "Utilisateur [User]",
        "Nom complet avec lien",
        "Full name with link",
        _("dit de qui il s’agit ; le nom n’est pas conservé"),
    ),
    Column.GRADE: (
        "Achèvement de cours [Course completion]",
        "Note",
        "Grade",
        _("dit que le total a bougé"),
    ),
    Column.COMPLETED: (
        "Achèvement de cours [Course completion]",
        "Terminé",
        "Completed",
        _("sans elle, l’achèvement est lu personne par personne, la nuit"),
    ),
    Column.COMPLETED_AT: (
        "Achèvement de cours [Course completion]",
        "Horodatage de l’achèvement",
        "Time completed",
        _("dit qu’un achèvement a été refait"),
    ),
    Column.LAST_ACCESS: (
        "Accès au cours [Course access]",
        "Dernier accès au cours",
        "Last access to course",
        _("dit qui est venu·e dans le cours"),
    ),
    Column.STATUS: (
        "Inscription [Enrolment]",
        "Statut",
        "Status",
        _("dit qu’une inscription a été suspendue"),
    ),
    Column.COHORT: (
        "Cohorte [Cohort]",
        "Identifiant cohorte",
        "Cohort ID",
        _("dit qu’une personne a changé d’association"),
    ),
    Column.SUSPENDED: (
        "Utilisateur [User]",
        "Suspendu",
        "Suspended",
        _("dit qu’un compte a été suspendu"),
    ),
    Column.ROLE: (
        "Rôle [Role]",
        "Nom abrégé",
        "Short name",
        _("dit qu’une personne a changé de rôle dans le cours"),
    ),
    Column.GROUP: (
        "Groupe [Group]",
        "Numéro d’identification",
        "ID number",
        _("dit qu’une personne a changé de groupe"),
    ),
    Column.STARTED: (
        "Inscription [Enrolment]",
        "Horodatage de début",
        "Time started",
        _("dit qu’une inscription est à venir"),
    ),
    Column.ENDED: (
        "Inscription [Enrolment]",
        "Horodatage de fin",
        "Time ended",
        _("dit qu’une inscription est terminée"),
    ),
}


def column_words(column: Column) -> ColumnWords:
    """Return what is to be said of a column."""
    entity, french, english, use = _WORDS[column]
    return ColumnWords(column, entity, french, english, use)


def indispensable() -> list[ColumnWords]:
    """Return the columns without which nothing can be watched."""
    return [column_words(column) for column in INDISPENSABLE]


def useful() -> list[ColumnWords]:
    """Return the columns that make readings rarer and more exact."""
    return [column_words(column) for column in (*USEFUL, *DATES)]


def named(columns: tuple[Column, ...]) -> str:
    """Return the names of columns in one line, in both languages as Moodle may have either."""
    return ", ".join(f"{words.french} [{words.english}]" for words in map(column_words, columns))

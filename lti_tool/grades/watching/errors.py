"""What can be wrong with a report: each with what it means for the grades and what to do."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from lti_tool.errors import PeerUnavailable


class ReportFault(PeerUnavailable):
    """The report of a site cannot be watched as it is."""

    code = "WATCH-REPORT"
    title = _("Le rapport du site ne peut pas être surveillé")
    message = _(
        "Le rapport personnalisé de ce site n’a pas pu être lu comme prévu. Les dernières valeurs lues "
        "sont conservées avec leur date, et les lectures de nuit continuent."
    )


class NoReport(ReportFault):
    """No report on course participants is shared with the service account."""

    code = "WATCH-NO-REPORT"
    title = _("Aucun rapport à surveiller sur ce site")
    message = _(
        "Aucun rapport personnalisé sur les participants aux cours n’est partagé avec le compte de "
        "service. Les notes sont lues quand même, mais moins vite après un changement. La page « Rapport "
        "à créer dans Moodle » dit comment faire."
    )


class ColumnsMissing(ReportFault):
    """The report lacks a column without which nothing can be watched."""

    code = "WATCH-COLUMNS"
    title = _("Il manque des colonnes au rapport")
    message = _(
        "Le rapport n’a pas les trois colonnes indispensables : le nom du cours avec lien, le nom de la "
        "personne avec lien et la note du cours. Les notes sont lues quand même, mais moins vite après un "
        "changement. Ajoutez ces colonnes dans Moodle."
    )


class ReportEmpty(ReportFault):
    """The report has no row, where it had some."""

    code = "WATCH-EMPTY"
    title = _("Le rapport du site est vide")
    message = _(
        "Le rapport ne montre plus personne, alors qu’il en montrait. Personne n’est considéré comme "
        "parti : les dernières valeurs lues sont conservées. Ouvrez le rapport dans Moodle et vérifiez "
        "ses conditions."
    )


class ReportCut(ReportFault):
    """The report gave fewer rows than it announced."""

    code = "WATCH-CUT"
    title = _("Le rapport du site est incomplet")
    message = _(
        "Moodle a donné moins de lignes que le rapport n’en annonce. Personne n’est considéré comme "
        "parti : les dernières valeurs lues sont conservées. L’outil réessaie de lui-même."
    )


class ReportShrunk(ReportFault):
    """More than half of the enrolments are no longer in the report."""

    code = "WATCH-SHRUNK"
    title = _("Plus de la moitié des inscriptions manquent au rapport")
    message = _(
        "Personne n’est considéré comme parti : les dernières valeurs lues sont conservées. Si c’est "
        "voulu, il n’y a rien à faire : après un jour, l’outil prend le rapport tel qu’il est et les "
        "lectures de nuit disent qui est parti. Sinon, vérifiez dans Moodle les conditions du rapport."
    )


class OtherSite(ReportFault):
    """The links of the report lead to another site."""

    code = "WATCH-OTHER-SITE"
    title = _("Le rapport parle d’un autre site")
    message = _(
        "Les liens du rapport mènent à une autre adresse que celle de ce site : rien n’en a été retenu. "
        "Vérifiez l’adresse du site (« wwwroot » dans la configuration de Moodle)."
    )

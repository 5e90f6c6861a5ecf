"""What the diagnosis of a site says of its report: found, shared, complete, watched, and since when.

Given to ``platforms.diagnosis`` by the wiring of the application. What is not needed for reading, but
only for reading soon, is told as a warning and never as a fault.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask import has_app_context
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.errors import all_errors
from lti_tool.grades.rules.conditions import active_only, other_conditions
from lti_tool.grades.rules.report import INDISPENSABLE, USEFUL, Column, Layout
from lti_tool.grades.watching.finding import FoundReport, candidates
from lti_tool.grades.watching.models import SiteWatch
from lti_tool.grades.watching.state import layout_kept
from lti_tool.grades.watching.wording import named
from lti_tool.platforms.diagnosis import Check, Level, Who
from lti_tool.platforms.models import Site
from lti_tool.platforms.sentences import sentence_for_code
from lti_tool.platforms.service.access import CHECK_SECONDS, client_with
from lti_tool.web.formatting import format_moment
from moodle_client import AccessDenied, Function, MissingCapability, MoodleClient, MoodleError

FUNCTIONS = (Function.REPORTS, Function.RETRIEVE_REPORT)


def report_checks(sessions: sessionmaker[Session], site_id: int, ask: bool) -> list[Check]:
    """Return what is known of the report of a site; ``ask``: look at it now."""
    with sessions() as session:
        site = session.get_one(Site, site_id)
        if not site.token:
            return []
        client = client_with(
            site,
            connect_timeout=5.0,
            read_timeout=CHECK_SECONDS,
            total_timeout=CHECK_SECONDS,
            retries=0,
        )
        watch = session.get(SiteWatch, site_id)
        checks = [*_watch(watch)]
    if ask:
        with client:
            return [*checks, *_asked(client)]
    if watch is not None and watch.report_id is not None:
        checks += _report(watch.report_name, layout_kept(watch), watch.conditions)
    return checks


def fault_sentence(code: str) -> str:
    """Return what a code of a failed watch means."""
    for error in all_errors():
        if error.code == code:
            return f"{error.title}. {error.message}"
    return sentence_for_code(code)


def _watch(watch: SiteWatch | None) -> Iterator[Check]:
    if watch is None or watch.started_at is None:
        yield Check(
            Level.UNKNOWN,
            _("Le rapport du site n’a pas encore été cherché."),
            _(
                "Il l’est dès qu’un cours du site compte pour un domaine et que le travail de fond tourne."
            ),
            code="WATCH-NEVER",
        )
        return
    if watch.error_code:
        since = watch.failing_since or watch.started_at
        yield Check(
            Level.WARNING,
            _(
                "La surveillance du site n’aboutit pas depuis le %(at)s.",
                at=_written(since),
            ),
            fault_sentence(watch.error_code),
            _("Ouvrez la page « Rapport à créer dans Moodle » de ce site : elle dit quoi faire."),
            Who.MOODLE,
            watch.error_code,
        )
    elif watch.read_at is not None:
        yield Check(
            Level.OK,
            _("Le rapport « %(name)s » est surveillé.", name=watch.report_name),
            " ".join(
                (
                    _("Lu le %(at)s.", at=_written(watch.read_at)),
                    ngettext("%(num)s ligne,", "%(num)s lignes,", watch.rows),
                    _("demandées par pages de %(size)s.", size=watch.per_page),
                )
            ),
        )


def _asked(client: MoodleClient) -> Iterator[Check]:
    try:
        missing = [one for one in FUNCTIONS if one not in client.get_site_info().functions]
        if missing:
            yield _functions_missing([str(one) for one in missing])
            return
        found = list(candidates(client))
    except (AccessDenied, MissingCapability):
        yield Check(
            Level.WARNING,
            _("Le compte de service n’a pas le droit de voir des rapports personnalisés."),
            _slower(),
            _(
                "Dans Moodle, autorisez « moodle/reportbuilder:view » au rôle du compte de service, puis "
                "vérifiez à nouveau."
            ),
            Who.MOODLE,
            "WATCH-RIGHT",
        )
        return
    except MoodleError as error:
        yield Check(
            Level.UNKNOWN,
            _("Le rapport du site n’a pas pu être regardé."),
            sentence_for_code(error.code),
            code=error.code,
        )
        return
    yield from _found(found)


def _found(found: list[FoundReport]) -> Iterator[Check]:
    if not found:
        yield Check(
            Level.WARNING,
            _(
                "Aucun rapport sur les participants aux cours n’est partagé avec le compte de service."
            ),
            _slower(),
            _(
                "Créez-le comme le dit la page « Rapport à créer dans Moodle » ; s’il existe déjà, ajoutez "
                "le compte de service à son audience."
            ),
            Who.MOODLE,
            "WATCH-NO-REPORT",
        )
        return
    best = min(found, key=lambda one: len(one.layout.missing([*INDISPENSABLE, *USEFUL])))
    if not best.rows:
        yield Check(
            Level.WARNING,
            _("Le rapport « %(name)s » est vide.", name=best.report.name),
            _("Ses colonnes ne peuvent pas être reconnues, et rien n’y est surveillé."),
            _("Ouvrez-le dans Moodle avec le compte de service et vérifiez ses conditions."),
            Who.MOODLE,
            "WATCH-EMPTY",
        )
        return
    yield from _report(best.report.name, best.layout, best.report.conditions)


def _report(name: str, layout: Layout, conditions: str) -> Iterator[Check]:
    lacking = layout.missing(INDISPENSABLE)
    if lacking:
        yield Check(
            Level.WARNING,
            _("Il manque au rapport « %(name)s » une colonne indispensable.", name=name),
            _slower(),
            _("Ajoutez dans Moodle : %(columns)s.", columns=named(lacking)),
            Who.MOODLE,
            "WATCH-COLUMNS",
        )
        return
    poorer = layout.missing(USEFUL)
    if poorer:
        yield Check(
            Level.WARNING,
            _("Le rapport « %(name)s » pourrait en dire plus.", name=name),
            _("Ce que ces colonnes diraient n’est vu que par les lectures de nuit."),
            _("Ajoutez dans Moodle, ou vérifiez leur nom : %(columns)s.", columns=named(poorer)),
            Who.MOODLE,
            "WATCH-USEFUL",
        )
    else:
        yield Check(Level.OK, _("Le rapport a toutes les colonnes utiles."))
    yield from _comma(layout)
    yield from _conditions(conditions)


def _comma(layout: Layout) -> Iterator[Check]:
    if layout.decimal_sign and Column.GRADE in layout.positions:
        example = f"30{layout.decimal_sign}50"
        yield Check(
            Level.OK,
            _(
                "Le rapport écrit les notes dans la langue du compte de service : %(example)s.",
                example=example,
            ),
            _(
                "Cela n’a pas d’importance : l’outil y voit seulement qu’une note a changé, et lit la valeur "
                "exacte ailleurs. Changer la langue du compte fait reprendre la surveillance à zéro."
            ),
        )


def _conditions(conditions: str) -> Iterator[Check]:
    if active_only(conditions):
        yield Check(
            Level.OK,
            _("Le rapport ne montre que les inscriptions actives."),
            _(
                "Une personne qui en disparaît est relue. Sans cette condition, l’outil dirait aussi si son "
                "inscription est suspendue, terminée ou à venir."
            ),
        )
    others = other_conditions(conditions)
    if others:
        yield Check(
            Level.WARNING,
            _("Une condition du rapport cache des inscriptions."),
            _(
                "Celles qu’elle cache ne sont pas surveillées : leurs notes ne sont lues que la nuit "
                "(%(names)s).",
                names=", ".join(others),
            ),
            _("Retirez ces conditions dans Moodle, à moins qu’elles ne soient voulues."),
            Who.MOODLE,
            "WATCH-CONDITION",
        )


def _functions_missing(names: list[str]) -> Check:
    return Check(
        Level.WARNING,
        _("Le service web n’a pas les fonctions des rapports personnalisés."),
        _slower(),
        _(
            "Dans Moodle : « Administration du site > Serveur > Services web > Services externes », lien "
            "« Fonctions » du service, ajoutez %(names)s.",
            names=", ".join(names),
        ),
        Who.MOODLE,
        "WATCH-FUNCTIONS",
    )


def _written(moment: datetime) -> str:
    """Write a moment as the reader does; the command line has no reader's zone."""
    return format_moment(moment) if has_app_context() else f"{moment:%Y-%m-%d %H:%M} UTC"


def _slower() -> str:
    return str(_("Les notes sont lues quand même, mais moins vite après un changement."))

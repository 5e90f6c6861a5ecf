"""The spaces of partner leads and coordinators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Response, render_template, request
from flask_babel import gettext as _

from lti_tool import clock
from lti_tool.anchoring.service.reading import waves_to_confirm
from lti_tool.certification.present.wording import reason_sentence
from lti_tool.grades.groups import groups_holding
from lti_tool.grades.models import Group
from lti_tool.partners.service import find_partner
from lti_tool.platforms.sentences import sentence_for_code
from lti_tool.reports.cohort import (
    CohortFilter,
    CohortLine,
    Standing,
    cohort_lines,
    counts,
    freshness_of,
)
from lti_tool.reports.exports import REGISTER_COLUMNS, csv_text, register_rows
from lti_tool.reports.overview import overview
from lti_tool.reports.views.blueprint import blueprint
from lti_tool.reports.wording import STANDINGS, TONES
from lti_tool.web.access import coordinator, partner_lead, viewer
from lti_tool.web.database import db
from lti_tool.web.i18n import locale_code

PAGE = 50


@blueprint.get("/association/<partner_id>")
@partner_lead
def cohort(partner_id: str) -> str:
    """Show the members of the viewer's association and where each stands."""
    partner = find_partner(db(), partner_id)
    lines = cohort_lines(db(), partner.id)
    groups = _groups(lines)
    asked = _asked(groups)
    kept = [line for line in lines if asked.keeps(line)]
    page = max(request.args.get("page", 1, int), 1)
    return render_template(
        "reports/cohort.html",
        partner=partner,
        known=freshness_of(db(), partner.id),
        lines=kept[(page - 1) * PAGE : page * PAGE],
        total=len(kept),
        page=page,
        pages=max(1, -(-len(kept) // PAGE)),
        counts=counts(lines),
        people=len({line.person.id for line in lines}),
        domain_options=_domain_options(lines),
        standing_options=[(standing.value, label) for standing, label in STANDINGS.items()],
        asked=asked,
        group_options=[(group.id, f"{group.name} ({group.course.shortname})") for group in groups],
        standings=STANDINGS,
        tones=TONES,
        reason_sentence=reason_sentence,
        to_confirm=len(waves_to_confirm(db(), partner.id, clock.now().date(), viewer().person_id)),
    )


@blueprint.get("/association/<partner_id>/cohorte.csv")
@partner_lead
def cohort_csv(partner_id: str) -> Response:
    """Give the same lines as a table: statuses, never marks."""
    partner = find_partner(db(), partner_id)
    lines = cohort_lines(db(), partner.id)
    asked = _asked(_groups(lines))
    rows = [
        (
            line.person.full_name,
            line.domain.code,
            line.subtheme.code if line.subtheme else "",
            STANDINGS[line.standing],
            line.last_week,
            " ; ".join(reason_sentence(reason) for reason in line.missing),
        )
        for line in lines
        if asked.keeps(line)
    ]
    columns = (
        _("Nom"),
        _("Domaine"),
        _("Sous-thème"),
        _("Statut"),
        _("Semaine de la dernière visite"),
        _("Ce qui manque"),
    )
    return _download(csv_text(columns, rows), "cohorte.csv")


@blueprint.get("/coordination")
@coordinator
def coordination() -> str:
    """Show what needs someone, then the figures of the network."""
    return render_template(
        "reports/coordination.html", overview=overview(db()), sentence_for_code=sentence_for_code
    )


@blueprint.get("/coordination/certifications.csv")
@coordinator
def register_csv() -> Response:
    """Give the register of certifications, without names."""
    return _download(csv_text(REGISTER_COLUMNS, register_rows(db())), "certifications.csv")


def _domain_options(lines: Sequence[CohortLine]) -> list[tuple[str, str]]:
    domains = {line.domain.number: line.domain for line in lines}
    return [
        (domain.code, f"{domain.name} · {domain.label(locale_code())}")
        for _number, domain in sorted(domains.items())
    ]


def _groups(lines: Sequence[CohortLine]) -> dict[Group, frozenset[int]]:
    """Return the sessions that the people of these lines follow, and which of them."""
    return groups_holding(db(), {line.person.id for line in lines})


def _asked(groups: Mapping[Group, frozenset[int]]) -> CohortFilter:
    standing = request.args.get("statut", "")
    number = request.args.get("groupe", type=int)
    group = next((one for one in groups if one.id == number), None)
    return CohortFilter(
        domain=request.args.get("domaine", ""),
        standing=Standing(standing) if standing in list(Standing) else None,
        name=request.args.get("nom", "").strip(),
        group=group.id if group else None,
        within=groups[group] if group else None,
    )


def _download(text: str, name: str) -> Response:
    answer = Response(text, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer

"""The cohorts of a site that stand for no association yet, hidden ones too, read now."""

from __future__ import annotations

from typing import Any

from flask import flash, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool import clock
from lti_tool.partners import cohorts, service
from lti_tool.partners.errors import CohortRefused, CohortTaken
from lti_tool.partners.reading import SeenCohort, list_cohorts
from lti_tool.partners.views.blueprint import blueprint
from lti_tool.partners.views.page import to_partner
from lti_tool.platforms.errors import SiteUnavailable, TokenMissing
from lti_tool.platforms.service import find_site, site_summaries
from lti_tool.web.access import coordinator, viewer
from lti_tool.web.database import db


@blueprint.get("/cohortes")
@coordinator
def untied_cohorts() -> str:
    """List the cohorts of a site that are tied to no association, with how many people they hold."""
    return _page()


@blueprint.post("/cohortes")
@coordinator
def tie_untied() -> Response | tuple[str, int]:
    """Tie one of them (fields ``site``, ``cohort``) to an association (``partner``)."""
    partner = service.find_partner(db(), request.form.get("partner", ""))
    site = find_site(db(), request.form.get("site", 0, type=int))
    try:
        cohorts.tie_cohort(
            db(),
            actor_id=viewer().person_id,
            site=site,
            cohort_id=request.form.get("cohort", 0, type=int),
            name="",
            partner=partner,
        )
    except (CohortRefused, CohortTaken) as refused:
        return _page({"cohort": refused.sentence()}), refused.status
    cohorts.ask_for_reading(db(), site_id=site.id, asked_by=viewer().person_id)
    flash(
        _("Cohorte rattachée. La lecture de ses membres est demandée : ils vous seront proposés."),
        "success",
    )
    return to_partner(partner, "cohortes")


def cohorts_of_site() -> dict[str, Any]:
    """Return the cohorts of the site asked for (``site``), read now, and which are tied; or the trouble."""
    sites = site_summaries(db())
    wanted = request.values.get("site", 0, type=int)
    site_id = next((one.id for one in sites if one.id == wanted), sites[0].id if sites else None)
    found: list[SeenCohort] = []
    trouble = ""
    if site_id is not None:
        try:
            found = list_cohorts(db(), find_site(db(), site_id))
        except (SiteUnavailable, TokenMissing) as failure:
            trouble = failure.sentence()
    links = cohorts.cohort_links(db(), site_id=site_id) if site_id is not None else []
    return {
        "sites": sites,
        "site_id": site_id,
        "cohorts": found,
        "tied": {link.cohort_id: link.partner for link in links},
        "trouble": trouble,
    }


def _page(errors: dict[str, str] | None = None) -> str:
    partners = service.list_partners(db(), clock.now().date())
    return render_template(
        "partners/untied.html",
        partners=[(one.partner.public_id, one.partner.name) for one in partners],
        **cohorts_of_site(),
        values=request.form,
        errors=errors or {},
    )

"""Cohorts of an association, the reading of its members, and its leads."""

from __future__ import annotations

from flask import flash, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from lti_tool.partners import cohorts
from lti_tool.partners.errors import CohortRefused, CohortTaken, NotAMember, UntieReasonNeeded
from lti_tool.partners.leads import name_lead
from lti_tool.partners.models import Partner
from lti_tool.partners.service import find_partner
from lti_tool.partners.views.blueprint import blueprint
from lti_tool.partners.views.page import partner_page, to_partner
from lti_tool.partners.views.untied import cohorts_of_site
from lti_tool.platforms.service import find_site
from lti_tool.web.access import coordinator, viewer
from lti_tool.web.database import db


@blueprint.get("/<partner_id>/cohortes")
@coordinator
def choose_cohort(partner_id: str) -> str:
    """List the cohorts of a site, read now, and offer a number where that fails."""
    return _cohort_page(find_partner(db(), partner_id))


@blueprint.post("/<partner_id>/cohortes")
@coordinator
def tie(partner_id: str) -> Response | tuple[str, int]:
    """Tie a cohort (fields ``site``, ``number`` and, from the list, ``name``)."""
    partner = find_partner(db(), partner_id)
    site = find_site(db(), request.form.get("site", 0, type=int))
    try:
        cohorts.tie_cohort(
            db(),
            actor_id=viewer().person_id,
            site=site,
            cohort_id=request.form.get("number", 0, type=int),
            name=request.form.get("name", ""),
            partner=partner,
        )
    except (CohortRefused, CohortTaken) as refused:
        return _cohort_page(partner, {"number": refused.sentence()}), refused.status
    cohorts.ask_for_reading(db(), site_id=site.id, asked_by=viewer().person_id)
    flash(
        _("Cohorte rattachée. La lecture de ses membres est demandée : ils vous seront proposés."),
        "success",
    )
    return to_partner(partner, "cohortes")


@blueprint.post("/<partner_id>/cohortes/<int:link_id>/detacher")
@coordinator
def untie(partner_id: str, link_id: int) -> Response | tuple[str, int]:
    """Untie a cohort, with a reason."""
    partner = find_partner(db(), partner_id)
    try:
        ended = cohorts.untie_cohort(
            db(),
            actor_id=viewer().person_id,
            link_id=link_id,
            reason=request.form.get("reason", ""),
            partner_id=partner.id,
        )
    except UntieReasonNeeded as refused:
        return partner_page(partner, refused_link=link_id, refusal=refused), refused.status
    words = ngettext(
        "Cohorte détachée : %(num)s affiliation prend fin aujourd’hui.",
        "Cohorte détachée : %(num)s affiliations prennent fin aujourd’hui.",
        ended,
    )
    flash(words, "success")
    return to_partner(partner, "cohortes")


@blueprint.post("/<partner_id>/membres")
@coordinator
def read_members(partner_id: str) -> Response:
    """Ask for a reading of the members, on every site where the association has a cohort."""
    partner = find_partner(db(), partner_id)
    links = cohorts.cohort_links(db(), partner_id=partner.id)
    for site_id in sorted({link.site_id for link in links}):
        cohorts.ask_for_reading(db(), site_id=site_id, asked_by=viewer().person_id)
    return to_partner(partner, "cohortes")


@blueprint.post("/<partner_id>/referents")
@coordinator
def add_lead(partner_id: str) -> Response | tuple[str, int]:
    """Make a member (field ``person``) a lead of the association."""
    partner = find_partner(db(), partner_id)
    try:
        person = name_lead(
            db(),
            actor_id=viewer().person_id,
            partner=partner,
            person_public_id=request.form.get("person", ""),
        )
    except NotAMember as refused:
        return partner_page(partner, {"person": refused.sentence()}), refused.status
    flash(_("%(name)s suit maintenant cette association.", name=person.full_name), "success")
    return to_partner(partner, "referents")


def _cohort_page(partner: Partner, errors: dict[str, str] | None = None) -> str:
    return render_template(
        "partners/cohort.html",
        partner=partner,
        **cohorts_of_site(),
        values=request.form,
        errors=errors or {},
    )

"""The page of one association, which several posts show again with what they refused."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lti_tool import clock
from lti_tool.errors import LtiToolError
from lti_tool.partners import cohorts, service, wording
from lti_tool.partners.leads import current_leads, present_members
from lti_tool.partners.models import Partner
from lti_tool.partners.proposals import count_waiting
from lti_tool.web.database import db


def partner_page(
    partner: Partner,
    errors: dict[str, str] | None = None,
    refused_link: int | None = None,
    refusal: LtiToolError | None = None,
) -> str:
    """Render the association as it stands today.

    Args:
        errors: field → sentence, of the form that was refused.
        refused_link: the cohort link whose untying was refused, with ``refusal``.
    """
    today = clock.now().date()
    agreements = service.agreements_of(db(), partner.id)
    links = cohorts.cohort_links(db(), partner_id=partner.id)
    jobs = [cohorts.latest_reading(db(), site_id) for site_id in {one.site_id for one in links}]
    return render_template(
        "partners/show.html",
        partner=partner,
        today=today,
        agreements=agreements,
        agreement=service.agreement_status(agreements, today),
        links=links,
        waiting=count_waiting(db()).get(partner.id, 0),
        readings=[job for job in jobs if job is not None],
        members=present_members(db(), partner.id),
        leads=current_leads(db(), partner.id),
        countries=wording.countries(),
        values=request.form,
        errors=errors or {},
        refused_link=refused_link,
        refusal=refusal.sentence() if refusal else "",
    )


def to_partner(partner: Partner, anchor: str | None = None) -> Response:
    """Lead back to the association, at a section of its page."""
    return redirect(url_for("partners.show", partner_id=partner.public_id, _anchor=anchor), 303)

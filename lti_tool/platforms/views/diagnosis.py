"""The diagnosis of a site: what is known at once, and what the site answers when it is asked."""

from __future__ import annotations

from flask import render_template

from lti_tool.platforms import service
from lti_tool.platforms.diagnosis import diagnose_site
from lti_tool.platforms.views.blueprint import blueprint
from lti_tool.web.access import coordinator
from lti_tool.web.database import db
from lti_tool.web.runtime import runtime


@blueprint.get("/sites/<int:site_id>/diagnostic")
@coordinator
def diagnosis(site_id: int) -> str:
    """Say what is wrong as far as the tool knows without asking."""
    return _page(site_id, ask=False)


@blueprint.post("/sites/<int:site_id>/diagnostic")
@coordinator
def ask(site_id: int) -> str:
    """Ask the site now, and say what is wrong."""
    return _page(site_id, ask=True)


def _page(site_id: int, *, ask: bool) -> str:
    site = service.find_site(db(), site_id)
    db().rollback()  # others write while the site is waited for
    parts = runtime()
    checks = diagnose_site(parts.sessions, parts.settings, site_id, ask=ask)
    return render_template("platforms/diagnosis.html", site=site, checks=checks, asked=ask)

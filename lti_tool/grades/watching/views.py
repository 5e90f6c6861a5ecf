"""The page that says how to make the report in Moodle, and what is found of it on a site."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, url_for

from lti_tool.grades.watching.checks import report_checks
from lti_tool.grades.watching.due import ask_for_watch
from lti_tool.grades.watching.wording import indispensable, useful
from lti_tool.platforms.service import find_site
from lti_tool.platforms.service_account import SHORT_NAME
from lti_tool.web.access import coordinator, viewer
from lti_tool.web.database import db
from lti_tool.web.runtime import runtime

blueprint = Blueprint("watching", __name__, url_prefix="/coordination/sites")


@blueprint.get("/rapport")
@coordinator
def guide() -> str:
    """Say how to make the report, whatever the site."""
    return _page(None, ask=False)


@blueprint.get("/<int:site_id>/rapport")
@coordinator
def report(site_id: int) -> str:
    """Say what is known of the report of a site, and how to make it."""
    return _page(site_id, ask=False)


@blueprint.post("/<int:site_id>/rapport")
@coordinator
def ask(site_id: int) -> str:
    """Look at the report of a site now."""
    return _page(site_id, ask=True)


@blueprint.post("/<int:site_id>/rapport/surveiller")
@coordinator
def watch_now(site_id: int) -> Any:
    """Have the site watched now, and lead to the progress of that."""
    find_site(db(), site_id)
    job = ask_for_watch(db(), site_id, viewer().person_id)
    db().commit()
    return redirect(url_for("jobs.progress", public_id=job.public_id), 303)


def _page(site_id: int | None, *, ask: bool) -> str:
    site, checks = None, []
    if site_id is not None:
        site = find_site(db(), site_id)
        db().rollback()  # others write while the site is waited for
        checks = report_checks(runtime().sessions, site_id, ask)
    return render_template(
        "grades/report_setup.html",
        site=site,
        checks=checks,
        asked=ask,
        indispensable=indispensable(),
        useful=useful(),
        account=SHORT_NAME,
    )

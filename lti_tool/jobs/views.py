"""Where a piece of background work stands, for the person who asked for it."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from lti_tool.errors import NotFound
from lti_tool.jobs.service import find_job
from lti_tool.web.access import signed_in, viewer
from lti_tool.web.database import db

blueprint = Blueprint("jobs", __name__, url_prefix="/travaux")
OVER = 286
"""The status by which htmx stops polling."""


@blueprint.get("/<public_id>")
@signed_in
def progress(public_id: str) -> tuple[str, int]:
    """Render where a job stands: a page of its own, or the fragment that polling asks for."""
    job = find_job(db(), public_id)
    person = viewer()
    if job.asked_by != person.person_id and not person.is_coordinator:
        raise NotFound("job of another person")
    fragment = "HX-Request" in request.headers
    page = render_template("jobs/progress.html", job=job, fragment=fragment)
    return page, OVER if fragment and job.is_over else 200

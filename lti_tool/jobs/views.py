"""Where background work stands: for the person who asked for it, and all of it for the coordination."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from lti_tool import clock
from lti_tool.errors import NotFound
from lti_tool.jobs.about import about
from lti_tool.jobs.control import cancel, retry
from lti_tool.jobs.history import JobFilter, attempts_of, list_jobs, workforce
from lti_tool.jobs.models import Job, JobState
from lti_tool.jobs.service import find_job
from lti_tool.jobs.wording import KINDS, STATES, end_name, kind_name
from lti_tool.web.access import coordinator, signed_in, viewer
from lti_tool.web.database import db

blueprint = Blueprint("jobs", __name__)
blueprint.add_app_template_filter(kind_name, "job_kind")
blueprint.add_app_template_filter(end_name, "attempt_end")
OVER = 286
"""The status by which htmx stops polling."""


@blueprint.get("/coordination/travaux")
@coordinator
def index() -> str:
    """Render the list of the background work."""
    asked = JobFilter(
        state=_one_of("etat", STATES),
        kind=_one_of("travail", KINDS),
        page=request.args.get("page", 1, int),
    )
    found = list_jobs(db(), asked)
    return render_template(
        "jobs/index.html",
        asked=asked,
        found=found,
        about=about(db(), found.jobs),
        workforce=workforce(db(), clock.now()),
        states=list(STATES.items()),
        kinds=list(KINDS.items()),
    )


@blueprint.get("/travaux/<public_id>")
@signed_in
def progress(public_id: str) -> tuple[str, int]:
    """Render where a job stands: a page of its own, or the fragment that polling asks for."""
    job = _job_of_viewer(public_id)
    fragment = "HX-Request" in request.headers
    page = render_template(
        "jobs/progress.html",
        job=job,
        fragment=fragment,
        known=about(db(), [job]).get(job.id),
        attempts=attempts_of(db(), job) if viewer().is_coordinator else [],
    )
    return page, OVER if fragment and job.is_over else 200


@blueprint.post("/travaux/<public_id>/arret")
@signed_in
def stop(public_id: str) -> Any:
    """Stop a job of one's own, or any for the coordination."""
    job = cancel(db(), _job_of_viewer(public_id).public_id, viewer().person_id)
    over = job.state == JobState.CANCELLED
    flash(
        _("Ce travail est arrêté.")
        if over
        else _("L’arrêt est demandé : il suivra dans un instant."),
        "success",
    )
    return redirect(url_for("jobs.progress", public_id=public_id))


@blueprint.post("/travaux/<public_id>/reprise")
@coordinator
def again(public_id: str) -> Any:
    """Ask again for a job that failed or was stopped."""
    job = retry(db(), public_id, viewer().person_id)
    flash(_("Ce travail est relancé."), "success")
    return redirect(url_for("jobs.progress", public_id=job.public_id))


def _job_of_viewer(public_id: str) -> Job:
    job, person = find_job(db(), public_id), viewer()
    if job.asked_by != person.person_id and not person.is_coordinator:
        raise NotFound("job of another person")
    return job


def _one_of(name: str, known: Any) -> str:
    value = request.args.get(name, "")
    return value if value in known else ""

"""« Actualiser la liste »: a trainer asks for a reading of the roster and follows it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, url_for

from lti_tool.lti.roster.service import ask_for_roster
from lti_tool.web.access import trainer_of_course, viewer
from lti_tool.web.database import db

blueprint = Blueprint("roster", __name__)


@blueprint.post("/cours/<int:course_id>/liste/actualiser")
@trainer_of_course
def refresh(course_id: int) -> Any:
    """Queue the reading and lead back to the course, where its progress shows."""
    job = ask_for_roster(db(), course_id, viewer().person_id)
    page = url_for(
        "certification.course", course_id=course_id, liste=job.public_id, _anchor="liste"
    )
    return redirect(page, 303)

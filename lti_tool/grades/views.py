"""« Actualiser les notes »: a trainer asks for a pull and follows it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, url_for

from lti_tool.errors import NotFound
from lti_tool.grades import own_data
from lti_tool.grades.service import ask_for_pull
from lti_tool.platforms.models import Course
from lti_tool.web.access import trainer_of_course, viewer
from lti_tool.web.database import db

__all__ = ["blueprint", "own_data"]

blueprint = Blueprint("grades", __name__)


@blueprint.post("/cours/<int:course_id>/actualiser")
@trainer_of_course
def refresh(course_id: int) -> Any:
    """Queue the pull and lead back to the course, where its progress shows."""
    course = db().get(Course, course_id)
    if course is None:
        raise NotFound("course")
    job = ask_for_pull(db(), course, viewer().person_id)
    return redirect(url_for("certification.course", course_id=course_id, job=job.public_id), 303)

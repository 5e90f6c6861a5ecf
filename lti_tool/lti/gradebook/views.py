"""« Carnet de notes de Moodle »: publish, stop, retry, and each learner's status."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.errors import InvalidInput, NotFound
from lti_tool.jobs.views import OVER
from lti_tool.lti.gradebook import own_data as _own_data  # noqa: F401  # registers its section
from lti_tool.lti.gradebook.service import (
    ask_to_weigh,
    is_offered,
    publish,
    publishings,
    retry,
    score_lines,
    stop,
)
from lti_tool.lti.models import Outcome
from lti_tool.platforms.models import Course
from lti_tool.web.access import trainer_of_course, viewer
from lti_tool.web.database import db

blueprint = Blueprint("gradebook", __name__, url_prefix="/cours/<int:course_id>/carnet")


@blueprint.get("")
@trainer_of_course
def show(course_id: int) -> str:
    """Show what is published of the course, and where each learner's score stands."""
    course = db().get(Course, course_id)
    if course is None:
        raise NotFound("course")
    page = request.args.get("page", "1")[:6]
    asked = int(page) if page.isascii() and page.isdigit() else 1
    return render_template(
        "lti/gradebook.html",
        course=course,
        offered=is_offered(db(), course_id),
        publishings=[_shown(one, course_id, asked) for one in publishings(db(), course_id)],
    )


@blueprint.get("/travail/<outcome>")
@trainer_of_course
def work(course_id: int, outcome: str) -> Response:
    """Render where the publication of an outcome stands, for the page that shows it."""
    one = next((one for one in publishings(db(), course_id) if one.outcome == outcome), None)
    if one is None or one.job is None:
        raise NotFound("publication")
    response = make_response(render_template("lti/gradebook_job.html", job=one.job))
    if one.job.is_over:
        # htmx stops asking, and the column on the page is asked for again, whole.
        response.status_code = OVER
        response.headers["HX-Trigger"] = "publication-over"
    return response


@blueprint.post("/publier")
@trainer_of_course
def begin(course_id: int) -> Response:
    """Begin to publish an outcome."""
    outcome = _outcome()
    publish(db(), course_id, outcome, outcome_label(outcome), viewer().person_id)
    return _back(course_id, outcome)


@blueprint.post("/arreter")
@trainer_of_course
def end(course_id: int) -> Response:
    """Stop publishing an outcome."""
    outcome = _outcome()
    stop(db(), course_id, outcome, viewer().person_id)
    return _back(course_id, outcome)


@blueprint.post("/reessayer")
@trainer_of_course
def again(course_id: int) -> Response:
    """Send what was refused again: one score, or all."""
    outcome = _outcome()
    number = request.form.get("score", "")[:18]
    if number and not (number.isascii() and number.isdigit()):
        raise InvalidInput("score")
    retry(db(), course_id, outcome, viewer().person_id, int(number) if number else None)
    return _back(course_id, outcome)


@blueprint.post("/poids")
@trainer_of_course
def weigh_again(course_id: int) -> Response:
    """Have the weight of a column looked at again: a trainer says that it does not count any more."""
    outcome = _outcome()
    ask_to_weigh(db(), course_id, outcome, viewer().person_id)
    return _back(course_id, outcome)


def outcome_label(outcome: Outcome) -> str:
    """Return the name of the column of an outcome."""
    labels = {
        Outcome.CERTIFIED: _("Certification RMP-ADL"),
        Outcome.PROGRESS: _("Progression RMP-ADL"),
    }
    return str(labels[outcome])


def _shown(one: Any, course_id: int, asked: int) -> dict[str, Any]:
    lines, page, pages = score_lines(db(), one.item, asked) if one.item else ([], 1, 1)
    anchor = f"colonne-{one.outcome.value}"
    return {
        "state": one,
        "label": one.item.label if one.item else outcome_label(one.outcome),
        "lines": lines,
        "page": page,
        "pages": pages,
        "pages_url": url_for("gradebook.show", course_id=course_id, page="PAGE", _anchor=anchor),
        "job_url": url_for("gradebook.work", course_id=course_id, outcome=one.outcome.value),
    }


def _outcome() -> Outcome:
    try:
        return Outcome(request.form.get("outcome", ""))
    except ValueError:
        raise InvalidInput("outcome") from None


def _back(course_id: int, outcome: Outcome) -> Response:
    anchor = f"colonne-{outcome.value}"
    page = url_for("gradebook.show", course_id=course_id, _anchor=anchor)
    return redirect(page, 303)

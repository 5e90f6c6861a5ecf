"""« Écarts à examiner »: grades that changed after an issue; the learner's answer."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.certification.errors import AnswerUnfit
from lti_tool.certification.models import DriftReview
from lti_tool.certification.present.drift import ground_options, quiet_changes
from lti_tool.certification.service.drift_reviews import (
    answer,
    changes_without_effect,
    find_review,
    open_reviews,
)
from lti_tool.certification.views.blueprint import blueprint, this_course, values_seen
from lti_tool.certification.views.drift_form import DriftForm, course_names_of, drift_views
from lti_tool.certification.views.learner import path_page
from lti_tool.errors import NotFound
from lti_tool.web.access import learner_of_course, trainer_of_course, viewer
from lti_tool.web.database import db

SHOWN = 50
"""Changes without effect on the page, the newest ones."""


@blueprint.get("/ecarts")
@trainer_of_course
def drift_reviews(course_id: int) -> str:
    """List what waits for a decision, then what changed without effect."""
    return _page(course_id)


@blueprint.post("/ecarts/<public_id>/decision")
@trainer_of_course
def decide_drift(course_id: int, public_id: str) -> Response | tuple[str, int]:
    """Record the decision on one review."""
    form = DriftForm.read(_review(course_id, public_id))
    if not form.send("trainer"):
        return _page(course_id, form), 422
    flash(_("Votre décision est enregistrée."), "success")
    return redirect(url_for("certification.drift_reviews", course_id=course_id), 303)


@blueprint.post("/parcours/ecarts/<public_id>")
@learner_of_course
def answer_drift(course_id: int, public_id: str) -> str | Response | tuple[str, int]:
    """Keep what the learner writes about a change."""
    review, text = find_review(db(), public_id), request.form.get("answer", "")
    try:
        answer(db(), review, person_id=viewer().person_id, text=text)
    except AnswerUnfit as refused:
        db().rollback()
        return path_page(course_id, {f"reponse-{public_id}": refused.sentence()}), refused.status
    flash(_("Votre réponse est envoyée. Elle est gardée avec le dossier."), "success")
    return redirect(url_for("certification.path", course_id=course_id), 303)


def _review(course_id: int, public_id: str) -> DriftReview:
    review = find_review(db(), public_id)
    if review.course_id != course_id:
        raise NotFound("drift review of another course")
    return review


def _page(course_id: int, refused: DriftForm | None = None) -> str:
    sees = values_seen()
    quiet = changes_without_effect(db(), course_id, SHOWN)
    names = course_names_of([entry.award for entry in quiet])
    return render_template(
        "certification/drift.html",
        course=this_course(course_id),
        reviews=drift_views(open_reviews(db(), course_id), sees),
        quiet=quiet_changes(quiet, names, sees),
        grounds=ground_options(),
        refused=refused,
    )

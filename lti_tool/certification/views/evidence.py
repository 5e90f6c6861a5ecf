"""« Preuves à valider »: the queue of a course, one evidence with its history, the decision."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.certification.errors import ReasonMissing, ReasonTooLong
from lti_tool.certification.models import Evidence, EvidenceState
from lti_tool.certification.present.evidence import evidence_line, evidence_outline, evidence_view
from lti_tool.certification.present.wording import REVIEW_HINTS, REVIEWS
from lti_tool.certification.service.evidence import (
    evidence_reviewed,
    evidence_to_review,
    find_evidence,
    review_evidence,
)
from lti_tool.certification.service.independence import independent_of, is_independent
from lti_tool.certification.views.blueprint import blueprint, this_course
from lti_tool.errors import NotFound
from lti_tool.web.access import trainer_of_course, viewer
from lti_tool.web.database import db

REVIEWED_SHOWN = 50


@blueprint.get("/preuves")
@trainer_of_course
def evidence_queue(course_id: int) -> str:
    """List the evidence that waits, then what was decided last."""
    waiting = evidence_to_review(db(), course_id)
    open_to_viewer = independent_of(
        db(), reviewer_id=viewer().person_id, person_ids=[one.author_id for one in waiting]
    )
    return render_template(
        "certification/evidence_queue.html",
        course=this_course(course_id),
        waiting=[(evidence_line(one), one.author_id in open_to_viewer) for one in waiting],
        reviewed=[evidence_line(e) for e in evidence_reviewed(db(), course_id, REVIEWED_SHOWN)],
    )


@blueprint.get("/preuves/<public_id>")
@trainer_of_course
def evidence_detail(course_id: int, public_id: str) -> str:
    """Show one evidence and its history, and ask for a decision while it waits."""
    return _detail(course_id, _evidence(course_id, public_id), {})


@blueprint.post("/preuves/<public_id>/decision")
@trainer_of_course
def decide_evidence(course_id: int, public_id: str) -> Response | tuple[str, int]:
    """Record the decision on one evidence."""
    evidence = _evidence(course_id, public_id)
    state = request.form.get("decision", "")
    if state not in REVIEWS:
        return _detail(course_id, evidence, {"decision": _("Choisissez une décision.")}), 422
    try:
        review_evidence(
            db(),
            evidence,
            reviewer_id=viewer().person_id,
            reviewer_role="trainer",
            state=EvidenceState(state),
            reason=request.form.get("reason", ""),
            read_at=_version(),
        )
    except (ReasonMissing, ReasonTooLong) as refused:
        return _detail(course_id, evidence, {"reason": refused.sentence()}), refused.status
    flash(_("Votre décision est enregistrée ; l’apprenant·e la verra."), "success")
    return redirect(url_for("certification.evidence_queue", course_id=course_id), 303)


def _evidence(course_id: int, public_id: str) -> Evidence:
    evidence = find_evidence(db(), public_id)
    if evidence.course_id != course_id or evidence.state == EvidenceState.DRAFT:
        raise NotFound("evidence of another course, or not submitted")
    return evidence


def _version() -> datetime | None:
    try:
        moment = datetime.fromisoformat(request.form.get("version", ""))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _detail(course_id: int, evidence: Evidence, errors: dict[str, str]) -> str:
    reader = viewer().person_id
    independent = is_independent(db(), person_id=evidence.author_id, reviewer_id=reader)
    readable = independent or reader == evidence.author_id
    return render_template(
        "certification/evidence.html",
        course=this_course(course_id),
        evidence=evidence_view(evidence) if readable else evidence_outline(evidence),
        independent=independent,
        decisions=[(state.value, label, REVIEW_HINTS[state]) for state, label in REVIEWS.items()],
        values=request.form,
        errors=errors,
    )

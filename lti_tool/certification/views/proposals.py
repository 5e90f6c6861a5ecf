"""« Propositions »: what the tool proposes for a course, and the decisions people take on it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.certification.errors import ReasonMissing, ReasonTooLong
from lti_tool.certification.models import Award
from lti_tool.certification.present.proposals import ProposalView, outcomes, proposal_view
from lti_tool.certification.service.awards import (
    approve,
    approve_together,
    count_proposals,
    find_award,
    proposals_of_course,
    refuse,
)
from lti_tool.certification.service.independence import independent_of
from lti_tool.certification.service.roster import standings_of_awards
from lti_tool.certification.views.blueprint import blueprint, this_course, values_seen
from lti_tool.errors import NotFound
from lti_tool.web.access import trainer_of_course, viewer
from lti_tool.web.database import db

SHOWN = 50
"""Proposals on the page; the others follow as these are decided."""


@blueprint.get("/propositions")
@trainer_of_course
def proposals(course_id: int) -> str:
    """List the proposals with the reasoning of each."""
    return _page(course_id)


@blueprint.post("/propositions/<public_id>/approuver")
@trainer_of_course
def approve_proposal(course_id: int, public_id: str) -> Response:
    """Issue one certification."""
    award = _award(course_id, public_id)
    approve(db(), award, actor_id=viewer().person_id, reason=request.form.get("reason", ""))
    flash(_("Certification délivrée à %(name)s.", name=award.person.full_name), "success")
    return redirect(url_for("certification.proposals", course_id=course_id), 303)


@blueprint.post("/propositions/<public_id>/refuser")
@trainer_of_course
def refuse_proposal(course_id: int, public_id: str) -> Response | tuple[str, int]:
    """Refuse one certification, with a reason."""
    award = _award(course_id, public_id)
    try:
        refuse(db(), award, actor_id=viewer().person_id, reason=request.form.get("reason", ""))
    except (ReasonMissing, ReasonTooLong) as refused:
        errors = {f"refuser-{public_id}-reason": refused.sentence()}
        return _page(course_id, errors), refused.status
    flash(
        _("Proposition refusée ; %(name)s lira le motif.", name=award.person.full_name), "success"
    )
    return redirect(url_for("certification.proposals", course_id=course_id), 303)


@blueprint.post("/propositions")
@trainer_of_course
def approve_several(course_id: int) -> str | tuple[str, int]:
    """Issue several certifications with one reason, and say what became of each."""
    ticked = set(request.form.getlist("awards"))
    chosen = [a for a in proposals_of_course(db(), course_id) if a.public_id in ticked]
    gone = len(ticked) - len(chosen)
    if not ticked:
        return _page(course_id, {"awards": _("Cochez au moins une proposition.")}), 422
    issued, refused = approve_together(
        db(), chosen, actor_id=viewer().person_id, reason=request.form.get("reason", "")
    )
    return render_template(
        "certification/outcomes.html",
        course=this_course(course_id),
        outcomes=outcomes(issued, refused),
        issued=len(issued),
        gone=gone,
    )


def _award(course_id: int, public_id: str) -> Award:
    award = find_award(db(), public_id)
    if award.course_id != course_id:
        raise NotFound("award of another course")
    return award


def _page(course_id: int, errors: dict[str, str] | None = None) -> str:
    waiting = proposals_of_course(db(), course_id, SHOWN)
    return render_template(
        "certification/proposals.html",
        course=this_course(course_id),
        proposals=_views(waiting),
        total=count_proposals(db(), course_id),
        values=request.form,
        ticked=request.form.getlist("awards"),
        errors=errors or {},
    )


def _views(waiting: Sequence[Award]) -> list[ProposalView]:
    sees = values_seen()
    known = standings_of_awards(db(), waiting)
    free = independent_of(
        db(), reviewer_id=viewer().person_id, person_ids=[one.person_id for one in waiting]
    )
    return [
        proposal_view(one, known[one.id], independent=one.person_id in free, sees=sees)
        for one in waiting
        if one.id in known
    ]

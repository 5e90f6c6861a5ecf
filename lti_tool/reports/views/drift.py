"""« Écarts à examiner », of every course: what the coordination decides, the late ones first."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.certification.present.drift import ground_options
from lti_tool.certification.service.drift_reviews import find_review, open_reviews
from lti_tool.certification.views.blueprint import values_seen
from lti_tool.certification.views.drift_form import DriftForm, drift_views
from lti_tool.reports.views.blueprint import blueprint
from lti_tool.web.access import coordinator
from lti_tool.web.database import db


@blueprint.get("/coordination/ecarts")
@coordinator
def drift_reviews() -> str:
    """List what waits for a decision."""
    return _page()


@blueprint.post("/coordination/ecarts/<public_id>/decision")
@coordinator
def decide_drift(public_id: str) -> Response | tuple[str, int]:
    """Record the decision on one review."""
    form = DriftForm.read(find_review(db(), public_id))
    if not form.send("coordinator"):
        return _page(form), 422
    flash(_("Votre décision est enregistrée."), "success")
    return redirect(url_for("reports.drift_reviews"), 303)


def _page(refused: DriftForm | None = None) -> str:
    return render_template(
        "reports/drift.html",
        reviews=drift_views(open_reviews(db()), values_seen()),
        grounds=ground_options(),
        refused=refused,
    )

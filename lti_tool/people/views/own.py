"""What the tool holds about the reader, their consents, and the page of a first opening."""

from __future__ import annotations

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from lti_tool.errors import InvalidInput
from lti_tool.people.addresses import local_path
from lti_tool.people.models import Purpose
from lti_tool.people.service import choices, collect_own_data, has_answered_notice, record_choices
from lti_tool.people.views.blueprint import blueprint
from lti_tool.web.access import signed_in, viewer
from lti_tool.web.database import db


@blueprint.get("/mes-donnees")
@signed_in
def my_data() -> str:
    """Show what the tool holds about the reader."""
    person_id = viewer().person_id
    return render_template(
        "people/my_data.html",
        data=collect_own_data(db(), person_id),
        choices=choices(db(), person_id),
    )


@blueprint.get("/mes-donnees.json")
@signed_in
def my_data_json() -> Response:
    """Give the same as a file that another tool can read."""
    answer = jsonify(collect_own_data(db(), viewer().person_id))
    answer.headers["Content-Disposition"] = 'attachment; filename="mes-donnees.json"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/mes-donnees/consentements")
@signed_in
def consents() -> BaseResponse:
    """Record one choice: form fields ``purpose`` and ``given`` (``yes`` or ``no``)."""
    try:
        purpose = Purpose(request.form.get("purpose", ""))
        given = {"yes": True, "no": False}[request.form.get("given", "")]
    except (ValueError, KeyError):
        raise InvalidInput("consent form") from None
    record_choices(db(), person_id=viewer().person_id, given={purpose: given})
    flash(_("Votre choix est enregistré."), "success")
    return redirect(url_for("people.my_data", _anchor="consentements"), 303)


@blueprint.get("/bienvenue")
@signed_in
def welcome() -> str:
    """Say what the tool does, at the first opening, and ask for the choices."""
    person_id = viewer().person_id
    return render_template(
        "people/welcome.html",
        choices=choices(db(), person_id),
        answered=has_answered_notice(db(), person_id),
        next=local_path(request.args.get("next"), url_for("web.index")),
    )


@blueprint.post("/bienvenue")
@signed_in
def answer_notice() -> BaseResponse:
    """Record the choices of the welcome page: what is not ticked is refused."""
    ticked = set(request.form.getlist("purposes"))
    given = {purpose: str(purpose) in ticked for purpose in Purpose}
    record_choices(db(), person_id=viewer().person_id, given=given)
    flash(_("Vos choix sont enregistrés. Vous pouvez les changer dans « Mes données »."), "success")
    return redirect(local_path(request.form.get("next"), url_for("web.index")), 303)

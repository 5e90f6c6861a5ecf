"""« Configuration du carnet de notes »: the weight of each column in its category.

A new column counts; with a weight of 0 it does not. In natural weighting the maximum of a column is its
weight unless that is 0; in a weighted mean the weight is a coefficient.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lti_tool.demo.moodle.courses import Course
from lti_tool.demo.moodle.gradebook.items import GradeItem
from lti_tool.demo.moodle.pages.courses import open_course, rights
from lti_tool.demo.moodle.people import Person
from lti_tool.demo.moodle.runtime import current_session, moodle

blueprint = Blueprint("gradesetup", __name__)
PATH = "/grade/edit/tree/index.php"


@blueprint.get(PATH)
def show() -> str | Response:
    """Show the weight of each column to those who may change it."""
    opened = open_course()
    if isinstance(opened, Response):
        return opened
    course, person = opened
    _check_rights(person, course)
    return render_template(
        "demo/gradesetup.html",
        course=course,
        items=_columns(course),
        sesskey=current_session().sesskey,
        **rights(person, course),
    )


@blueprint.post(PATH)
def save() -> Response:
    """Store the weights that were changed; what is no number from 0 is left as it was."""
    opened = open_course()
    if isinstance(opened, Response):
        return opened
    course, person = opened
    if request.form.get("sesskey") != current_session().sesskey:
        abort(404, "A required parameter (sesskey) was missing")
    _check_rights(person, course)
    site = moodle()
    with site.lock:
        for item in _columns(course):
            weight = _read(request.form.get(f"weight-{item.id}", ""))
            if weight is not None and weight != item.weight:
                site.changes.make(site.world, "set_weight", item=item.id, weight=str(weight))
    current_session().notices.append("Poids enregistrés.")
    return redirect(url_for("gradesetup.show", id=course.id), 303)


def _check_rights(person: Person, course: Course) -> None:
    if not rights(person, course)["may_grade"]:
        abort(403, "Seules les personnes qui notent configurent le carnet de notes.")


def _columns(course: Course) -> list[GradeItem]:
    items = moodle().world.gradebook(course.id).items
    return [item for item in items if item.takes_grades and not item.is_total]


def _read(typed: str) -> Decimal | None:
    try:
        weight = Decimal(typed.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return weight if weight.is_finite() and weight >= 0 else None

"""The gradebook: the trainer's table, where a grade can be changed, and the learner's own report."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lti_tool.demo.moodle.courses import Course
from lti_tool.demo.moodle.gradebook.display import grade_text, percentage_text
from lti_tool.demo.moodle.gradebook.items import GradeItem
from lti_tool.demo.moodle.gradebook.report import Reader, user_report
from lti_tool.demo.moodle.gradebook.totals import Cell
from lti_tool.demo.moodle.pages.courses import open_course, rights
from lti_tool.demo.moodle.people import Person, sort_key
from lti_tool.demo.moodle.runtime import current_session, moodle

blueprint = Blueprint("gradebook", __name__)


@dataclass(frozen=True, slots=True)
class Line:
    """One learner of the table: the typed value of each item, and the total as printed."""

    person: Person
    values: dict[int, str]
    total: str
    marks: dict[int, str]
    """Remarks by item: hidden, overridden, excluded."""


@blueprint.get("/grade/report/grader/index.php")
def grader() -> str | Response:
    """Show the grades of a course to those who may change them."""
    opened = open_course()
    if isinstance(opened, Response):
        return opened
    course, person = opened
    if not rights(person, course)["may_grade"]:
        abort(403, "Seules les personnes qui notent ouvrent le carnet de notes.")
    items = _items(course)
    return render_template(
        "demo/grader.html",
        course=course,
        items=[item for item in items if not item.is_total],
        lines=[_line(course, items, learner) for learner in _learners(course)],
        sesskey=current_session().sesskey,
        **rights(person, course),
    )


@blueprint.post("/grade/report/grader/index.php")
def save() -> Response:
    """Store the grades that were changed."""
    site, opened = moodle(), open_course()
    if isinstance(opened, Response):
        return opened
    course, person = opened
    session = current_session()
    if request.form.get("sesskey") != session.sesskey:
        abort(404, "A required parameter (sesskey) was missing")
    if not rights(person, course)["may_grade"]:
        abort(403, "Seules les personnes qui notent ouvrent le carnet de notes.")
    changed = 0
    with site.lock:
        for learner in _learners(course):
            for item in _items(course):
                changed += _store(item, learner)
    if changed:
        plural = "s" if changed > 1 else ""
        session.notices.append(f"{changed} note{plural} enregistrée{plural}.")
    elif not session.notices:
        session.notices.append("Aucune note n’a changé.")
    return redirect(url_for("gradebook.grader", id=course.id), 303)


@blueprint.get("/grade/report/user/index.php")
def own() -> str | Response:
    """Show a learner their own grades, hidden ones aside."""
    site, opened = moodle(), open_course()
    if isinstance(opened, Response):
        return opened
    course, person = opened
    allowed = rights(person, course)
    reader = Reader(
        hidden_grades=False,
        all_grades=False,
        moment=site.now,
        item_is_visible=lambda _item: True,
    )
    rows = user_report(site.world.gradebook(course.id), person.id, reader)
    shown = [row for row in rows if row["itemname"] or row["itemtype"] == "course"]
    return render_template(
        "demo/usergrades.html",
        course=course,
        rows=shown if allowed["has_grades"] else [],
        **allowed,
    )


def _items(course: Course) -> list[GradeItem]:
    return [
        item
        for item in moodle().world.gradebook(course.id).items
        if item.gradetype in ("value", "scale") and item.kind != "category"
    ]


def _learners(course: Course) -> list[Person]:
    site = moodle()
    people = [
        site.world.people[enrolment.person]
        for enrolment in site.world.enrolments_in(course.id)
        if enrolment.role.gradable and enrolment.is_active(site.now)
    ]
    return sorted(people, key=sort_key)


def _line(course: Course, items: list[GradeItem], learner: Person) -> Line:
    wanted = {item.id for item in items}
    cells = {
        cell.item.id: cell
        for cell in moodle().world.gradebook(course.id).cells(learner.id)
        if cell.item.id in wanted
    }
    total = next((cell for cell in cells.values() if cell.item.kind == "course"), None)
    marks = {}
    for number, cell in cells.items():
        grade = cell.grade
        words = [
            word
            for word, said in (
                ("masquée", bool(grade and grade.hidden) or cell.item.is_hidden(moodle().now)),
                ("forcée", bool(grade and grade.overridden)),
                ("exclue", bool(grade and grade.excluded)),
            )
            if said
        ]
        marks[number] = ", ".join(words)
    values = {number: _typed(cell.value) for number, cell in cells.items()}
    return Line(learner, values, _total_text(total), marks)


def _total_text(total: Cell | None) -> str:
    """Return « 79,30 sur 130 (61,00 %) », or a dash without any grade."""
    if total is None or total.value is None:
        return "–"
    share = percentage_text(total).replace(" ", "\u202f")
    text = f"{grade_text(total)} sur {_typed(total.grademax)} ({share})"
    return text.replace(".", ",")


def _typed(value: Decimal | None) -> str:
    if value is None:
        return ""
    return f"{value.normalize():f}".replace(".", ",")


def _store(item: GradeItem, learner: Person) -> int:
    """Store one cell if it was changed; return how many grades that makes.

    A cell left as it was shown is left alone, whatever a tool has sent there since.
    """
    name = f"grade-{learner.id}-{item.id}"
    if item.is_total or name not in request.form:
        return 0
    site = moodle()
    grade = site.world.grades.get((item.id, learner.id))
    before = _typed(grade.value if grade else None)
    typed = request.form[name].strip().replace(".", ",")
    if typed in (before, request.form.get(f"shown-{learner.id}-{item.id}")):
        return 0
    value = _read(typed)
    if typed and (value is None or not item.grademin <= value <= item.grademax):
        current_session().notices.append(
            f"{learner.fullname}, {item.name} : « {typed} » n’est pas une note entre "
            f"{_typed(item.grademin) or 0} et {_typed(item.grademax)}."
        )
        return 0
    site.changes.make(
        site.world,
        "set_grade",
        item=item.id,
        person=learner.id,
        value=str(value) if value is not None else None,
        moment=site.now,
    )
    return 1


def _read(typed: str) -> Decimal | None:
    """Return the number typed, French or English; ``None`` for anything else."""
    try:
        value = Decimal(typed.replace(",", "."))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None

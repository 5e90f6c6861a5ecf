"""Writes grades and completions of the seed from where each learner stands."""

from __future__ import annotations

from decimal import Decimal

from lti_tool.demo.moodle.gradebook.items import Grade, GradeItem
from lti_tool.demo.moodle.gradebook.totals import rounded
from lti_tool.demo.moodle.seed.gradebooks import RICH, Columns
from lti_tool.demo.moodle.seed.standings import Standing, draw, learner_id
from lti_tool.demo.moodle.world import World

DAY = 86_400
FEEDBACK = "<p>Très bon travail, argumentation <em>claire</em> &amp; sourcée.</p>"


def fill(world: World, columns: Columns, standing: Standing, today: int) -> None:
    """Give one learner their grades in one course, and mark what they completed."""
    person = learner_id(standing.learner)
    days = standing.finished_days_ago or draw(standing.learner, standing.course, 3, 40)
    moment = today - days * DAY + 36_000
    if standing.percent is not None:
        _grades(world, columns, standing, person, moment)
        _special(world, columns, standing, person, moment)
        world.keep_records(columns.total.course, person)
    if standing.finished_days_ago is not None:
        _complete(world, columns, standing, person, moment)


def _grades(world: World, columns: Columns, standing: Standing, person: int, moment: int) -> None:
    percent = standing.percent or Decimal(0)
    # What one assignment has more, the other has less: the total stays exact.
    shift = Decimal(0) if standing.course == RICH or percent in (0, 60) else _shift(standing)
    parts = (
        (columns.first, percent / 5 + shift),
        (columns.second, percent - shift),
        (columns.quiz, percent / 10),
    )
    for item, value in parts:
        grade = _set(world, item, person, rounded(value), moment)
        if item is columns.first and percent >= 85:
            grade.feedback, grade.feedback_format = FEEDBACK, 1
    if columns.extra:
        _extras(world, columns, standing, person, moment)


def _shift(standing: Standing) -> Decimal:
    return Decimal(draw(standing.learner, f"{standing.course} shift", -20, 20)) / 20


def _extras(world: World, columns: Columns, standing: Standing, person: int, moment: int) -> None:
    percent = standing.percent or Decimal(0)
    level = Decimal(min(4, 1 + int(percent // 25)))
    for key in ("scale", "plume", "portfolio"):
        if key in columns.extra:
            _set(world, columns.extra[key], person, level, moment)
    if "oral" in columns.extra:
        _set(world, columns.extra["oral"], person, rounded(5 + percent * 15 / 100), moment)
        _set(world, columns.extra["hidden"], person, rounded(percent / 5), moment)
        note = _set(world, columns.extra["comment"], person, None, moment)
        note.feedback, note.feedback_format = "Commentaire sans note", 1


def _special(world: World, columns: Columns, standing: Standing, person: int, moment: int) -> None:
    match standing.case:
        case "hidden":
            for item in (columns.first, columns.second, columns.total):
                _grade(world, item, person).hidden = True
        case "overridden":
            grade = _grade(world, columns.first, person)
            grade.overridden, grade.feedback = True, "Note forcée par la formatrice"
        case "excluded":
            _grade(world, columns.second, person).excluded = True
        case "total overridden":
            grade = _set(
                world, columns.total, person, (standing.percent or Decimal(0)) * 13 / 10, moment
            )
            grade.overridden = True
        case _:
            pass


def _complete(world: World, columns: Columns, standing: Standing, person: int, moment: int) -> None:
    book, course = world.completion, columns.total.course
    for cmid in (columns.page.cmid, columns.first.cmid, columns.second.cmid):
        if cmid is not None:
            book.activities[cmid, person] = moment
    criteria = book.criteria.get(course, [])
    for rank, criterion in enumerate(criteria):
        total = standing.percent or Decimal(0)
        if criterion.kind == "grade" and total >= criterion.required:
            book.criteria_met[course, rank, person] = moment
    if criteria and all(book.met_at(course, rank, person) for rank in range(len(criteria))):
        book.courses[course, person] = moment


def _grade(world: World, item: GradeItem, person: int) -> Grade:
    return world.grades.setdefault((item.id, person), Grade(item.id, person))


def _set(world: World, item: GradeItem, person: int, value: Decimal | None, moment: int) -> Grade:
    grade = _grade(world, item, person)
    grade.value, grade.graded_at = value, moment
    return grade

"""The user report of the gradebook: what a given reader sees of one person's grades.

A reader without ``moodle/grade:viewhidden`` does not get hidden items; totals that contain a hidden
grade become empty, with the weights that would betray it; "hidden until" items stay, without value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lti_tool.demo.moodle.gradebook.display import (
    grade_text,
    percentage_text,
    php_number,
    range_text,
    weight_text,
)
from lti_tool.demo.moodle.gradebook.items import GradeItem
from lti_tool.demo.moodle.gradebook.totals import Cell, Gradebook


@dataclass(frozen=True, slots=True)
class Reader:
    """What the one who asks may see."""

    hidden_grades: bool
    all_grades: bool
    moment: int
    item_is_visible: Callable[[GradeItem], bool]
    """False for items of activities that this reader cannot open."""


def user_report(book: Gradebook, person: int, reader: Reader) -> list[dict[str, Any]]:
    """Return the ``gradeitems`` of ``gradereport_user_get_grade_items``."""
    cells = book.cells(person)
    blanked = set() if reader.hidden_grades else _blanked_totals(book, cells, reader.moment)
    rows = []
    for cell in cells:
        if not reader.item_is_visible(cell.item):
            continue
        concealed = _is_hidden(cell, reader.moment)
        if concealed and not reader.hidden_grades:
            if not cell.item.hidden_until:
                continue
            cell.value = None
        if cell.item.is_total and cell.item.category in blanked:
            cell.value = None
        rows.append(_row(book, cell, reader, blanked, concealed=concealed))
    return rows


def _is_hidden(cell: Cell, moment: int) -> bool:
    return cell.item.is_hidden(moment) or bool(cell.grade and cell.grade.hidden)


def _blanked_totals(book: Gradebook, cells: list[Cell], moment: int) -> set[int]:
    """Return the categories whose total contains a hidden grade, at any depth."""
    by_item = {cell.item.id: cell for cell in cells}
    blanked: set[int] = set()
    for category in sorted(book.categories, key=lambda one: one.parent is None):
        for item in book.children(category):
            cell = by_item[item.id]
            if item.is_total:
                affected = item.category in blanked
            else:
                affected = cell.value is not None and _is_hidden(cell, moment)
            if affected:
                blanked.add(category.id)
    return blanked


def _row(
    book: Gradebook, cell: Cell, reader: Reader, blanked: set[int], *, concealed: bool
) -> dict[str, Any]:
    item, grade = cell.item, cell.grade
    total = item.is_total
    flag = (lambda value: value) if reader.all_grades else (lambda _value: None)
    row: dict[str, Any] = {
        "id": item.id,
        "itemname": item.name,
        "itemtype": item.kind,
        "itemmodule": item.module,
        "iteminstance": item.category if total else item.instance,
        "itemnumber": None if total else 0,
        "idnumber": item.idnumber,
        "categoryid": None if total else item.category,
        "outcomeid": None,
        "scaleid": None,
        "locked": flag(item.locked),
    }
    if item.cmid is not None:
        row["cmid"] = item.cmid
    row |= _weight(book, cell, blanked, concealed=concealed)
    return row | {
        "graderaw": php_number(cell.value),
        "gradedatesubmitted": None,
        "gradedategraded": cell.graded_at,
        "gradehiddenbydate": False,
        "gradeneedsupdate": False,
        "gradeishidden": concealed,
        "gradeislocked": flag(bool(grade and grade.locked)),
        "gradeisoverridden": flag(bool(grade and grade.overridden)),
        "gradeformatted": grade_text(cell),
        "grademin": php_number(item.grademin),
        "grademax": php_number(cell.grademax),
        "rangeformatted": range_text(cell),
        "percentageformatted": percentage_text(cell),
        "feedback": grade.feedback if grade else "",
        "feedbackformat": grade.feedback_format if grade else 0,
    }


def _weight(book: Gradebook, cell: Cell, blanked: set[int], *, concealed: bool) -> dict[str, Any]:
    if cell.item.kind == "course" or cell.weight is None:
        return {}
    if _parent(book, cell.item) in blanked and not concealed and cell.item.takes_grades:
        return {}
    weight: dict[str, Any] = {
        "weightraw": php_number(cell.weight),
        "weightformatted": weight_text(cell.weight),
    }
    if cell.status:
        weight["status"] = cell.status
    return weight


def _parent(book: Gradebook, item: GradeItem) -> int | None:
    if not item.is_total:
        return item.category
    return next(category.parent for category in book.categories if category.id == item.category)

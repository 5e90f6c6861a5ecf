"""What changed since the seed: recorded one by one, applied again after a restart.

The seed is deterministic, so the file holds the day it was made for and the list of changes. A change
is a name and its arguments; ``APPLY`` says what each does to the world.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from lti_tool.demo.moodle.courses import Activity
from lti_tool.demo.moodle.gradebook.items import Grade, GradeItem
from lti_tool.demo.moodle.world import World


class ChangeLog:
    """The changes of one site, in memory and, with a path, in a file."""

    def __init__(self, path: Path | None, now: datetime) -> None:
        self._path = path
        self.started_at = now
        self._changes: list[dict[str, Any]] = []
        if path and path.is_file():
            stored = json.loads(path.read_text(encoding="utf-8"))
            self.started_at = datetime.fromisoformat(stored["started_at"])
            self._changes = stored["changes"]

    def replay(self, world: World) -> None:
        """Apply what was recorded by an earlier run."""
        for change in self._changes:
            APPLY[change["name"]](world, **change["arguments"])
        self._write()

    def make(self, world: World, name: str, **arguments: Any) -> None:
        """Apply a change and keep it."""
        APPLY[name](world, **arguments)
        self._changes.append({"name": name, "arguments": arguments})
        self._write()

    def _write(self) -> None:
        if not self._path:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        document = {"started_at": self.started_at.isoformat(), "changes": self._changes}
        draft = self._path.with_suffix(".part")
        draft.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        draft.replace(self._path)


def _grade(world: World, item: int, person: int) -> Grade:
    return world.grades.setdefault((item, person), Grade(item, person, feedback_format=2))


def _set_grade(world: World, *, item: int, person: int, value: str | None, moment: int) -> None:
    """A trainer types a grade in the gradebook: Moodle marks it overridden for an activity."""
    grade = _grade(world, item, person)
    grade.value = Decimal(value) if value is not None else None
    grade.graded_at = moment
    column = world.item(item)
    if column is None:
        return
    grade.overridden = column.kind == "mod" and value is not None
    world.keep_records(column.course, person)
    activity = world.activity(column.cmid) if column.cmid else None
    if activity and activity.completion == "grade" and value is not None:
        world.completion.activities.setdefault((activity.cmid, person), moment)
    total = world.course_total(column.course, person)
    world.completion.review(column.course, person, total, moment)


def _score(
    world: World,
    *,
    item: int,
    person: int,
    value: str | None,
    comment: str,
    moment: int,
) -> None:
    """The tool sends a score: without value the grade is erased, without comment the feedback."""
    grade = _grade(world, item, person)
    column = world.item(item)
    if column:
        world.keep_records(column.course, person)
    grade.score_time = moment
    grade.graded_at = moment if value is not None else None
    if not grade.overridden:
        grade.value = Decimal(value) if value is not None else None
        grade.feedback, grade.feedback_format = comment, 2


def _add_column(world: World, *, column: dict[str, Any]) -> None:
    """The tool creates a line item: a manual column just before the course total."""
    item = GradeItem(
        id=column["id"],
        course=column["course"],
        kind="manual",
        name=column["label"],
        category=column["category"],
        grademax=Decimal(column["maximum"]),
        idnumber=column["resource_id"] or None,
        tool=column["tool"],
        resource_id=column["resource_id"],
        tag=column["tag"],
        resource_link=column["resource_link"],
    )
    place = next(
        index
        for index, other in enumerate(world.grade_items)
        if other.course == item.course and other.kind == "course"
    )
    world.grade_items.insert(place, item)


def _change_column(
    world: World, *, item: int, label: str, maximum: str, resource_id: str, tag: str
) -> None:
    """The tool changes a line item; grades are rescaled to the new maximum, as Moodle does."""
    column = world.item(item)
    if column is None:
        return
    new = Decimal(maximum)
    for (number, _person), grade in world.grades.items():
        if number == item and grade.value is not None and column.grademax:
            grade.value = grade.value * new / column.grademax
    column.name, column.grademax = label, new
    column.resource_id, column.tag = resource_id, tag


def _set_weight(world: World, *, item: int, weight: str) -> None:
    """A trainer sets the weight of a column; every total follows at once."""
    column = world.item(item)
    if column is not None:
        column.weight = Decimal(weight)


def _remove_column(world: World, *, item: int) -> None:
    world.grade_items = [other for other in world.grade_items if other.id != item]
    for key in [key for key in world.grades if key[0] == item]:
        del world.grades[key]


def _add_activity(world: World, *, activity: dict[str, Any], column: dict[str, Any] | None) -> None:
    """A trainer saves an activity that the tool proposed by deep linking."""
    world.activities.append(Activity(**activity))
    if column:
        _add_column(world, column=column)
        item = world.item(column["id"])
        if item:
            item.kind, item.module, item.tool = "mod", "lti", None
            item.instance, item.cmid = activity["instance"], activity["cmid"]
            item.idnumber = ""


def _save_tool(world: World, *, tool: dict[str, Any]) -> None:
    """A tool registers itself, changes, or is activated."""
    world.tool_types[tool["id"]] = tool


APPLY: dict[str, Callable[..., None]] = {
    "set_grade": _set_grade,
    "score": _score,
    "add_column": _add_column,
    "change_column": _change_column,
    "set_weight": _set_weight,
    "remove_column": _remove_column,
    "add_activity": _add_activity,
    "save_tool": _save_tool,
}

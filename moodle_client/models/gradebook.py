"""The structure of a gradebook: categories, items, and the table that Moodle draws."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from moodle_client.errors import UnexpectedAnswer
from moodle_client.models.record import Record
from moodle_client.text import plain_text


@dataclass(frozen=True, slots=True)
class GradeNode:
    """A category, with its children, or an item, without.

    A category and an item may have the same id: they are numbered apart.
    """

    id: int
    name: str
    is_category: bool
    children: tuple["GradeNode", ...]

    def walk(self) -> Iterator["GradeNode"]:
        """This node and all those below, in the order of the gradebook."""
        yield self
        for child in self.children:
            yield from child.walk()

    @classmethod
    def read(cls, record: Record) -> "GradeNode":
        """Read one node."""
        return cls(
            id=record.integer("id"),
            name=record.escaped_name("name"),
            is_category=record.flag("iscategory"),
            children=tuple(cls.read(item) for item in record.children("children")),
        )

    @classmethod
    def read_text(cls, answer: object, wsfunction: str) -> "GradeNode":
        """Read the JSON text that `core_grades_get_grade_tree` puts inside its JSON."""
        try:
            inner = json.loads(answer) if isinstance(answer, str) else None
        except ValueError:
            inner = None
        if inner is None:
            raise UnexpectedAnswer(wsfunction=wsfunction, reason="grade_tree")
        return cls.read(Record(inner, wsfunction))


@dataclass(frozen=True, slots=True)
class GradeItemName:
    """A grade item with the name of its category."""

    id: int
    name: str
    category: str

    @classmethod
    def read(cls, record: Record) -> "GradeItemName":
        """Read one entry of `core_grades_get_gradeitems`."""
        return cls(
            id=record.integer("id"),
            name=record.escaped_name("itemname"),
            category=record.escaped_name("category"),
        )


@dataclass(frozen=True, slots=True)
class GradesTableRow:
    """One row of the table, as texts for people; a cell that the site does not show is None."""

    item: str | None
    grade: str | None
    range: str | None
    percentage: str | None
    feedback: str | None


@dataclass(frozen=True, slots=True)
class GradesTable:
    """The gradebook of one person as Moodle draws it."""

    course_id: int
    user_id: int
    user_fullname: str
    rows: tuple[GradesTableRow, ...]

    @classmethod
    def read(cls, record: Record) -> "GradesTable":
        """Read one entry of `tables`."""
        rows = (
            GradesTableRow(
                *(
                    _cell(row, column)
                    for column in ("itemname", "grade", "range", "percentage", "feedback")
                )
            )
            for row in record.children("tabledata")
            if row.has("itemname")
        )
        return cls(
            course_id=record.integer("courseid"),
            user_id=record.integer("userid"),
            user_fullname=record.name("userfullname"),
            rows=tuple(rows),
        )


def _cell(row: Record, column: str) -> str | None:
    cell = row.child_or_none(column)
    return None if cell is None else plain_text(cell.text("content"))

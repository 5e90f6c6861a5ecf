"""Totals of the gradebook, as Moodle computes them: natural weighting and weighted mean.

Only graded items count (Moodle's "exclude empty grades"). An overridden total keeps its value. Hidden
grades count too: hiding changes what a reader sees, not the total (``report.py`` blanks it for them).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from lti_tool.demo.moodle.gradebook.items import HUNDRED, Grade, GradeCategory, GradeItem

FIVE_PLACES = Decimal("0.00001")


def rounded(value: Decimal, places: int = 5) -> Decimal:
    """Round half up, as Moodle stores (5 places) and prints (2 by default)."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


@dataclass(slots=True)
class Cell:
    """One item for one person once everything is computed."""

    item: GradeItem
    grade: Grade | None
    value: Decimal | None
    grademax: Decimal
    weight: Decimal | None = None
    """Share of its category's total; ``None`` where there is no record to write it in."""
    status: str = ""
    """``novalue``, ``excluded`` or nothing, as in Moodle's ``aggregationstatus``."""
    graded_at: int | None = None


@dataclass(slots=True)
class Gradebook:
    """Items and categories of one course, in the order of the gradebook tree."""

    items: Sequence[GradeItem]
    categories: Sequence[GradeCategory]
    grades: Mapping[tuple[int, int], Grade] = field(default_factory=dict)
    """By item and person."""

    def cells(self, person: int) -> list[Cell]:
        """Return every item of the course for one person, totals included."""
        computed: dict[int, Cell] = {}
        for item in self.items:
            grade = self.grades.get((item.id, person))
            if not item.is_total:
                computed[item.id] = Cell(
                    item,
                    grade,
                    grade.value if grade and item.takes_grades else None,
                    item.grademax,
                    graded_at=grade.graded_at if grade else None,
                )
        for category in self._deepest_first():
            total = self.total_item(category)
            computed[total.id] = self._total(category, total, person, computed)
        return [computed[item.id] for item in self.items]

    def total_item(self, category: GradeCategory) -> GradeItem:
        """Return the item that holds the total of a category."""
        return next(item for item in self.items if item.is_total and item.category == category.id)

    def children(self, category: GradeCategory) -> list[GradeItem]:
        """Return the items that count directly in a category: its own and its sub-totals."""
        below = {other.id for other in self.categories if other.parent == category.id}
        return [
            item
            for item in self.items
            if (item.category in below if item.is_total else item.category == category.id)
        ]

    def depth(self) -> int:
        """Levels of the tree as the user report counts them (a flat course has 2)."""
        return 1 + max((self._level(category) for category in self.categories), default=1)

    def _level(self, category: GradeCategory) -> int:
        parents = {other.id: other.parent for other in self.categories}
        level, parent = 1, category.parent
        while parent is not None:
            level, parent = level + 1, parents[parent]
        return level

    def _deepest_first(self) -> list[GradeCategory]:
        return sorted(self.categories, key=self._level, reverse=True)

    def _total(
        self, category: GradeCategory, total: GradeItem, person: int, computed: dict[int, Cell]
    ) -> Cell:
        grade = self.grades.get((total.id, person))
        cells = [computed[item.id] for item in self.children(category)]
        counted = _weigh(category, cells)
        dates = [cell.graded_at for cell in counted if cell.graded_at is not None]
        value, grademax = _aggregate(category, total, counted)
        if grade and grade.overridden:
            value, dates = grade.value, [grade.graded_at] if grade.graded_at else dates
        return Cell(total, grade, value, grademax, graded_at=max(dates, default=None))


def _weigh(category: GradeCategory, cells: list[Cell]) -> list[Cell]:
    """Set weight and status of each cell of a category; return those that count."""
    counted = []
    for cell in cells:
        if not cell.item.takes_grades:
            cell.weight = Decimal(0) if cell.grade else None
        elif cell.value is None and cell.grade is None:
            cell.weight = None
        elif cell.grade and cell.grade.excluded:
            cell.weight, cell.status = Decimal(0), "excluded"
        elif cell.value is None:
            cell.weight, cell.status = Decimal(0), "novalue"
        else:
            counted.append(cell)
    sizes = [_size(category, cell) for cell in counted]
    whole = sum(sizes, Decimal(0))
    for cell, size in zip(counted, sizes, strict=True):
        cell.weight = size / whole if whole else Decimal(0)
    return counted


def _size(category: GradeCategory, cell: Cell) -> Decimal:
    natural = category.aggregation == "natural" and cell.item.weight
    return cell.grademax if natural else cell.item.weight


def _aggregate(
    category: GradeCategory, total: GradeItem, counted: list[Cell]
) -> tuple[Decimal | None, Decimal]:
    """Return the value of a total (``None`` without any grade) and its maximum for this person."""
    weighted = [cell for cell in counted if cell.item.weight]
    if not weighted:
        return None, total.grademax
    if category.aggregation == "natural":
        grademax = sum((cell.grademax for cell in weighted), Decimal(0))
        return sum((_value(cell) for cell in weighted), Decimal(0)), grademax
    share = sum(((cell.weight or Decimal(0)) * _fraction(cell) for cell in weighted), Decimal(0))
    span = total.grademax - total.grademin
    return rounded(total.grademin + share * span), total.grademax


def _value(cell: Cell) -> Decimal:
    return cell.value if cell.value is not None else Decimal(0)


def _fraction(cell: Cell) -> Decimal:
    span = cell.grademax - cell.item.grademin
    return (_value(cell) - cell.item.grademin) / span if span else Decimal(0)


def percentage(cell: Cell) -> Decimal | None:
    """Return where the value stands between minimum and maximum, in percent."""
    span = cell.grademax - cell.item.grademin
    if cell.value is None or not span:
        return None
    return (cell.value - cell.item.grademin) / span * HUNDRED

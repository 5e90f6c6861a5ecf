"""How Moodle prints a grade: real, percentage, letter, scale word; ranges; PHP's numbers in JSON."""

from __future__ import annotations

from decimal import Decimal

from lti_tool.demo.moodle.gradebook.items import GradeItem
from lti_tool.demo.moodle.gradebook.totals import Cell, percentage, rounded

LETTERS = (
    (93, "A"),
    (90, "A-"),
    (87, "B+"),
    (83, "B"),
    (80, "B-"),
    (77, "C+"),
    (73, "C"),
    (70, "C-"),
    (67, "D+"),
    (60, "D"),
)
"""Moodle's default boundaries; below the last one the letter is F."""

_ICONS = {
    True: ("check text-success", "Pass"),
    False: ("xmark text-danger", "Fail"),
}


def php_number(value: Decimal | None) -> int | float | None:
    """Return the number as PHP's ``json_encode`` writes it: 4, not 4.0; 5 decimals at most."""
    if value is None:
        return None
    stored = rounded(value)
    return int(stored) if stored == stored.to_integral_value() else float(stored)


def grade_text(cell: Cell) -> str:
    """Return ``gradeformatted``: a dash without grade, nothing for an item that takes none."""
    item = cell.item
    if not item.takes_grades:
        return ""
    if cell.value is None:
        return "-"
    return _pass_icon(cell) + _displayed(cell, item)


def _displayed(cell: Cell, item: GradeItem) -> str:
    if item.gradetype == "scale":
        return item.scale[int(cell.value or 1) - 1]
    if item.display == "percentage":
        return percentage_text(cell)
    if item.display == "letter":
        return _letter(cell)
    real = f"{rounded(cell.value or Decimal(0), item.decimals)}"
    return f"{real} ({_letter(cell)})" if item.display == "real_letter" else real


def percentage_text(cell: Cell) -> str:
    """Return ``percentageformatted``, with the decimals of the item."""
    if not cell.item.takes_grades:
        return ""
    share = percentage(cell)
    return "-" if share is None else f"{rounded(share, cell.item.decimals)} %"


def range_text(cell: Cell) -> str:
    """Return ``rangeformatted``, with Moodle's HTML entity between the bounds."""
    item = cell.item
    if not item.takes_grades:
        return "&ndash;"
    if item.gradetype == "scale":
        return f"{item.scale[0]}&ndash;{item.scale[-1]}"
    return f"{_bound(item.grademin)}&ndash;{_bound(cell.grademax)}"


def weight_text(weight: Decimal) -> str:
    """Return ``weightformatted`` from the weight as stored (5 decimals)."""
    return f"{rounded(rounded(weight) * 100, 2)} %"


def _bound(value: Decimal) -> str:
    number = php_number(value)
    return str(number)


def _letter(cell: Cell) -> str:
    share = percentage(cell) or Decimal(0)
    return next((letter for least, letter in LETTERS if share >= least), "F")


def _pass_icon(cell: Cell) -> str:
    if not cell.item.gradepass or cell.value is None:
        return ""
    icon, word = _ICONS[cell.value >= cell.item.gradepass]
    return (
        f'<i class="icon fa fa-{icon} fa-fw inline"  title="{word}" role="img" '
        f'aria-label="{word}"></i>'
    )

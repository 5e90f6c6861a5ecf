"""Whether a column counts in a total: what Moodle's weights say, and what they leave unsaid."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from lti_tool.grades.weights import counts_in_totals
from lti_tool.lti.gradebook.weights import grade_item_number
from moodle_client import GradeItem, UserGrades
from moodle_client.models.record import Record

RECORDED = Path(__file__).parents[2] / "recordings/4.5/ws"
OURS, ROOT, INSIDE = 104, 1, 7


def item(number: int, **said: Any) -> dict[str, Any]:
    """A grade item as Moodle gives it: graded, out of 100, in the course's own category."""
    return {
        "id": number,
        "itemname": "Progression RMP-ADL",
        "itemtype": "manual",
        "categoryid": ROOT,
        "graderaw": 50,
        "grademin": 0,
        "grademax": 100,
        "gradeformatted": "50.00",
    } | said


def read(*items: dict[str, Any]) -> tuple[GradeItem, ...]:
    told = json.loads(json.dumps(items), parse_float=Decimal)
    return tuple(GradeItem.read(Record(one, "gradereport_user_get_grade_items")) for one in told)


def total() -> dict[str, Any]:
    return item(1, itemtype="course", iteminstance=ROOT, categoryid=None)


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        ({"weightraw": 0.45455}, True),
        ({"weightraw": 0}, False),
        ({"weightraw": 0.5, "status": "extra"}, True),
        ({"weightraw": 0, "status": "excluded"}, False),
        ({"weightraw": 0, "status": "dropped"}, None),
        ({"weightraw": 0, "status": "novalue"}, None),
        ({}, None),
        ({"graderaw": None}, False),
        ({"graderaw": None, "weightraw": 0, "status": "novalue"}, False),
        # The category counts what is empty as a zero.
        ({"graderaw": None, "weightraw": 0.3}, True),
    ],
)
def test_a_weight_counts_does_not_or_is_unknown(said: dict[str, Any], counts: bool | None) -> None:
    assert counts_in_totals(read(item(OURS, **said), total()), OURS) is counts


@pytest.mark.parametrize(
    ("category", "counts"),
    [
        ({"weightraw": 0.2}, True),
        ({"weightraw": 0}, False),
        # « Aucune » as type of grade: no total, so nothing of it anywhere.
        ({"graderaw": None}, False),
        ({"graderaw": None, "weightraw": 0}, False),
        # A rule can read the total of a category that has an idnumber.
        ({"weightraw": 0, "idnumber": "CONTROLE"}, True),
        ({}, True),
    ],
)
def test_a_category_out_of_the_total_takes_its_columns_with_it(
    category: dict[str, Any], counts: bool
) -> None:
    above = item(9, itemtype="category", iteminstance=INSIDE, categoryid=None, **category)
    ours = item(OURS, categoryid=INSIDE, weightraw=1)
    assert counts_in_totals(read(ours, above, total()), OURS) is counts


def test_a_column_that_is_not_shown_is_unknown() -> None:
    assert counts_in_totals(read(item(2, weightraw=1), total()), OURS) is None


def test_the_recorded_column_of_the_tool_counts_as_the_recorded_total_shows() -> None:
    name = "gradereport_user_get_grade_items-with-lti-items.json"
    text = (RECORDED / name).read_text(encoding="utf-8")
    body = json.loads(text, parse_float=Decimal)["response"]["body"]
    graded = [
        grades
        for grades in (UserGrades.read(Record(one, "x")) for one in body["usergrades"])
        if next(one for one in grades.items if one.id == OURS).final is not None
    ]
    assert graded
    for grades in graded:
        assert counts_in_totals(grades.items, OURS) is True
        counted = [one.maximum for one in grades.items if one.weight]
        assert grades.course_total is not None
        assert grades.course_total.maximum == sum(counted)


@pytest.mark.parametrize(
    ("address", "number"),
    [
        ("https://m.test/mod/lti/services.php/2/lineitems/104/lineitem?type_id=1", 104),
        ("https://m.test/mod/lti/services.php/2/lineitems/104/lineitem", 104),
        ("https://other.test/columns/104", None),
        ("https://m.test/mod/lti/services.php/2/lineitems/x/lineitem", None),
        ("https://m.test/?at=/lineitems/104/lineitem", None),
    ],
)
def test_the_number_of_a_column_stands_in_its_address(address: str, number: int | None) -> None:
    assert grade_item_number(address) == number

"""Totals of the demo's gradebook."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from lti_tool.demo.moodle.gradebook.items import Grade, GradeCategory, GradeItem
from lti_tool.demo.moodle.gradebook.totals import Cell, Gradebook, percentage, rounded

LEARNER = 3
ROOT, WORK = 1, 2


def _item(number: int, grademax: int, category: int = ROOT, weight: int = 1) -> GradeItem:
    return GradeItem(
        number,
        2,
        "manual",
        f"Note {number}",
        category,
        grademax=Decimal(grademax),
        weight=Decimal(weight),
    )


def _book(
    items: list[GradeItem], grades: dict[int, str | None], *, weighted: bool = False
) -> Gradebook:
    whole = Decimal(100) if weighted else sum((item.grademax for item in items), Decimal(0))
    total = GradeItem(99, 2, "course", category=ROOT, grademax=whole)
    kept = {
        (number, LEARNER): Grade(number, LEARNER, Decimal(value) if value is not None else None)
        for number, value in grades.items()
    }
    aggregation = "weighted_mean" if weighted else "natural"
    return Gradebook([*items, total], [GradeCategory(ROOT, 2, None, aggregation)], kept)


def _total(book: Gradebook) -> Cell:
    return book.cells(LEARNER)[-1]


def test_a_natural_total_adds_what_is_graded_and_its_maximum_too() -> None:
    total = _total(_book([_item(1, 20), _item(2, 100), _item(3, 10)], {1: "4", 2: "0"}))
    assert (total.value, total.grademax) == (Decimal(4), Decimal(120))


def test_a_total_without_any_grade_is_missing_not_zero() -> None:
    total = _total(_book([_item(1, 20)], {}))
    assert total.value is None
    assert percentage(total) is None


def test_zero_is_a_grade_and_lowers_the_total() -> None:
    total = _total(_book([_item(1, 20), _item(2, 20)], {1: "0", 2: "20"}))
    assert percentage(total) == 50


def test_an_excluded_grade_leaves_the_total() -> None:
    book = _book([_item(1, 20), _item(2, 100)], {1: "10", 2: "100"})
    book.grades[2, LEARNER].excluded = True
    cells = book.cells(LEARNER)
    assert (cells[-1].value, cells[-1].grademax) == (Decimal(10), Decimal(20))
    assert (cells[1].status, cells[1].weight) == ("excluded", Decimal(0))


def test_an_overridden_total_keeps_its_value() -> None:
    book = _book([_item(1, 20)], {1: "10", 99: "18"})
    book.grades[99, LEARNER].overridden = True
    assert _total(book).value == Decimal(18)


def test_a_weighted_mean_brings_each_item_to_the_same_scale() -> None:
    items = [_item(1, 20, weight=2), _item(2, 100)]
    total = _total(_book(items, {1: "19.75", 2: "39.6"}, weighted=True))
    assert total.value == Decimal("79.03333")


def test_an_item_without_weight_does_not_count() -> None:
    total = _total(_book([_item(1, 20), _item(2, 20, weight=0)], {1: "20", 2: "0"}))
    assert (total.value, total.grademax) == (Decimal(20), Decimal(20))


def test_a_category_counts_in_the_course_through_its_total() -> None:
    total = GradeItem(98, 2, "category", category=WORK, weight=Decimal(3))
    course = GradeItem(99, 2, "course", category=ROOT)
    book = Gradebook(
        [_item(1, 20, WORK), total, _item(2, 20), course],
        [
            GradeCategory(ROOT, 2, None, "weighted_mean"),
            GradeCategory(WORK, 2, ROOT, "weighted_mean"),
        ],
        {
            (1, LEARNER): Grade(1, LEARNER, Decimal(20)),
            (2, LEARNER): Grade(2, LEARNER, Decimal(0)),
        },
    )
    assert _total(book).value == Decimal(75)
    assert book.depth() == 3


@given(st.lists(st.tuples(st.integers(1, 100), st.integers(0, 100)), min_size=1, max_size=6))
def test_a_total_stays_between_zero_and_its_maximum(parts: list[tuple[int, int]]) -> None:
    items = [_item(number, most) for number, (most, _) in enumerate(parts, 1)]
    grades: dict[int, str | None] = {
        number: str(Decimal(most) * share / 100) for number, (most, share) in enumerate(parts, 1)
    }
    total = _total(_book(items, grades))
    assert total.value is not None
    assert 0 <= total.value <= total.grademax


def test_rounding_goes_half_up_as_moodle_does() -> None:
    assert rounded(Decimal("45.455"), 2) == Decimal("45.46")
    assert rounded(Decimal("59.995"), 2) == Decimal("60.00")

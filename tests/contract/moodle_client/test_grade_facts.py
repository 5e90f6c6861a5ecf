"""What the gradebook's traps become (`certification.md` §3.3): final, hidden, scale, unknown."""

from __future__ import annotations

from decimal import Decimal

import pytest

from moodle_client import GradeItem, MoodleClient, UnexpectedAnswer, UserGrades
from tests.contract.moodle_client.site import Answer, Site, recorded

ITEMS = "gradereport_user_get_grade_items"


@pytest.fixture
def gradebook(site: Site, moodle: MoodleClient):
    """Read the gradebook of a recording that holds one person."""

    def read(name: str) -> UserGrades:
        site.always(recorded(name))
        (grades,) = moodle.get_grade_items(6, 3)
        return grades

    return read


def item(grades: UserGrades, item_id: int) -> GradeItem:
    """The item of this id."""
    return next(found for found in grades.items if found.id == item_id)


def test_the_final_grade_holds_the_override_and_is_exact(gradebook) -> None:
    overridden = item(gradebook(f"{ITEMS}-one-user"), 18)
    assert (overridden.final, overridden.overridden) == (Decimal("19.75"), True)
    assert item(gradebook(f"{ITEMS}-one-user"), 69).final == Decimal("79.03333")


def test_the_value_is_not_the_one_displayed(gradebook) -> None:
    rounded = item(gradebook(f"{ITEMS}-one-user"), 19)
    assert (rounded.final, rounded.displayed) == (Decimal("39.6"), "40")


def test_a_missing_grade_is_none_and_zero_is_zero(gradebook) -> None:
    grades = gradebook(f"{ITEMS}-one-user")
    assert item(grades, 20).final is None
    assert item(grades, 72).final == Decimal(0)


def test_a_scale_is_a_rank_with_its_label_beside(gradebook) -> None:
    scale = item(gradebook(f"{ITEMS}-one-user"), 71)
    assert (scale.final, scale.minimum, scale.maximum) == (Decimal(1), Decimal(1), Decimal(4))
    assert scale.displayed == "Non acquis"


def test_a_pass_mark_is_not_part_of_the_displayed_text(gradebook) -> None:
    assert item(gradebook(f"{ITEMS}-one-user-excluded"), 77).displayed == "16.55"


def test_status_says_nothing_about_whether_there_is_a_grade(gradebook) -> None:
    oral = item(gradebook(f"{ITEMS}-one-user-excluded"), 77)
    assert (oral.status, oral.final) == ("novalue", Decimal("16.55"))


def test_hidden_is_told_and_the_grade_with_it(gradebook) -> None:
    hidden = item(gradebook(f"{ITEMS}-one-user-hidden-grade"), 18)
    assert (hidden.hidden, hidden.final) == (True, Decimal("18.72"))


def test_without_the_right_to_hidden_grades_hidden_is_not_missing(gradebook) -> None:
    grades = gradebook("quirk-no-grade-viewhidden")
    until = item(grades, 80)
    assert (until.hidden, until.final) == (True, None)
    assert grades.course_total is not None
    assert grades.course_total.final is None
    assert 73 not in {found.id for found in grades.items}


def test_without_the_right_to_a_module_its_items_are_absent(gradebook) -> None:
    whole = gradebook(f"{ITEMS}-one-user-locked")
    poorer = gradebook("quirk-no-mod-quiz-view")
    assert {i.id for i in whole.items} - {i.id for i in poorer.items} == {20}


def test_a_locked_grade_is_told(gradebook) -> None:
    assert item(gradebook(f"{ITEMS}-one-user-locked"), 20).locked is True


def test_flags_that_the_account_may_not_know_are_unknown_not_false(gradebook) -> None:
    own = gradebook(f"{ITEMS}-own-as-learner-hidden")
    assert {(i.locked, i.overridden) for i in own.items} == {(None, None)}


def test_a_total_has_bounds_of_its_own(gradebook) -> None:
    total = gradebook(f"{ITEMS}-one-user-excluded").course_total
    assert total is not None
    assert (total.name, total.final, total.maximum) == (None, Decimal("100.5875"), Decimal(130))


def test_a_person_who_is_not_enrolled_has_no_grade_and_no_error(gradebook) -> None:
    grades = gradebook(f"{ITEMS}-user-not-enrolled")
    assert {i.final for i in grades.items} == {None}


def test_names_of_items_are_not_unescaped_twice(gradebook) -> None:
    assert (
        item(gradebook(f"{ITEMS}-one-user"), 19).name == "Devoir 2 : « dossier & preuves » <final>"
    )


def test_the_same_grade_in_the_overview_is_exact_too(site: Site, moodle: MoodleClient) -> None:
    site.always(recorded("gradereport_overview_get_course_grades"))
    totals = {grade.course_id: grade.final for grade in moodle.get_course_grades(3)}
    assert totals[18] == Decimal("84.56000")
    assert None in totals.values()


def test_a_table_is_read_as_text(site: Site, moodle: MoodleClient) -> None:
    site.always(recorded("gradereport_user_get_grades_table-one-user"))
    (table,) = moodle.get_grades_table(6, 3)
    row = next(row for row in table.rows if row.item and "Devoir 3" in row.item)
    assert row.range == "Non acquis–Maîtrisé"
    assert row.grade is not None
    assert "<" not in "".join(cell or "" for row in table.rows for cell in (row.item, row.grade))


def test_the_tree_names_categories_and_holds_every_item(site: Site, moodle: MoodleClient) -> None:
    site.always(recorded("core_grades_get_grade_tree"))
    tree = moodle.get_grade_tree(6)
    names = {node.id: node.name for node in tree.walk() if node.is_category}
    assert names[18] == "Contrôle continu"
    assert {18, 19, 20, 71} <= {node.id for node in tree.walk() if not node.is_category}


def test_a_tree_that_is_no_json_text_is_unexpected(site: Site, moodle: MoodleClient) -> None:
    for answer in ("{", None, {"id": 1}, "null"):
        site.always(Answer.of(answer))
        with pytest.raises(UnexpectedAnswer):
            moodle.get_grade_tree(6)

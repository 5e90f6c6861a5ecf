"""Columns are told whatever their order and language; digests move with what they stand for."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from lti_tool.grades.rules.fingerprints import (
    Enrolments,
    Family,
    families_moved,
    key_of,
    number_of,
    pack,
    unpack,
)
from lti_tool.grades.rules.report import INDISPENSABLE, USEFUL, Column, recognise
from lti_tool.grades.watching.wording import column_words
from tests.contract.moodle_client.site import load

PAGE = load("core_reportbuilder_retrieve_report-first-page")["response"]["body"]["data"]
HEADERS: list[str] = PAGE["headers"]
ROWS: list[list[str | None]] = [row["columns"] for row in PAGE["rows"]]
TODAY = date(2026, 11, 22)
UNKNOWN = [f"колонка {number}" for number in range(len(HEADERS))]


def test_every_column_of_the_recorded_report_is_recognised() -> None:
    layout = recognise(HEADERS, ROWS)
    assert layout.missing([*INDISPENSABLE, *USEFUL]) == ()
    assert layout.positions[Column.GROUP] == 16
    assert layout.decimal_sign == "."


def test_in_an_unknown_language_what_the_cells_hold_is_enough() -> None:
    layout = recognise(UNKNOWN, ROWS)
    assert layout.can_be_watched
    told = {Column.COMPLETED: 9, Column.COMPLETED_AT: 10, Column.LAST_ACCESS: 11, Column.ROLE: 15}
    assert told.items() <= layout.positions.items()


@given(st.permutations(range(len(HEADERS))))
def test_the_order_of_the_columns_is_irrelevant(order: list[int]) -> None:
    layout = recognise([HEADERS[n] for n in order], [[row[n] for n in order] for row in ROWS])
    usual = recognise(HEADERS, ROWS).positions
    assert {column: order[rank] for column, rank in layout.positions.items()} == usual


def test_a_decimal_comma_and_french_names_are_understood() -> None:
    names = ["Cours", "Personne", "Note", "Achevé", "Date d’achèvement", "Dernier accès au cours"]
    row = [ROWS[0][0], ROWS[0][1], "30,50", "Non", "", "Jamais"]
    layout = recognise(names, [row])
    assert layout.decimal_sign == ","
    assert layout.missing([Column.COMPLETED, Column.COMPLETED_AT, Column.LAST_ACCESS]) == ()


def test_the_names_of_the_french_language_pack_of_moodle_4_5_are_known() -> None:
    """The headers that Moodle 4.5.6 gives to an account whose language is French."""
    names = {
        Column.GRADE: "Note",
        Column.COMPLETED: "Terminé",
        Column.COMPLETED_AT: "Horodatage de l’achèvement",
        Column.LAST_ACCESS: "Dernier accès au cours",
        Column.STATUS: "Statut",
        Column.COHORT: "Identifiant cohorte",
        Column.SUSPENDED: "Suspendu",
        Column.ROLE: "Nom abrégé",
    }
    layout = recognise([*HEADERS[:2], *names.values()], [[*ROWS[0][:2], *[""] * len(names)]])
    assert layout.missing(list(names)) == ()
    guide = {column: column_words(column).french for column in names}
    assert guide == names


def test_the_rows_of_nobody_of_a_report_without_condition_are_left_alone() -> None:
    nobody = [ROWS[0][0], *[""] * (len(HEADERS) - 1)]
    layout = recognise(HEADERS, [*ROWS, nobody])
    assert layout == recognise(HEADERS, ROWS)
    with_them, without = Enrolments(layout, [2], TODAY), Enrolments(layout, [2], TODAY)
    with_them.add([nobody, *ROWS])
    without.add(ROWS)
    assert dict(with_them.left()) == dict(without.left()) != {}


def test_percentages_and_several_numbers_are_not_taken_for_the_grade() -> None:
    links = ROWS[0][:2]
    assert not recognise(["a", "b", "c"], [[*links, "50.00 %"]]).can_be_watched
    assert not recognise(["a", "b", "c", "d"], [[*links, "5.00", "6.00"]]).can_be_watched


def test_an_address_with_other_parameters_still_tells_the_person() -> None:
    cell = '<a href="https://m.example.test/user/view.php?course=4&amp;id=28">Awa Fictive</a>'
    layout = recognise(HEADERS[:1] + HEADERS[1:2] + ["Grade"], [[ROWS[0][0], cell, "1.00"]])
    enrolments = Enrolments(layout, [2], TODAY)
    enrolments.add([[ROWS[0][0], cell, "1.00"]])
    assert [key_of(number).person for number, _ in enrolments.left()] == [28]


def gathered(rows: list[list[str | None]]) -> dict[int, int]:
    """The digests of some rows."""
    enrolments = Enrolments(recognise(HEADERS, ROWS), {2}, TODAY)
    enrolments.add(rows)
    return dict(enrolments.left())


@given(st.permutations(range(6)), st.lists(st.integers(0, 5)))
def test_rows_of_one_enrolment_are_put_together_in_any_order_and_number(
    order: list[int], again: list[int]
) -> None:
    rows = [[*ROWS[0][:13], f"ASSO-{n // 2}", *ROWS[0][14:16], f"G{n % 2}"] for n in range(6)]
    mixed = [rows[n] for n in [*order, *again]]
    assert gathered(mixed) == gathered(rows)
    (packed,) = gathered(rows).values()
    alone = gathered(rows[:1]).popitem()[1]
    assert families_moved(alone, packed) == {Family.MEMBERSHIP, Family.COHORT}


@given(st.lists(st.integers(0, (1 << 48) - 1), min_size=len(Family), max_size=len(Family)))
def test_digests_are_packed_and_unpacked_as_they_were(digests: list[int]) -> None:
    assert list(unpack(pack(digests))) == digests


def test_an_enrolment_is_one_number() -> None:
    key = key_of(number_of(19, 2068))
    assert (key.course, key.person) == (19, 2068)

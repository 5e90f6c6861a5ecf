"""No cell of an export runs in a spreadsheet, wherever that spreadsheet cuts the lines."""

from __future__ import annotations

import csv
import io

import pytest

from lti_tool.reports.exports import csv_text, safe_cell

FORMULA = '=HYPERLINK("http://exemple.invalid")'


@pytest.mark.parametrize(
    "name",
    [
        FORMULA,
        f"Awa;{FORMULA}",
        f"Awa; {FORMULA}",
        f"Awa\t{FORMULA}",
        f"Awa,{FORMULA}",
        f'Awa;"{FORMULA}',
        "+33",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "＝1+1",
    ],
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_no_piece_of_a_cell_begins_as_a_formula(name: str, separator: str) -> None:
    text = csv_text(["Nom", "Domaine"], [[name, "RMP-ADL-4"]]).removeprefix("\ufeff")

    pieces = [piece for row in csv.reader(io.StringIO(text), delimiter=separator) for piece in row]
    naive = text.replace("\n", separator).split(separator)
    for piece in [*pieces, *naive]:
        assert not piece.strip('"\t \r').startswith(("=", "+", "-", "@", "＝"))


@pytest.mark.parametrize("name", ["Awa Fictive-Çelik", "ندى الخيالية", "Jean ; Marie", ""])
def test_a_name_stays_as_it_is(name: str) -> None:
    assert safe_cell(name) == name


def test_what_is_missing_is_empty_and_zero_is_zero() -> None:
    assert (safe_cell(None), safe_cell(0)) == ("", "0")

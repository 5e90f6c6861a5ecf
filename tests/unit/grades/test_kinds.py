"""The kind of an enrolment is told by its cells when they prove it, and never guessed."""

from __future__ import annotations

from datetime import date

import pytest

from lti_tool.grades.rules.fingerprints import Enrolments, number_of
from lti_tool.grades.rules.kinds import Kind, kind_of
from lti_tool.grades.rules.report import DATES, Column, recognise

TODAY = date(2026, 11, 22)
PAST, AHEAD = "Wednesday, 1 October 2025, 12:00 AM", "Monday, 1 March 2027, 12:00 AM"
PASSE, A_VENIR = "mercredi 1 octobre 2025, 00:00", "lundi 1 février 2027, 00:00"


@pytest.mark.parametrize(
    ("status", "started", "ended", "kind"),
    [
        ("Active", PAST, AHEAD, Kind.ACTIVE),
        ("Active", "", "", Kind.ACTIVE),
        ("Suspended", PAST, PAST, Kind.SUSPENDED),
        ("Suspendu", "", "", Kind.SUSPENDED),
        ("Not current", PAST, PAST, Kind.EXPIRED),
        ("Not current", "", PAST, Kind.EXPIRED),
        ("Not current", AHEAD, "", Kind.FUTURE),
        ("Not current", AHEAD, AHEAD, Kind.FUTURE),
        ("Pas actuel", PASSE, PASSE, Kind.EXPIRED),
        ("Pas actuel", A_VENIR, "", Kind.FUTURE),
        ("Pas actuel", "", "dimanche 1er août 2026, 00:00", Kind.EXPIRED),
        # A method that was disabled is « not current » with dates that have nothing to say.
        ("Not current", PAST, "", Kind.UNKNOWN),
        ("Not current", "", AHEAD, Kind.UNKNOWN),
        ("Not current", PAST, AHEAD, Kind.UNKNOWN),
        ("Not current", "", "", Kind.UNKNOWN),
        # The time zone of the account is not known.
        ("Not current", "", "Saturday, 21 November 2026, 11:00 PM", Kind.UNKNOWN),
        ("Not current", "", "Friday, 20 November 2026, 11:00 PM", Kind.EXPIRED),
        ("Not current", "Monday, 23 November 2026, 1:00 AM", "", Kind.UNKNOWN),
        ("Not current", "Tuesday, 24 November 2026, 1:00 AM", "", Kind.FUTURE),
        # Another language, another status, a day that does not exist.
        ("Not current", "lunes, 1 de marzo de 2027, 00:00", "", Kind.UNKNOWN),
        ("Pas actuel", "", "1 brumaire 2025", Kind.UNKNOWN),
        ("Not current", "", "31 February 2025", Kind.UNKNOWN),
        ("غير حالي", PAST, PAST, Kind.UNKNOWN),
        ("", "", "", Kind.UNKNOWN),
    ],
)
def test_cells_tell_the_kind_only_when_a_date_proves_it(
    status: str, started: str, ended: str, kind: Kind
) -> None:
    assert kind_of(status, started, ended, TODAY) is kind


ROW = ['<a href="/course/view.php?id=2">C</a>', '<a href="/user/view.php?id=7">P</a>', "1.00"]


@pytest.mark.parametrize(
    ("statuses", "kind"),
    [
        (["Suspended"], Kind.SUSPENDED),
        (["Suspended", "Suspended"], Kind.SUSPENDED),
        (["Active", "Suspended"], Kind.UNKNOWN),
        (["Suspended", "Active"], Kind.UNKNOWN),
        (["Suspended", "Active", "Suspended"], Kind.UNKNOWN),
        (["Suspended", "Not current"], Kind.UNKNOWN),
        (["Not current", "Suspended"], Kind.UNKNOWN),
        (["Not current"], Kind.EXPIRED),
    ],
)
def test_of_several_rows_an_active_one_wins_and_different_ones_tell_nothing(
    statuses: list[str], kind: Kind
) -> None:
    headers = ["Course", "Person", "Grade", "Status", "Time started", "Time ended"]
    rows = [[*ROW, status, "", PAST] for status in statuses]
    enrolments = Enrolments(recognise(headers, rows), {2}, TODAY)
    enrolments.add(rows)
    assert enrolments.kind(number_of(2, 7)) is kind


def test_without_a_column_of_status_nothing_is_told() -> None:
    enrolments = Enrolments(recognise(["Course", "Person", "Grade"], [ROW]), {2}, TODAY)
    enrolments.add([ROW])
    assert enrolments.kind(number_of(2, 7)) is Kind.UNKNOWN


@pytest.mark.parametrize(
    "names", [("Time started", "Time ended"), ("Horodatage de début", "Horodatage de fin")]
)
def test_the_columns_of_the_dates_are_known_by_their_names(names: tuple[str, str]) -> None:
    layout = recognise(["Course", "Person", "Grade", *names], [[*ROW, PAST, AHEAD]])
    assert [layout.positions.get(column) for column in DATES] == [3, 4]
    assert Column.LAST_ACCESS not in layout.positions

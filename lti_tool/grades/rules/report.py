"""Which column of a custom report is which, whatever their order and the language of its author.

What the cells hold says it first: links give the course and the person, decimals the grade, a moment
that is there exactly when a word is said gives the completion. Names of columns, in English and in
French, say the rest. A column that nobody knows is left alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Column(StrEnum):
    """What a column can tell."""

    COURSE = "course"
    PERSON = "person"
    GRADE = "grade"
    COMPLETED = "completed"
    COMPLETED_AT = "completed_at"
    LAST_ACCESS = "last_access"
    STATUS = "status"
    COHORT = "cohort"
    SUSPENDED = "suspended"
    ROLE = "role"
    GROUP = "group"
    STARTED = "started"
    ENDED = "ended"


INDISPENSABLE = (Column.COURSE, Column.PERSON, Column.GRADE)
"""Without one of them nothing can be watched."""
DATES = (Column.STARTED, Column.ENDED)
"""When an enrolment begins and ends: they tell what is over from what is to come."""
USEFUL = tuple(column for column in Column if column not in (*INDISPENSABLE, *DATES))

Cells = Sequence[str | None]
Table = Sequence[Cells]

COURSE_LINK = re.compile(r"""/course/view\.php\?(?:[^"'\s>]*&(?:amp;)?)?id=(\d+)""")
PERSON_LINK = re.compile(r"""/user/(?:profile|view)\.php\?(?:[^"'\s>]*&(?:amp;)?)?id=(\d+)""")
_DECIMAL = re.compile(r"-?\d[\d\s\u00a0\u202f]*([.,\u066b])\d+")
_MOMENT = re.compile(r"\d{4}.*\d{1,2}[:.h]\d{2}|\d{1,2}[:.h]\d{2}.*\d{4}")
_LINKS = {Column.COURSE: COURSE_LINK, Column.PERSON: PERSON_LINK}
_ROLES = frozenset({"student", "teacher", "editingteacher", "manager", "coursecreator"})

_NAMES = {
    "grade": Column.GRADE,
    "course grade": Column.GRADE,
    "note": Column.GRADE,
    "note du cours": Column.GRADE,
    "completed": Column.COMPLETED,
    "termine": Column.COMPLETED,
    "acheve": Column.COMPLETED,
    "time completed": Column.COMPLETED_AT,
    "horodatage de l'achevement": Column.COMPLETED_AT,
    "date d'achevement": Column.COMPLETED_AT,
    "heure d'achevement": Column.COMPLETED_AT,
    "moment de l'achevement": Column.COMPLETED_AT,
    "acheve le": Column.COMPLETED_AT,
    "termine le": Column.COMPLETED_AT,
    "last access to course": Column.LAST_ACCESS,
    "dernier acces au cours": Column.LAST_ACCESS,
    "status": Column.STATUS,
    "statut": Column.STATUS,
    "cohort id": Column.COHORT,
    "identifiant cohorte": Column.COHORT,
    "identifiant de cohorte": Column.COHORT,
    "id de cohorte": Column.COHORT,
    "id cohorte": Column.COHORT,
    "suspended": Column.SUSPENDED,
    "suspendu": Column.SUSPENDED,
    "short name": Column.ROLE,
    "nom abrege": Column.ROLE,
    "role": Column.ROLE,
    "time started": Column.STARTED,
    "horodatage de debut": Column.STARTED,
    "time ended": Column.ENDED,
    "horodatage de fin": Column.ENDED,
}
_GROUP_NAMES = frozenset({"id number", "numero d'identification", "n° d'identification"})
"""The person's number has the same name: a group's is one that several people share."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the columns of a report are.

    Args:
        positions: column → its rank.
        decimal_sign: of the grades seen, empty when none was.
    """

    positions: Mapping[Column, int]
    decimal_sign: str = ""

    def missing(self, columns: Sequence[Column]) -> tuple[Column, ...]:
        """Return those of ``columns`` that the report does not have, or that were not known again."""
        return tuple(column for column in columns if column not in self.positions)

    def tells_more_than(self, other: Layout) -> bool:
        """Whether it knows every column of another layout, where it is, and some more."""
        return (
            self.positions != other.positions and other.positions.items() <= self.positions.items()
        )

    @property
    def can_be_watched(self) -> bool:
        """Whether the indispensable columns are there."""
        return not self.missing(INDISPENSABLE)


def recognise(headers: Sequence[str], rows: Table) -> Layout:
    """Return where each column is.

    Args:
        headers: names of the columns, as the account's language has them.
        rows: some rows, the more the surer; without any, links cannot be told.
    """
    found: dict[Column, int] = {}
    for column, link in _LINKS.items():
        found |= _first(column, (n for n in _free(headers, found) if _links(rows, n, link)))
    for number, name in enumerate(map(plain, headers)):
        named = _NAMES.get(name)
        if named is not None and number not in found.values():
            found.setdefault(named, number)
    people = found.get(Column.PERSON)
    groups = [n for n in _free(headers, found) if plain(headers[n]) in _GROUP_NAMES]
    found |= _first(Column.GROUP, (n for n in groups if _is_shared(rows, n, people)))
    _find_by_content(headers, rows, found)
    return Layout(found, _decimal_sign(rows, found.get(Column.GRADE)))


def _find_by_content(headers: Sequence[str], rows: Table, found: dict[Column, int]) -> None:
    def free() -> list[int]:
        return list(_free(headers, found))

    if Column.GRADE not in found:
        found |= _only(Column.GRADE, [n for n in free() if _all_match(rows, n, _DECIMAL)])
    if Column.ROLE not in found:
        found |= _only(
            Column.ROLE, [n for n in free() if _said(rows, n) and _said(rows, n) <= _ROLES]
        )
    moments = [n for n in free() if any(_MOMENT.search(cell or "") for cell in _column(rows, n))]
    words = [n for n in free() if 0 < len(_said(rows, n)) <= 2 and n not in moments]
    if Column.COMPLETED_AT not in found:
        known = found.get(Column.COMPLETED)
        for number in moments:
            told = [
                n for n in ([known] if known is not None else words) if _tell_alike(rows, number, n)
            ]
            if told:
                found[Column.COMPLETED_AT] = number
                found.setdefault(Column.COMPLETED, told[0])
                break
    if Column.LAST_ACCESS not in found:
        found |= _only(Column.LAST_ACCESS, [n for n in moments if n not in found.values()])
    if Column.SUSPENDED not in found and Column.COMPLETED in found:
        said = _said(rows, found[Column.COMPLETED])
        alike = [n for n in words if n not in found.values() and _said(rows, n) <= said]
        found |= _only(Column.SUSPENDED, alike)


def plain(name: str) -> str:
    """Return what a column or a cell says, without accents, case or typographic apostrophes."""
    bare = unicodedata.normalize("NFD", name.replace("’", "'")).casefold()
    return " ".join("".join(one for one in bare if not unicodedata.combining(one)).split())


def _free(headers: Sequence[str], found: Mapping[Column, int]) -> Iterator[int]:
    return (number for number in range(len(headers)) if number not in found.values())


def _column(rows: Table, number: int) -> list[str | None]:
    return [row[number] for row in rows if number < len(row)]


def _said(rows: Table, number: int) -> frozenset[str]:
    return frozenset(cell for cell in _column(rows, number) if cell)


def _first(column: Column, numbers: Iterator[int]) -> dict[Column, int]:
    number = next(numbers, None)
    return {} if number is None else {column: number}


def _only(column: Column, numbers: Sequence[int]) -> dict[Column, int]:
    """Return the place of a column that one candidate alone can be; of several, none."""
    return {column: numbers[0]} if len(numbers) == 1 else {}


def _links(rows: Table, number: int, link: re.Pattern[str]) -> bool:
    # A report without condition has a row of nobody for each enrolment method that enrols nobody.
    said = [cell for cell in _column(rows, number) if cell]
    return bool(said) and all(link.search(cell) for cell in said)


def _all_match(rows: Table, number: int, pattern: re.Pattern[str]) -> bool:
    said = _said(rows, number)
    return bool(said) and all(pattern.fullmatch(cell) for cell in said)


def _tell_alike(rows: Table, moments: int, words: int) -> bool:
    """Whether a moment is there exactly when one word is said, and both cases were seen."""
    with_moment = {row[words] for row in rows if row[moments]}
    without = {row[words] for row in rows if not row[moments]}
    return len(with_moment) == 1 and bool(without) and not with_moment & without


def _is_shared(rows: Table, number: int, people: int | None) -> bool:
    if people is None:
        return False
    owners: dict[str, str | None] = {}
    for row in rows:
        value = row[number]
        if value and owners.setdefault(value, row[people]) != row[people]:
            return True
    return False


def _decimal_sign(rows: Table, number: int | None) -> str:
    if number is None:
        return ""
    signs = (match[1] for cell in _said(rows, number) if (match := _DECIMAL.fullmatch(cell)))
    return next(signs, "")

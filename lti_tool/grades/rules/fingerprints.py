"""What of an enrolment moved, told by small digests: one for each family of columns of a report.

A report has one row for each enrolment, role, group and cohort: the rows of one enrolment are put
together, in any order, and a row twice is a row once. Values are printed for people, so a digest
says *that* something moved; what it became has to be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import lru_cache
from hashlib import blake2b

from lti_tool.grades.rules.kinds import Kind, kind_of
from lti_tool.grades.rules.report import COURSE_LINK, PERSON_LINK, Cells, Column, Layout

WIDTH = 48
"""Bits of a digest: of a million changes, one is missed with a probability of 4 in a thousand million."""
MASK = (1 << WIDTH) - 1
_PERSON_BITS = 40


class Family(Enum):
    """Columns that tell of the same thing; the value is the place of their digest."""

    GRADE = 0
    COMPLETION = 1
    MEMBERSHIP = 2
    ACCESS = 3
    COHORT = 4
    """Apart from membership: cohorts are the site's, and reading a course tells nothing of them."""


COLUMNS = {
    Family.GRADE: (Column.GRADE,),
    Family.COMPLETION: (Column.COMPLETED, Column.COMPLETED_AT),
    Family.MEMBERSHIP: (
        Column.STATUS,
        Column.SUSPENDED,
        Column.ROLE,
        Column.GROUP,
    ),
    Family.ACCESS: (Column.LAST_ACCESS,),
    Family.COHORT: (Column.COHORT,),
}


class NoLink(ValueError):
    """A row does not say whose enrolment it is."""


@dataclass(frozen=True, slots=True)
class Key:
    """An enrolment: Moodle's numbers of a course and of a person."""

    course: int
    person: int


def number_of(course: int, person: int) -> int:
    """Return an enrolment as one number: a hundred thousand of them are held at once."""
    return course << _PERSON_BITS | person


def key_of(number: int) -> Key:
    """Return the enrolment of a number."""
    return Key(number >> _PERSON_BITS, number & ((1 << _PERSON_BITS) - 1))


def pack(digests: Iterable[int]) -> int:
    """Return the digests of every family, in their order, as one number."""
    packed = 0
    for place, digest in enumerate(digests):
        packed |= digest << (place * WIDTH)
    return packed


def unpack(packed: int) -> tuple[int, ...]:
    """Return the digests in the order of the families."""
    return tuple(packed >> (place * WIDTH) & MASK for place in range(len(Family)))


def families_moved(before: int, after: int) -> frozenset[Family]:
    """Return the families whose digests differ."""
    apart = before ^ after
    return frozenset(family for family in Family if apart >> (family.value * WIDTH) & MASK)


class Enrolments:
    """The digests of the enrolments of a reading, gathered row after row.

    Args:
        layout: where the columns are; it can be watched, or there will be no row.
        courses: Moodle's numbers of the courses that count; the rows of others are left alone.
        today: the day of the reading, UTC.
    """

    def __init__(self, layout: Layout, courses: Iterable[int], today: date) -> None:
        places = layout.positions
        self._course, self._person = places.get(Column.COURSE, 0), places.get(Column.PERSON, 0)
        self._families = [
            tuple(places[column] for column in columns if column in places)
            for columns in COLUMNS.values()
        ]
        self._courses = frozenset(courses)
        self._course_of: dict[str, int] = {}
        self._packed: dict[int, int] = {}
        self._status = places.get(Column.STATUS)
        self._dates = places.get(Column.STARTED), places.get(Column.ENDED)
        self._today = today
        self._kinds: dict[int, Kind] = {}
        """Of those that no row calls active."""
        self._several: dict[int, list[set[int]]] = {}

    def __len__(self) -> int:
        """How many enrolments there are."""
        return len(self._packed)

    def add(self, rows: Iterable[Cells]) -> None:
        """Put rows to the others, but those of an enrolment method that enrols nobody.

        Raises:
            NoLink: one of them has no link to a course or to a person.
        """
        course_of, packed_of, families = self._course_of, self._packed, self._families
        for cells in rows:
            cell = cells[self._course] or ""
            course = course_of.get(cell)
            if course is None:
                course = course_of[cell] = _linked(COURSE_LINK.search(cell))
            if course not in self._courses:
                continue
            who = cells[self._person]
            if not who:
                continue
            person = _linked(PERSON_LINK.search(who))
            packed = 0
            for place, columns in enumerate(families):
                packed |= _digest(cells, columns) << (place * WIDTH)
            number = course << _PERSON_BITS | person
            if self._status is not None:
                self._note_kind(number, cells, cells[self._status] or "")
            known = packed_of.setdefault(number, packed)
            if known != packed:
                packed_of[number] = self._put_together(number, known, packed)

    def kind(self, number: int) -> Kind:
        """Return why an enrolment is not in force; unknown of one that is, or that differs by row."""
        return self._kinds.get(number, Kind.UNKNOWN)

    def take(self, number: int) -> int | None:
        """Remove an enrolment and return its digests, None when the report does not have it."""
        return self._packed.pop(number, None)

    def left(self) -> Iterator[tuple[int, int]]:
        """Yield the enrolments that nobody took, with their digests."""
        return iter(self._packed.items())

    def _note_kind(self, number: int, cells: Cells, status: str) -> None:
        # One way in that is open is enough: an active row wins, whichever comes first.
        started, ended = ("" if place is None else cells[place] or "" for place in self._dates)
        kind = kind_of(status, started, ended, self._today)
        if kind is Kind.ACTIVE:
            self._kinds.pop(number, None)
        elif number not in self._packed:
            self._kinds[number] = kind
        elif self._kinds.get(number, kind) is not kind:
            self._kinds[number] = Kind.UNKNOWN

    def _put_together(self, number: int, known: int, packed: int) -> int:
        seen = self._several.get(number)
        if seen is None:
            seen = self._several[number] = [{digest} for digest in unpack(known)]
        for digests, digest in zip(seen, unpack(packed), strict=True):
            digests.add(digest)
        return pack(
            next(iter(digests)) if len(digests) == 1 else sum(digests) & MASK for digests in seen
        )


def _digest(cells: Sequence[str | None], columns: tuple[int, ...]) -> int:
    if len(columns) == 1:
        return _digest_of(cells[columns[0]] or "")
    return _digest_of("\x1f".join([cells[column] or "" for column in columns]))


@lru_cache(maxsize=1 << 16)
def _digest_of(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=WIDTH // 8).digest(), "big")


def _linked(match: object) -> int:
    if match is None:
        raise NoLink
    return int(match[1])  # type: ignore[index]  # a match of one of the two patterns

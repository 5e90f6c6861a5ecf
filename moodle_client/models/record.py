"""Reads one JSON object of Moodle with types: what is absent, null or zero stays told apart.

A value of another type than expected raises `UnexpectedAnswer` naming the field, never the value
(it may be personal data).
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from moodle_client.errors import UnexpectedAnswer
from moodle_client.text import nfc, unescaped

T = TypeVar("T")
_CELLS = frozenset({str, type(None)})


class Record:
    """A JSON object and the name of the function that gave it."""

    __slots__ = ("_fields", "_wsfunction")

    def __init__(self, answer: object, wsfunction: str) -> None:
        if not isinstance(answer, dict):
            raise UnexpectedAnswer(wsfunction=wsfunction, reason="not_an_object")
        self._fields = answer
        self._wsfunction = wsfunction

    def has(self, key: str) -> bool:
        """Whether the field is there, even null."""
        return key in self._fields

    def integer(self, key: str) -> int:
        """A number without fraction, written as a number or (in some functions) as a text."""
        value = self._optional(key, _integer)
        return self._needed(key, value)

    def integer_or_none(self, key: str) -> int | None:
        """The same, None when absent or null."""
        return self._optional(key, _integer)

    def decimal_or_none(self, key: str) -> Decimal | None:
        """An exact number, from a JSON number or a text such as `84.56000`."""
        return self._optional(key, _decimal)

    def flag(self, key: str) -> bool:
        """A yes or no, written true/false or 1/0."""
        return self._needed(key, self._optional(key, _flag))

    def flag_or_none(self, key: str) -> bool | None:
        """The same, None when absent or null: unknown, which is not false."""
        return self._optional(key, _flag)

    def text(self, key: str) -> str:
        """A text exactly as written."""
        return self._needed(key, self._optional(key, _text))

    def text_or_none(self, key: str) -> str | None:
        """The same, None when absent or null; an empty text stays an empty text."""
        return self._optional(key, _text)

    def name(self, key: str) -> str:
        """A name that Moodle gives unescaped (people, cohorts, grade items), accents composed."""
        return nfc(self.text(key))

    def name_or_none(self, key: str) -> str | None:
        """The same, None when absent or null."""
        value = self.text_or_none(key)
        return None if value is None else nfc(value)

    def escaped_name(self, key: str) -> str:
        """A name in which Moodle writes `&amp;` (courses, categories, groups, activities)."""
        return nfc(unescaped(self.text(key)))

    def escaped_name_or_none(self, key: str) -> str | None:
        """The same, None when absent or null."""
        value = self.text_or_none(key)
        return None if value is None else nfc(unescaped(value))

    def moment_or_none(self, key: str) -> datetime | None:
        """A moment in UTC; Moodle writes seconds since 1970, and 0 for never."""
        return self._optional(key, _moment)

    def child(self, key: str) -> "Record":
        """The object in this field."""
        return Record(self._fields.get(key), self._wsfunction)

    def child_or_none(self, key: str) -> "Record | None":
        """The same, None when absent or null."""
        return None if self._fields.get(key) is None else self.child(key)

    def children(self, key: str) -> list["Record"]:
        """The objects listed in this field, none when it is absent or null."""
        return records(self._list(key), self._wsfunction)

    def integers(self, key: str) -> tuple[int, ...]:
        """The numbers listed in this field."""
        return tuple(_each(self._list(key), _integer, self._wsfunction))

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts listed in this field."""
        return tuple(_each(self._list(key), _text, self._wsfunction))

    def texts_or_nones(self, key: str) -> tuple[str | None, ...]:
        """The texts listed in this field, some of which may be null."""
        cells = self._list(key)
        return tuple(
            None if cell is None else _each([cell], _text, self._wsfunction)[0] for cell in cells
        )

    def cells(self, key: str) -> tuple[str | None, ...]:
        """The same, for the many rows of a report: they are texts or null already, and only checked."""
        row = self._list(key)
        if not _CELLS.issuperset(map(type, row)):
            return self.texts_or_nones(key)
        return tuple(row)  # type: ignore[arg-type]  # just checked

    def _list(self, key: str) -> Sequence[object]:
        value = self._fields.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise UnexpectedAnswer(wsfunction=self._wsfunction, reason=f"field_{key}")
        return value

    def _optional(self, key: str, convert: Callable[[Any], T]) -> T | None:
        value = self._fields.get(key)
        if value is None:
            return None
        try:
            return convert(value)
        except (TypeError, ValueError, InvalidOperation, OverflowError, OSError):
            raise UnexpectedAnswer(wsfunction=self._wsfunction, reason=f"field_{key}") from None

    def _needed(self, key: str, value: T | None) -> T:
        if value is None:
            raise UnexpectedAnswer(wsfunction=self._wsfunction, reason=f"field_{key}")
        return value


def records(answer: object, wsfunction: str) -> list[Record]:
    """Read an answer that is a list of objects."""
    if not isinstance(answer, list):
        raise UnexpectedAnswer(wsfunction=wsfunction, reason="not_a_list")
    return [Record(item, wsfunction) for item in answer]


def _each(values: Sequence[object], convert: Callable[[Any], T], wsfunction: str) -> list[T]:
    try:
        return [convert(value) for value in values]
    except (TypeError, ValueError):
        raise UnexpectedAnswer(wsfunction=wsfunction, reason="list_item") from None


def _integer(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError
    return int(value)


def _decimal(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise TypeError
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError
    return number


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    number = _integer(value)
    if number not in (0, 1):
        raise ValueError
    return number == 1


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError
    return str(value)


def _moment(value: object) -> datetime | None:
    seconds = _integer(value)
    return datetime.fromtimestamp(seconds, UTC) if seconds else None

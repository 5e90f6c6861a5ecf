"""Answers that come with warnings: what Moodle left out, beside what it gave."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from moodle_client.models.record import Record

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class MoodleWarning:
    """Something that Moodle left out of an answer, without failing the call.

    Attributes:
        code: Moodle's `warningcode`, stable; `mod_assign_*` uses numbers written as text.
        item, item_id: the kind and the id of what was left out.
        message: translated text, for people, may hold names.
    """

    code: str
    item: str | None
    item_id: int | None
    message: str

    @classmethod
    def read(cls, record: Record) -> "MoodleWarning":
        """Read one entry of `warnings`."""
        return cls(
            code=record.text("warningcode"),
            item=record.text_or_none("item"),
            item_id=record.integer_or_none("itemid"),
            message=record.text("message"),
        )


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """Items in Moodle's order, and the warnings that came with them."""

    items: tuple[T, ...]
    warnings: tuple[MoodleWarning, ...] = ()

    @classmethod
    def read(cls, record: Record, key: str, read_item: Callable[[Record], T]) -> "Listing[T]":
        """Read the list in field `key` and the warnings beside it."""
        return cls(
            tuple(read_item(item) for item in record.children(key)),
            tuple(MoodleWarning.read(item) for item in record.children("warnings")),
        )

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __add__(self, other: "Listing[T]") -> "Listing[T]":
        return Listing(self.items + other.items, self.warnings + other.warnings)

"""The columns of a snapshot, and a digest that says at once that nothing of a gradebook moved."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from lti_tool.grades.weights import counts_in_totals
from moodle_client import GradeItem as ReadItem
from moodle_client import UserGrades

FIVE_PLACES = Decimal("0.00001")
COLUMNS = (
    "final",
    "grade_min",
    "grade_max",
    "hidden",
    "overridden",
    "locked",
    "excluded",
    "needs_update",
    "counts",
    "label",
)
"""What makes two snapshots differ, in the order of ``values_of``."""
EXCLUDED = {None: False, "": False, "excluded": True}
"""``status`` says how the item counts: absent, it counts; « excluded » is said, other words (no
value, dropped…) leave it unknown."""
LONGEST_LABEL = 255
_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9])")
_BEFORE_PERCENT = re.compile(r"(?<=[0-9])[\s\u00a0\u202f]+(?=%)")


def values_of(read: ReadItem, counts: bool | None) -> tuple[Any, ...]:
    """Return the columns of a snapshot for one grade as read."""
    return (
        _exact(read.final),
        _exact(read.minimum),
        _exact(read.maximum),
        read.hidden,
        read.overridden,
        read.locked,
        EXCLUDED.get(read.status),
        read.needs_update,
        counts,
        read.displayed[:LONGEST_LABEL],
    )


@lru_cache(maxsize=4096)
def same_in_any_language(label: str) -> str:
    """Return a label without what only the language of the service account makes of it.

    Moodle writes « 0,74 » or « 0.74 », « 74 % » or « 74% » as that language has it. The words of a scale
    stay as they are: none holds a comma, which parts them.
    """
    return _BEFORE_PERCENT.sub("", _COMMA.sub(".", label))


def compared(values: Sequence[Any]) -> tuple[Any, ...]:
    """Return what two snapshots are compared by, of columns in the order of ``COLUMNS``."""
    return *values[:-1], same_in_any_language(values[-1])


def counting(grades: UserGrades, ours: frozenset[int]) -> Mapping[int, bool | None]:
    """Return, for each column that the tool publishes, whether it counts in a total of this person."""
    if not ours:
        return {}
    return {
        item.id: counts_in_totals(grades.items, item.id) for item in grades.items if item.id in ours
    }


def digest_of(grades: UserGrades, counts: Mapping[int, bool | None]) -> bytes:
    """Return 16 bytes that stay the same as long as no value of the gradebook changes."""
    lines = [
        f"{i.id}\x1f{i.final}\x1f{i.minimum}\x1f{i.maximum}\x1f{i.hidden}\x1f{i.overridden}\x1f"
        f"{i.locked}\x1f{i.status}\x1f{i.needs_update}\x1f{counts.get(i.id)}\x1f"
        f"{same_in_any_language(i.displayed)}"
        for i in grades.items
    ]
    return blake2b("\x1e".join(lines).encode(), digest_size=16).digest()


def _exact(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(FIVE_PLACES)

"""Whether a column of ours counts in the course total, told by a room further on the street.

Only the web services show weights; AGS has no word for them. A score that the tool publishes must never
feed its own decision, so a column that counts is not written to (decision 0031).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.lti.models import LineItem
from lti_tool.settings import Settings

_NUMBER = re.compile(r"/lineitems/([0-9]{1,18})/lineitem/?\Z")


class Told(StrEnum):
    """What the platform lets be known of the weight of a column."""

    OUT = "out"
    """It holds a grade, which does not count in the course total."""
    COUNTS = "counts"
    """It counts in the course total."""
    NOTHING = "nothing"
    """It holds no grade yet, and an empty column says nothing of its weight."""
    UNSHOWN = "unshown"
    """Weights, or the column itself, are not shown to the tool."""
    NO_TOTALS = "no_totals"
    """The tool reads no total there: no weight can do harm."""


Weigh = Callable[[int, str, Sequence[str]], Told]
"""(Course.id, address of the column, ``sub`` of people who have a score in it) → what is told."""
WeightSource = Callable[[sessionmaker[Session], Settings, int, str, Sequence[str]], Told]
_sources: list[WeightSource] = []


def take_weights_from(source: WeightSource) -> WeightSource:
    """Have ``source(sessions, settings, course_id, column, subjects)`` tell the weight of a column."""
    _sources[:] = [source]
    return source


def weigher(sessions: sessionmaker[Session], settings: Settings) -> Weigh:
    """Return how to ask for the weight of a column; nobody reads totals where nobody tells."""

    def weigh(course_id: int, column: str, subjects: Sequence[str]) -> Told:
        for source in _sources:
            return source(sessions, settings, course_id, column, subjects)
        return Told.NO_TOTALS

    return weigh


def grade_item_number(column: str) -> int | None:
    """Return the grade item that Moodle names in the address of a column; None for another shape."""
    found = _NUMBER.search(urlsplit(column).path)
    return int(found[1]) if found else None


def own_columns(session: Session, course_ids: Iterable[int]) -> dict[int, set[int]]:
    """Return the grade items (Moodle's numbers) that the tool publishes in, by Course.id.

    Those that are no longer published too: their grades stay in Moodle.
    """
    rows = session.execute(
        select(LineItem.course_id, LineItem.url).where(
            LineItem.course_id.in_(list(course_ids)), LineItem.url.is_not(None)
        )
    )
    found: dict[int, set[int]] = {}
    for course_id, url in rows:
        number = grade_item_number(url or "")
        if number is not None:
            found.setdefault(course_id, set()).add(number)
    return found

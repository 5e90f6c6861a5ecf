"""Which kind of enrolment a report's cells tell: in force, suspended, over or to come.

Moodle says « not current » of what is over, of what is to come, and of every enrolment of a method
that was disabled: only a date that lies on one side of today tells them apart. Dates are printed for
people, in the language and in the time zone of the account: English and French are read, a day is
left for the time zone, and whatever is not sure stays unknown.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from lti_tool.grades.rules.report import plain


class Kind(StrEnum):
    """What an enrolment is; empty when nobody can tell."""

    UNKNOWN = ""
    ACTIVE = "active"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    FUTURE = "future"


_ACTIVE = frozenset({"active"})
_SUSPENDED = frozenset({"suspended", "suspendu"})
_NOT_CURRENT = frozenset({"not current", "pas actuel"})
_DAY = re.compile(r"\b(\d{1,2})(?:er)? ([a-z]+) (\d{4})\b")
_ENGLISH = "january february march april may june july august september october november december"
_FRENCH = "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre"
_MONTHS = {
    name: number for names in (_ENGLISH, _FRENCH) for number, name in enumerate(names.split(), 1)
}
_TIME_ZONE = timedelta(days=1)
"""A day printed somewhere is at most one away from the day it is in Greenwich."""


@lru_cache(maxsize=1 << 10)
def kind_of(status: str, started: str, ended: str, today: date) -> Kind:
    """Return what an enrolment is.

    Args:
        status: the cell of its status.
        started, ended: those of its dates, empty without a date or without that column.
        today: the day of the reading, UTC.
    """
    said = plain(status)
    if said in _ACTIVE:
        return Kind.ACTIVE
    if said in _SUSPENDED:
        return Kind.SUSPENDED
    if said not in _NOT_CURRENT:
        return Kind.UNKNOWN
    first, last = _day(started), _day(ended)
    if last is not None and last + _TIME_ZONE < today:
        return Kind.EXPIRED
    if first is not None and first - _TIME_ZONE > today:
        return Kind.FUTURE
    return Kind.UNKNOWN


def _day(printed: str) -> date | None:
    found = _DAY.search(plain(printed))
    if found is None or found[2] not in _MONTHS:
        return None
    try:
        return date(int(found[3]), _MONTHS[found[2]], int(found[1]))
    except ValueError:
        return None

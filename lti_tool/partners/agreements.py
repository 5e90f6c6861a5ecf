"""How long a framework agreement is in force, and what to say of it (000, art. 9.1; R022). Pure.

One year, never renewed by silence: signed ≤ d < signed + 12 months, the month's end clamped
(anchoring §2.6). A lapsed agreement touches no certificate.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

NOTICES = (30, 60, 90)
"""Days before the end at which the coordination is told, the tightest first."""


class AgreementState(StrEnum):
    """Where an association stands with its framework agreement."""

    NONE = "none"
    IN_FORCE = "in_force"
    ENDING = "ending"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Period:
    """Days of an agreement, both in force."""

    signed_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class AgreementStatus:
    """The state at a day, and the days it follows from."""

    state: AgreementState
    ends_on: date | None = None
    days_left: int | None = None
    """Days until the last day in force; None when nothing is in force."""
    notice: int | None = None
    """30, 60 or 90: the tightest notice that has been reached."""

    @property
    def in_force(self) -> bool:
        """Whether an agreement is in force on that day."""
        return self.state in (AgreementState.IN_FORCE, AgreementState.ENDING)


def last_day_in_force(signed_on: date) -> date:
    """Return the last day of the year that begins with the signature."""
    year = signed_on.year + 1
    anniversary = min(signed_on.day, monthrange(year, signed_on.month)[1])
    return date(year, signed_on.month, anniversary) - timedelta(days=1)


def status_on(periods: Iterable[Period], on: date) -> AgreementStatus:
    """Return how the agreements of one association stand on a day.

    Args:
        periods: all its agreements, in any order; a renewal may overlap what it renews.
        on: the day; agreements signed later are not looked at.
    """
    ends = [period.ends_on for period in periods if period.signed_on <= on]
    if not ends:
        return AgreementStatus(AgreementState.NONE)
    last = max(ends)
    if last < on:
        return AgreementStatus(AgreementState.LAPSED, ends_on=last)
    left = (last - on).days
    notice = next((days for days in NOTICES if left <= days), None)
    state = AgreementState.IN_FORCE if notice is None else AgreementState.ENDING
    return AgreementStatus(state, ends_on=last, days_left=left, notice=notice)

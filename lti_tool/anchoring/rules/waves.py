"""Waves of an anchoring case: when each opens, is due, reminds and closes; its quarter, its evidence.

Specification §2.2. Days only: the service decides in which zone a day ends.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from lti_tool.anchoring.rules.levels import EvidencePeriod
from lti_tool.certification.rules.durations import add_months

__all__ = [
    "BASELINE",
    "WAVES",
    "Answering",
    "Quarter",
    "Window",
    "add_months",
    "answering",
    "evidence_period",
    "quarter_of",
    "window",
    "windows",
]

BASELINE = 0
"""The wave before the training changes anything; never imputed when it was not answered."""
WAVES = (BASELINE, 3, 6, 12)
"""Months after the award."""

_OPENS_BEFORE = timedelta(days=14)
_REMINDERS_AFTER = (timedelta(days=7), timedelta(days=21))
_CLOSES_AFTER = timedelta(days=30)


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A calendar quarter, 1 to 4."""

    year: int
    number: int

    def __str__(self) -> str:
        """Return the stable code, 2026-Q2."""
        return f"{self.year}-Q{self.number}"


def quarter_of(day: date) -> Quarter:
    """Return the quarter of a day: period of a wave (its due day), cohort of an award (t0)."""
    return Quarter(day.year, (day.month + 2) // 3)


@dataclass(frozen=True, slots=True)
class Window:
    """The days of one wave of one case; answers count from `opens` to `closes`, both included."""

    months: int
    opens: date
    due: date
    reminders: tuple[date, ...]
    closes: date

    @property
    def period(self) -> Quarter:
        """The quarter in which the wave is counted: that of its due day, not of the answer."""
        return quarter_of(self.due)

    def is_open(self, day: date) -> bool:
        """Return whether an answer given that day counts."""
        return self.opens <= day <= self.closes

    def is_closed(self, day: date) -> bool:
        """Return whether the window has closed before that day: a later answer is out of time."""
        return day > self.closes

    def reminders_due(self, day: date) -> int:
        """Return how many reminders should have been sent by that day; none once closed."""
        return 0 if self.is_closed(day) else sum(reminder <= day for reminder in self.reminders)


def window(issued_on: date, months: int, accepted_on: date | None = None) -> Window:
    """Return the window of the wave due `months` after the award.

    Args:
        issued_on: t0, the day of the award.
        months: 0 for the baseline, else 3, 6, 12.
        accepted_on: acceptance of the convention, from which the baseline is open; ignored for
            the other waves. Without it the baseline opens like any wave.

    Raises:
        ValueError: if the convention was accepted after the award.
    """
    due = add_months(issued_on, months)
    opens = due - _OPENS_BEFORE
    if months == BASELINE and accepted_on is not None:
        if accepted_on > issued_on:
            raise ValueError("a convention is accepted before the award")
        opens = accepted_on
    return Window(
        months=months,
        opens=opens,
        due=due,
        reminders=tuple(due + after for after in _REMINDERS_AFTER),
        closes=due + _CLOSES_AFTER,
    )


def windows(issued_on: date, accepted_on: date | None = None) -> tuple[Window, ...]:
    """Return the windows of every wave of a case, in order."""
    return tuple(window(issued_on, months, accepted_on) for months in WAVES)


def evidence_period(issued_on: date, months: int) -> EvidencePeriod | None:
    """Return the days whose evidence counts for a wave; None for the baseline, which has none.

    They follow the close of the wave before; the first wave after the baseline starts at the award.
    """
    if months == BASELINE:
        return None
    earlier = [wave for wave in WAVES if BASELINE < wave < months]
    after = window(issued_on, max(earlier)).closes if earlier else issued_on
    return EvidencePeriod(after=after, until=window(issued_on, months).closes, since=issued_on)


class Answering(StrEnum):
    """What becomes of an answer given on a day."""

    NOT_YET = "not_yet"
    COUNTED = "counted"
    LATE = "late"
    """Kept and shown to the learner, not counted."""
    OVER = "over"


def answering(day: date, *, opens: date, closes: date, next_opens: date | None) -> Answering:
    """Return what becomes of an answer given on ``day``.

    Args:
        day: the day of the answer.
        opens: first day of the window.
        closes: its last day, included.
        next_opens: first day of the next wave; None for the last one, after which all is frozen.
    """
    if day < opens:
        return Answering.NOT_YET
    if day <= closes:
        return Answering.COUNTED
    late = next_opens is not None and day < next_opens
    return Answering.LATE if late else Answering.OVER

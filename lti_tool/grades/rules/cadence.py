"""How often a site is watched, with which pages, and whether what a watch saw can be believed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

SHARE = 0.05
"""Of the time, what watching may keep Moodle busy: 24 s every 10 minutes are 4 %."""
LONGEST = timedelta(hours=6)
"""A dear or failing site is still watched this often."""
TURN = timedelta(minutes=1)
"""How late a turn can be, as whose turn it is is looked at once a minute."""
FIRST_PAGE = 5000
SMALLEST_PAGE, LARGEST_PAGE = 500, 20_000
PAGE_SECONDS = 8.0
"""What one call may last: far from the minute at which web servers give up."""
FEW = 20
"""Below so many enrolments nothing is concluded from how many disappeared at once."""
MANY = 2000
"""The same for how many moved: a whole class may be graded in one go, and must be read at once."""


def pause(within: timedelta, seconds: float, failures: int = 0) -> timedelta:
    """Return how long to wait from the beginning of a watch to that of the next.

    Args:
        within: how soon a change is to be known: the watch itself and what it finds take their time
            too, so it begins that much earlier.
        seconds: what the last watch cost Moodle.
        failures: how many watches failed since one went well.
    """
    affordable = timedelta(seconds=seconds / SHARE)
    ahead = min(timedelta(seconds=seconds) + TURN, within / 4)
    patient = (within - ahead) * (1 << min(failures, 6))
    return min(max(affordable, patient), max(LONGEST, within))


def page_size(now: int, rows: int, seconds: float) -> int:
    """Return how many rows to ask for at once: fewer when a page is slow, more when it is quick and full.

    Args:
        now: the present size.
        rows, seconds: of the largest page of the last watch.
    """
    if rows <= 0 or seconds <= 0:
        return now
    wanted = min(max(int(PAGE_SECONDS * rows / seconds), SMALLEST_PAGE), LARGEST_PAGE)
    wanted = 500 * (wanted // 500)
    if seconds > PAGE_SECONDS:
        return min(wanted, now)
    # A larger page holds more only where this one was full.
    return wanted if rows >= now and wanted >= now * 1.5 else now


class Verdict(StrEnum):
    """What a whole report says, compared with what it said before."""

    SOUND = "sound"
    EMPTY = "empty"
    """No row at all, where there were some: nobody believes that everybody left."""
    CUT = "cut"
    """Fewer rows than it announced."""
    SHRUNK = "shrunk"
    """More than half of the enrolments disappeared at once."""
    RESHAPED = "reshaped"
    """More than half moved at once: it is the report that changed, or how it prints."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a watch counted.

    Args:
        rows: rows read.
        announced: rows that the report says it has: the smallest and the largest of its pages.
        known: enrolments known before.
        moved, gone: of those, how many moved (last access left aside) and how many disappeared.
    """

    rows: int
    announced: tuple[int, int]
    known: int
    moved: int
    gone: int


def judge(seen: Comparison) -> Verdict:
    """Say whether a report can be believed."""
    if seen.rows < seen.announced[0]:
        return Verdict.CUT
    if not seen.rows and seen.known:
        return Verdict.EMPTY
    if seen.known >= FEW and seen.gone * 2 > seen.known:
        return Verdict.SHRUNK
    if seen.known >= MANY and seen.moved * 2 > seen.known - seen.gone:
        return Verdict.RESHAPED
    return Verdict.SOUND


def departures_are_sure(seen: Comparison) -> bool:
    """Whether who disappeared did: rows may slip between two pages of a report that changes meanwhile."""
    return seen.announced[0] == seen.announced[1] == seen.rows

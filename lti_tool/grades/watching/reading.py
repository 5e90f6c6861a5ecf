"""Reads a report page after page, and only looks into it when its bytes differ from the last time."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from lti_tool import clock
from lti_tool.grades.rules.fingerprints import Enrolments, NoLink
from lti_tool.grades.rules.report import Layout
from lti_tool.grades.watching.errors import ColumnsMissing, OtherSite
from lti_tool.grades.watching.finding import layout_of, signature_of
from moodle_client import MoodleClient, Report, ReportPage

_COURSE_PAGE = re.compile(r"""href=["']([^"']*)/course/view\.php\?""")


@dataclass(slots=True)
class Cost:
    """What reading a report cost Moodle."""

    seconds: float = 0.0
    slowest: float = 0.0
    largest: int = 0
    """Seconds and rows of the dearest page."""


@dataclass(frozen=True, slots=True)
class KnownReport:
    """What the last watch saw of a report: its columns stay where they were as long as it is the same.

    What a column holds is told by some rows, and other rows may tell less.
    """

    signature: str
    layout: Layout

    def layout_of(self, page: ReportPage) -> Layout:
        """Return where the columns of a page are."""
        layout = layout_of(page)
        if signature_of(page) != self.signature or layout.tells_more_than(self.layout):
            return layout
        return replace(self.layout, decimal_sign=layout.decimal_sign or self.layout.decimal_sign)


@dataclass(frozen=True, slots=True)
class WholeReport:
    """A report that was read to its end.

    Args:
        report, layout, signature: what it is.
        enrolments: what it says; None: the same as the last time.
        pages: digest of each page.
        rows: how many it gave.
        announced: the smallest and the largest number of rows that its pages announced.
        cost: of all calls, those of a first attempt included.
    """

    report: Report
    layout: Layout
    signature: str
    enrolments: Enrolments
    pages: tuple[bytes, ...]
    rows: int
    announced: tuple[int, int]
    cost: Cost


def is_unchanged(
    client: MoodleClient, report_id: int, per_page: int, known: Sequence[bytes], cost: Cost
) -> bool:
    """Whether every page is still what it was; stops at the first that is not.

    Args:
        known: digest of each page, one at least.
        cost: what the calls cost is added to it.

    Raises:
        MoodleError: as the client raises it.
    """
    for number, digest in enumerate(known):
        start = time.monotonic()
        _seen, page = client.retrieve_report_unless(report_id, number, per_page, digest)
        cost.seconds += time.monotonic() - start
        if page is not None:
            return False
    return True


def read_report(
    client: MoodleClient,
    report_id: int,
    per_page: int,
    courses: Collection[int],
    cost: Cost,
    known: KnownReport,
    progress: Callable[[int, int | None], None] = lambda _done, _total: None,
) -> WholeReport:
    """Read a report to its end.

    Args:
        courses: Moodle's numbers of the courses that count.
        cost: what the calls cost is added to it.
        known: what it was the last time.

    Raises:
        ColumnsMissing: nobody can tell whose rows these are.
        OtherSite: its links lead elsewhere.
        MoodleError: as the client raises it.
    """
    digests: list[bytes] = []
    announced: list[int] = []
    first: ReportPage | None = None
    layout, enrolments, rows = Layout({}), None, 0
    while True:
        start = time.monotonic()
        digest, page = client.retrieve_report_unless(report_id, len(digests), per_page, b"")
        seconds = time.monotonic() - start
        if page is None:  # only said of a page that is known
            raise AssertionError
        if first is None or enrolments is None:
            first, layout = page, known.layout_of(page)
            _check(client.base_url, page, layout)
            enrolments = Enrolments(layout, courses, clock.now().date())
        _add(enrolments, page)
        digests.append(digest)
        announced.append(page.total_rows)
        rows += len(page.rows)
        _count(cost, len(page.rows), seconds)
        progress(rows, page.total_rows)
        if not page.rows or len(digests) * per_page >= page.total_rows:
            break
    return WholeReport(
        report=first.report,
        layout=layout,
        signature=signature_of(first),
        enrolments=enrolments,
        pages=tuple(digests),
        rows=rows,
        announced=(min(announced), max(announced)),
        cost=cost,
    )


def _add(enrolments: Enrolments, page: ReportPage) -> None:
    try:
        enrolments.add(row.cells for row in page.rows)
    except (NoLink, IndexError):
        raise ColumnsMissing("a row without its links") from None


def _check(base_url: str, page: ReportPage, layout: Layout) -> None:
    if not page.rows:
        return
    if not layout.can_be_watched:
        raise ColumnsMissing
    found = _COURSE_PAGE.search(" ".join(filter(None, page.rows[0].cells)))
    if found is not None and _place(html.unescape(found[1])) != _place(base_url):
        raise OtherSite


def _place(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.netloc.casefold(), parts.path.rstrip("/")


def _count(cost: Cost, rows: int, seconds: float) -> None:
    cost.seconds += seconds
    if rows and seconds >= cost.slowest:
        cost.slowest, cost.largest = seconds, rows

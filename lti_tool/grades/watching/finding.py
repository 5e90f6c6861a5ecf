"""Finds the report to watch among those shared with the service account, and says what it is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from lti_tool.grades.rules.report import USEFUL, Layout, recognise
from lti_tool.grades.watching.errors import ColumnsMissing, NoReport
from moodle_client import MissingCapability, MoodleClient, NotFound, Report, ReportPage

SOURCE = "datasource\\participants"
"""End of Moodle's class name for « Participants aux cours »."""
PREFERRED = "ancrage"
SAMPLE = 200
"""Rows looked at to tell the columns."""
TRIED = 5
"""Reports looked into at most."""


@dataclass(frozen=True, slots=True)
class FoundReport:
    """A report on course participants and where its columns are."""

    report: Report
    layout: Layout
    rows: int


def is_on_participants(report: Report) -> bool:
    """Whether a report has a row for each enrolment."""
    return report.source.endswith(SOURCE)


def candidates(client: MoodleClient) -> Iterator[FoundReport]:
    """Yield the reports on participants, those named after the tool first.

    Raises:
        MoodleError: as the client raises it.
    """
    reports = [one for one in client.list_reports() if is_on_participants(one)]
    reports.sort(key=lambda one: (PREFERRED not in one.name.casefold(), one.id))
    for report in reports[:TRIED]:
        try:
            page = client.retrieve_report(report.id, 0, SAMPLE)
        except (MissingCapability, NotFound):
            continue
        yield FoundReport(report, layout_of(page), page.total_rows)


def find_report(client: MoodleClient) -> FoundReport:
    """Return the report to watch: of those with the indispensable columns, the one that tells most.

    Raises:
        NoReport: none on participants is shared with the account.
        ColumnsMissing: none has the indispensable columns.
        MoodleError: as the client raises it.
    """
    found = list(candidates(client))
    if not found:
        raise NoReport
    usable = [one for one in found if one.layout.can_be_watched]
    if not usable:
        raise ColumnsMissing
    return min(usable, key=lambda one: len(one.layout.missing(USEFUL)))


def layout_of(page: ReportPage) -> Layout:
    """Return where the columns of a page are."""
    return recognise(page.headers, [row.cells for row in page.rows[:SAMPLE]])


def signature_of(page: ReportPage) -> str:
    """Return what changes when the report's author changes it, or the account its language."""
    report = page.report
    parts = [str(report.id), report.source, report.conditions, str(report.modified_at)]
    return hashlib.sha256("\x1f".join([*parts, *page.headers]).encode()).hexdigest()

"""Custom reports: rows printed for people, of which only links and sameness can be trusted."""

import html
import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from moodle_client.models.record import Record
from moodle_client.text import plain_text

_LINK = re.compile(r"""<a\b[^>]*\bhref\s*=\s*["']([^"']*)["']""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Report:
    """A custom report that the account may see; `source` is a class name of Moodle."""

    id: int
    name: str
    source: str
    modified_at: datetime | None
    conditions: str
    """What its author filters by, as Moodle stores it (JSON); empty when the account is not told."""

    @classmethod
    def read(cls, record: Record) -> "Report":
        """Read the description of a report."""
        return cls(
            id=record.integer("id"),
            name=record.escaped_name("name"),
            source=record.text("source"),
            modified_at=record.moment_or_none("timemodified"),
            conditions=record.text_or_none("conditiondata") or "",
        )


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One row: cells as Moodle prints them, HTML and language included."""

    cells: tuple[str | None, ...]

    @property
    def texts(self) -> tuple[str | None, ...]:
        """The cells without markup."""
        return tuple(None if cell is None else plain_text(cell) for cell in self.cells)

    @property
    def course_id(self) -> int | None:
        """The course in the row's links, whatever the language."""
        return self._linked_id("/course/view.php")

    @property
    def user_id(self) -> int | None:
        """The person in the row's links, whatever the language."""
        return self._linked_id("/user/profile.php") or self._linked_id("/user/view.php")

    def _linked_id(self, page: str) -> int | None:
        for cell in self.cells:
            for address in _LINK.findall(cell or ""):
                parts = urlsplit(html.unescape(address))
                number = parse_qs(parts.query).get("id", [""])[0]
                if parts.path.endswith(page) and number.isascii() and number.isdigit():
                    return int(number)
        return None


@dataclass(frozen=True, slots=True)
class ReportPage:
    """One page of a report.

    Attributes:
        headers: column titles in the account's language; two columns may have the same.
        total_rows: of the whole report, on every page, even past the end.
    """

    report: Report
    headers: tuple[str, ...]
    rows: tuple[ReportRow, ...]
    total_rows: int

    @classmethod
    def read(cls, record: Record) -> "ReportPage":
        """Read the whole answer."""
        data = record.child("data")
        return cls(
            report=Report.read(record.child("details")),
            headers=data.texts("headers"),
            rows=tuple(ReportRow(row.cells("columns")) for row in data.children("rows")),
            total_rows=data.integer("totalrowcount"),
        )

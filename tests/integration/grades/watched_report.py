"""A Moodle that only has a report, written cell by cell by a test; every person is invented."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from tests.contract.moodle_client.site import Answer, Received, Site, load

ENGLISH = (
    "Course full name with link",
    "Full name with link",
    "ID number",
    "Grade",
    "Completed",
    "Time completed",
    "Last access to course",
    "Status",
    "Cohort ID",
    "Suspended",
    "Short name",
    "ID number",
    "Time started",
    "Time ended",
)
DAY = "Saturday, 21 November 2026, 10:41 PM"


@dataclass(frozen=True)
class Row:
    """One row of the report."""

    person: int
    course: int = 2
    grade: str = "30.50"
    completed: str = "No"
    completed_at: str = ""
    access: str = "Never"
    cohort: str | None = "ASSO-01"
    role: str = "student"
    group: str | None = "G1"
    status: str = "Active"
    started: str = ""
    ended: str = ""

    def cells(self, base: str) -> list[str | None]:
        """The cells in the order of ``ENGLISH``."""
        return [
            f'<a href="{base}/course/view.php?id={self.course}">Cours &amp; fictif {self.course}</a>',
            f'<a href="{base}/user/profile.php?id={self.person}">Personne fictive {self.person}</a>',
            f"ADH-{self.person}",
            self.grade,
            self.completed,
            self.completed_at,
            self.access,
            self.status,
            self.cohort,
            "No",
            self.role,
            self.group,
            self.started,
            self.ended,
        ]


@dataclass
class ReportSite:
    """The report as it is now, and what was asked of it."""

    site: Site
    rows: list[Row] = field(default_factory=list)
    headers: tuple[str, ...] = ENGLISH
    order: tuple[int, ...] = tuple(range(len(ENGLISH)))
    """Which columns are shown, in which order."""
    modified: int = 1795300190
    total: int | None = None
    """What it announces, else the number of its rows."""
    links_to: str = ""
    unshared_from: int | None = None
    """The page from which the account may no longer see it."""
    listed: bool = True
    conditions: str = "{}"
    functions: tuple[str, ...] = (
        "core_reportbuilder_list_reports",
        "core_reportbuilder_retrieve_report",
    )
    meanwhile: Callable[[int], None] = lambda _page: None
    """What happens on the site just before a page is given."""
    asked: list[tuple[str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Answer from now on."""
        self.site.always(self._answer)

    def change(self, person: int, **values: Any) -> None:
        """Change every row of a person."""
        self.rows = [replace(row, **values) if row.person == person else row for row in self.rows]

    def _answer(self, request: Received) -> Answer:
        form = request.form
        name, page = form["wsfunction"], int(form.get("page", 0))
        self.asked.append((name.removeprefix("core_reportbuilder_"), page))
        if name == "core_webservice_get_site_info":
            return Answer.of(site_info(self.site.url, self.functions))
        if name == "core_reportbuilder_list_reports":
            return Answer.of({"reports": [self._details()] if self.listed else [], "warnings": []})
        if name != "core_reportbuilder_retrieve_report":
            return refused("accessexception")
        self.meanwhile(page)
        if not self.listed or (self.unshared_from is not None and page >= self.unshared_from):
            return refused("errorreportview")
        size = int(form["perpage"])
        shown = self.rows[page * size : (page + 1) * size]
        base = self.links_to or self.site.url
        cells = [row.cells(base) for row in shown]
        data = {
            "headers": [self.headers[rank] for rank in self.order],
            "rows": [{"columns": [line[rank] for rank in self.order]} for line in cells],
            "totalrowcount": len(self.rows) if self.total is None else self.total,
        }
        return Answer.of({"details": self._details(), "data": data, "warnings": []})

    def _details(self) -> dict[str, Any]:
        return {
            "id": 1,
            "name": "Ancrage",
            "source": "core_course\\reportbuilder\\datasource\\participants",
            "timemodified": self.modified,
            "conditiondata": self.conditions,
        }


def site_info(url: str, functions: Iterable[str] = ()) -> dict[str, Any]:
    """What the site says of itself."""
    return {
        **load("core_webservice_get_site_info")["response"]["body"],
        "siteurl": url,
        "functions": [{"name": name, "version": "1"} for name in functions],
    }


def refused(code: str) -> Answer:
    return Answer.of({"exception": "core\\exception", "errorcode": code, "message": "Refused"})

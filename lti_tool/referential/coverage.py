"""The grid of domains × courses, with its holes: domains without course, courses without domain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from lti_tool.platforms.models import Course
from lti_tool.referential.models import CourseMapping, Domain
from lti_tool.referential.service import all_domains, current_mappings


@dataclass(frozen=True, slots=True)
class CoverageGrid:
    """Which courses count for which domains at one moment."""

    domains: tuple[Domain, ...]
    courses: tuple[Course, ...]
    """Courses that Moodle lists, and those it no longer lists but that still count."""
    cells: Mapping[tuple[int, int], tuple[CourseMapping, ...]]
    """(Course.id, Domain.id) → lines; more than one when several sub-themes count."""

    @property
    def uncovered(self) -> tuple[Domain, ...]:
        """Domains for which no course counts."""
        covered = {domain_id for _, domain_id in self.cells}
        return tuple(domain for domain in self.domains if domain.id not in covered)

    @property
    def unmapped(self) -> tuple[Course, ...]:
        """Courses that count for no domain."""
        mapped = {course_id for course_id, _ in self.cells}
        return tuple(course for course in self.courses if course.id not in mapped)

    def course_count(self, domain: Domain) -> int:
        """Return how many courses count for a domain, sub-themes together."""
        return sum(domain_id == domain.id for _, domain_id in self.cells)

    def lines_of(self, domain: Domain) -> tuple[CourseMapping, ...]:
        """Return the lines of a domain, in the order of the courses."""
        return tuple(
            line for course in self.courses for line in self.cells.get((course.id, domain.id), ())
        )


def coverage(session: Session, at: datetime) -> CoverageGrid:
    """Return the grid as it stands at ``at``."""
    cells: dict[tuple[int, int], tuple[CourseMapping, ...]] = {}
    for line in current_mappings(session, at):
        place = (line.course_id, line.domain_id)
        cells[place] = (*cells.get(place, ()), line)
    mapped = {course_id for course_id, _ in cells}
    courses = session.scalars(
        select(Course)
        .options(joinedload(Course.site))
        .order_by(Course.site_id, Course.idnumber == "", Course.idnumber, Course.shortname)
    )
    return CoverageGrid(
        domains=tuple(all_domains(session)),
        courses=tuple(one for one in courses if one.gone_at is None or one.id in mapped),
        cells=cells,
    )

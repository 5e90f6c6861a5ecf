"""What each piece of background work is about: the course or the site, and who asked for it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.jobs import Job
from lti_tool.jobs.about import About
from lti_tool.people.models import Person
from lti_tool.platforms.models import Course, Site


def about_jobs(session: Session, jobs: Sequence[Job]) -> dict[int, About]:
    """Return ``Job.id`` → what it is about, in three reads whatever their number."""
    people = _names(session, Person, Person.full_name, [job.asked_by for job in jobs])
    courses = _names(session, Course, Course.fullname, [job.args.get("course_id") for job in jobs])
    sites = _names(session, Site, Site.name, [job.args.get("site_id") for job in jobs])
    return {
        job.id: About(
            subject=courses.get(job.args.get("course_id"))
            or sites.get(job.args.get("site_id"))
            or "",
            asked_by=people.get(job.asked_by, ""),
        )
        for job in jobs
    }


def _names(
    session: Session, table: type, name: object, wanted: Sequence[object]
) -> dict[object, str]:
    ids = {number for number in wanted if isinstance(number, int)}
    if not ids:
        return {}
    return dict(session.execute(select(table.id, name).where(table.id.in_(ids))).all())  # type: ignore[attr-defined, call-overload]  # three mapped classes

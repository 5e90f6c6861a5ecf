"""What is known of the readings of a course: how fresh, what went wrong, which one is under way."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.certification.service.readings import sees_hidden
from lti_tool.errors import NotFound
from lti_tool.grades.due import PULL_COURSE
from lti_tool.grades.models import Pull
from lti_tool.grades.pulls import courses_left_out
from lti_tool.grades.service import last_pull, latest_failure
from lti_tool.jobs import Job
from lti_tool.jobs.models import JobState
from lti_tool.jobs.service import find_job
from lti_tool.platforms.models import Course


@dataclass(frozen=True, slots=True)
class Freshness:
    """How far the values of a course can be relied upon."""

    last: Pull | None
    """The newest reading that went to its end."""
    failure: Pull | None
    """The newest reading, when Moodle refused or failed it."""
    sees_hidden: bool
    """Whether the last check of the token let it see hidden grades; totals are wrong otherwise (M3)."""
    left_out: bool
    """Whether a reading met columns that Moodle keeps from the token: no total is relied upon."""


def freshness(session: Session, course: Course) -> Freshness:
    """Return how fresh the values of a course are."""
    return Freshness(
        last=last_pull(session, course.id),
        failure=latest_failure(session, course.id),
        sees_hidden=sees_hidden(course.site),
        left_out=bool(courses_left_out(session, [course.id])),
    )


def pull_job(session: Session, course_id: int, public_id: str = "") -> Job | None:
    """Return the reading asked for by its identifier, else the one that waits or runs, else None.

    Raises:
        NotFound: the identifier is not that of a reading of this course.
    """
    if not public_id:
        return session.scalar(
            select(Job).where(
                Job.key == f"{PULL_COURSE}:{course_id}",
                Job.state.in_((JobState.QUEUED, JobState.RUNNING)),
            )
        )
    job = find_job(session, public_id)
    if job.kind != PULL_COURSE or job.args.get("course_id") != course_id:
        raise NotFound("job of another course")
    return job

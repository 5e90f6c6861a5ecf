"""Sites of stand-ins in an installation: their courses, mapped to a domain, to be read by workers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select

from lti_tool import clock
from lti_tool.grades.due import mark_due
from lti_tool.jobs import Job, JobState, Priority
from lti_tool.jobs.models import PENDING
from lti_tool.platforms.models import Course
from lti_tool.referential.models import Domain
from lti_tool.web.runtime import Runtime
from tests.benchmarks.standin.process import StandIn
from tests.benchmarks.standin.world import FIRST_COURSE
from tests.factories import make_course, make_site, map_course


def add_sites(parts: Runtime, moodles: Sequence[StandIn]) -> None:
    """Make each stand-in a site with all of its courses; commit."""
    since = clock.now() - timedelta(days=100)
    with parts.sessions() as session:
        domain = session.scalars(select(Domain).order_by(Domain.number)).first()
        assert domain is not None
        for moodle in moodles:
            site = make_site(session, moodle.base_url, token=moodle.token)
            for number in range(FIRST_COURSE, FIRST_COURSE + moodle.layout.courses):
                map_course(session, make_course(session, site, number), domain, since)
        session.commit()


def ask_for_everything(parts: Runtime) -> int:
    """Ask for the reading of every course; return how many."""
    with parts.sessions() as session:
        courses = session.scalars(select(Course.id).order_by(Course.id)).all()
        for course_id in courses:
            mark_due(session, course_id, None, priority=Priority.SOON, reason="bench")
        session.commit()
    return len(courses)


def is_at_rest(parts: Runtime) -> bool:
    """Whether no job waits for now nor runs."""
    due = select(func.count()).where(Job.state.in_(PENDING), Job.run_at <= clock.now())
    with parts.sessions() as session:
        return not session.scalar(due)


def check_all_went_well(parts: Runtime) -> None:
    """Refuse figures of readings and watches that failed.

    Raises:
        RuntimeError: a job failed.
    """
    with parts.sessions() as session:
        failed = select(Job.kind, Job.error_code).where(
            Job.state == JobState.FAILED, Job.kind.startswith("grades.")
        )
        if found := session.execute(failed).first():
            raise RuntimeError(f"{found.kind} failed: {found.error_code}")

"""The list of a course for its trainers: how fresh it is, who left, what is under way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from lti_tool.grades.membership import Membership, members_of_course
from lti_tool.grades.models import EnrolmentState
from lti_tool.jobs import Job
from lti_tool.lti.roster.service import roster_job, roster_read_at, services_of_course
from lti_tool.people.models import CourseRole

LEFT_SHOWN = 20
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class RosterView:
    """What the trainer sees of the list of their course."""

    is_offered: bool
    """Whether Moodle told the tool where the list is."""
    read_at: datetime | None
    present: int
    """Learners who are in the course."""
    inactive: int
    left: tuple[tuple[str, datetime | None], ...]
    """Who left, the latest first: name, and when the list first missed them."""
    left_total: int
    job: Job | None
    job_url: str

    @property
    def is_being_read(self) -> bool:
        """Whether a reading waits or runs."""
        return self.job is not None and not self.job.is_over


def roster_view(
    session: Session, course_id: int, asked: str, follow: Callable[[Job | None], str]
) -> RosterView:
    """Return the list of a course.

    Args:
        asked: public identifier of the reading to show, may be empty.
        follow: gives the address at which the viewer may follow a job.
    """
    services = services_of_course(session, course_id)
    learners = [
        member
        for member in members_of_course(session, course_id)
        if member.role is CourseRole.LEARNER
    ]
    gone = sorted(
        (one for one in learners if one.state is EnrolmentState.GONE), key=_departure, reverse=True
    )
    job = roster_job(session, course_id, asked)
    return RosterView(
        is_offered=services is not None and bool(services.memberships_url),
        read_at=roster_read_at(session, course_id),
        present=sum(one.state is EnrolmentState.ACTIVE for one in learners),
        inactive=sum(one.state.is_inactive for one in learners),
        left=tuple((one.full_name, one.gone_at) for one in gone[:LEFT_SHOWN]),
        left_total=len(gone),
        job=job,
        job_url=follow(job),
    )


def _departure(member: Membership) -> datetime:
    return member.gone_at or _LONG_AGO

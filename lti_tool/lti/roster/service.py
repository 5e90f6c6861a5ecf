"""Use cases of the roster: ask for a reading, read it, say how fresh it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.errors import NotFound
from lti_tool.jobs import Job, JobState, enqueue, find_job
from lti_tool.lti.models import ContextServices
from lti_tool.lti.roster.reading import read_members
from lti_tool.lti.roster.storing import store_departures, store_members
from lti_tool.lti.services.connector import Exchange, ServiceConnector, telling
from lti_tool.lti.services.errors import ServicesUnknown
from lti_tool.lti.services.names import ROSTER_SCOPES
from lti_tool.lti.services.wire import exchange
from lti_tool.platforms.models import Course, Registration, RegistrationState

SYNC_ROSTER = "lti.sync_roster"
BATCH = 200
Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class RosterRead:
    """What one reading found."""

    members: int
    arrived: int
    """New ones, and those who came back."""
    gone: int


def services_of_course(session: Session, course_id: int) -> ContextServices | None:
    """Return the addresses that the last launch of the course told, of a registration still open."""
    return session.scalar(
        select(ContextServices)
        .join(Registration, Registration.id == ContextServices.registration_id)
        .where(
            ContextServices.course_id == course_id,
            Registration.state != RegistrationState.REFUSED,
        )
        .order_by(ContextServices.seen_at.desc(), ContextServices.id.desc())
        .limit(1)
    )


def ask_for_roster(session: Session, course_id: int, asked_by: int | None) -> Job:
    """Queue a reading of the roster and commit; one that waits or runs already is returned.

    Raises:
        ServicesUnknown: no launch told where the members are.
    """
    services = services_of_course(session, course_id)
    if services is None or not services.memberships_url:
        raise ServicesUnknown(f"course {course_id}")
    job = enqueue(
        session,
        SYNC_ROSTER,
        {"course_id": course_id},
        key=f"{SYNC_ROSTER}:{course_id}",
        asked_by=asked_by,
    )
    session.commit()
    return job


def sync_roster(
    sessions: sessionmaker[Session],
    course_id: int,
    *,
    progress: Progress = lambda _done, _total: None,
    send: Exchange = exchange,
) -> RosterRead:
    """Read the roster of a course to its end and store it.

    Each batch is a transaction of its own; when the reading or the storing is interrupted, what was
    written stays true and nobody is said to have left. A reading that a later one has overtaken stops.

    Raises:
        ServiceFailed: the platform gave no whole list; nothing was written.
    """
    with sessions() as session:
        services = services_of_course(session, course_id)
        course = session.get_one(Course, course_id)
    if services is None or not services.memberships_url:
        raise ServicesUnknown(f"course {course_id}")
    begun = clock.now()
    connector = ServiceConnector(
        sessions,
        services.registration_id,
        ROSTER_SCOPES,
        send=telling(send, lambda: progress(0, None)),
    )
    members = read_members(connector, services.memberships_url)
    arrived = 0
    for start in range(0, len(members), BATCH):
        progress(start, len(members))
        with sessions.begin() as session:
            if _overtaken(session, services.id, begun):
                return RosterRead(len(members), arrived, 0)
            arrived += store_members(session, course, members[start : start + BATCH], begun)
    progress(len(members), len(members))
    with sessions.begin() as session:
        if _overtaken(session, services.id, begun):
            return RosterRead(len(members), arrived, 0)
        gone = store_departures(session, course, services.id, begun)
    return RosterRead(len(members), arrived, gone)


def roster_read_at(session: Session, course_id: int) -> datetime | None:
    """Return when the roster of a course was last read to its end."""
    return session.scalar(
        select(ContextServices.roster_read_at)
        .where(ContextServices.course_id == course_id, ContextServices.roster_read_at.is_not(None))
        .order_by(ContextServices.roster_read_at.desc())
        .limit(1)
    )


def roster_job(session: Session, course_id: int, public_id: str = "") -> Job | None:
    """Return the reading asked for by its identifier, else the one that waits or runs, else None.

    Raises:
        NotFound: the identifier is that of a reading of another course.
    """
    if not public_id:
        return session.scalar(
            select(Job).where(
                Job.key == f"{SYNC_ROSTER}:{course_id}",
                Job.state.in_((JobState.QUEUED, JobState.RUNNING)),
            )
        )
    job = find_job(session, public_id)
    if job.kind != SYNC_ROSTER:
        return None
    if job.args.get("course_id") != course_id:
        raise NotFound("job of another course")
    return job


def _overtaken(session: Session, services_id: int, begun: datetime) -> bool:
    read_at = session.get_one(ContextServices, services_id).roster_read_at
    return read_at is not None and read_at > begun

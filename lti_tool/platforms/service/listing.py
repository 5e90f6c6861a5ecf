"""The sites as a coordinator sees them: found by number, or listed with their state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from lti_tool.errors import NotFound
from lti_tool.platforms.models import Course, Deployment, Registration, RegistrationState, Site


class SiteState(StrEnum):
    """What a coordinator has to know of a site at a glance."""

    NO_TOKEN = "no_token"  # noqa: S105  # a state, not a password
    UNCHECKED = "unchecked"
    INCOMPLETE = "incomplete"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class SiteSummary:
    """A site on the list; its token is not in it."""

    id: int
    name: str
    base_url: str
    state: SiteState
    findings: int
    checked_at: datetime | None
    courses: int
    waiting: int
    """Deployments that wait for a decision."""
    pending: int
    """Registrations that do."""
    launched_at: datetime | None
    """The last accepted launch, by whichever registration."""


def find_site(session: Session, site_id: int) -> Site:
    """Return a site with its registrations and deployments.

    Raises:
        NotFound: there is none.
    """
    site = session.scalar(
        select(Site)
        .where(Site.id == site_id)
        .options(selectinload(Site.registrations).selectinload(Registration.deployments))
    )
    if site is None:
        raise NotFound("site")
    return site


def site_summaries(session: Session) -> list[SiteSummary]:
    """Return every site for the list, by name."""
    courses = (
        select(func.count())
        .where(Course.site_id == Site.id, Course.gone_at.is_(None))
        .scalar_subquery()
    )
    waiting = (
        select(func.count(Deployment.id))
        .join(Registration, Registration.id == Deployment.registration_id)
        .where(Registration.site_id == Site.id, Deployment.state == RegistrationState.PENDING)
        .scalar_subquery()
    )
    pending = (
        select(func.count(Registration.id))
        .where(Registration.site_id == Site.id, Registration.state == RegistrationState.PENDING)
        .scalar_subquery()
    )
    launched = (
        select(func.max(Registration.launched_at))
        .where(Registration.site_id == Site.id)
        .scalar_subquery()
    )
    return [
        SiteSummary(
            id=site.id,
            name=site.name,
            base_url=site.base_url,
            state=state_of(site),
            findings=len(site.check_findings or ()),
            checked_at=site.checked_at,
            courses=course_count,
            waiting=waiting_count,
            pending=pending_count,
            launched_at=launched_at,
        )
        for site, course_count, waiting_count, pending_count, launched_at in session.execute(
            select(Site, courses, waiting, pending, launched).order_by(Site.name, Site.id)
        )
    ]


def state_of(site: Site) -> SiteState:
    """Return what the token and its last check make of a site."""
    if site.token_set_at is None:
        return SiteState.NO_TOKEN
    if site.checked_at is None:
        return SiteState.UNCHECKED
    return SiteState.INCOMPLETE if site.check_findings else SiteState.READY

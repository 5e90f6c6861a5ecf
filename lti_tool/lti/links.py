"""What a launch teaches about the activity and the services of its course.

Owns the tables ``resource_link`` and ``context_services``; written in the caller's transaction, as
the last launch told. Moments are kept to the minute, so that a crowd of launches of one activity
does not rewrite its row each time.
"""

from __future__ import annotations

from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lti_tool.lti.activities import Activity
from lti_tool.lti.claims import LaunchMessage
from lti_tool.lti.models import ContextServices, ResourceLink
from lti_tool.lti.targets import origin
from lti_tool.platforms.models import Course, Deployment, Registration

log = structlog.get_logger(__name__)


def origins_of(registration: Registration) -> frozenset[str]:
    """Return the origins where the services of a platform may be."""
    return frozenset(filter(None, map(origin, (registration.issuer, registration.token_url))))


def record_link(
    session: Session,
    deployment: Deployment,
    course: Course,
    activity: Activity,
    message: LaunchMessage,
    now: datetime,
) -> ResourceLink:
    """Return the activity that was launched, made or brought up to date."""
    known = select(ResourceLink).where(
        ResourceLink.deployment_id == deployment.id, ResourceLink.link_id == activity.link_id
    )
    link = session.scalar(known)
    if link is None:
        link = ResourceLink(
            deployment_id=deployment.id,
            link_id=activity.link_id,
            course_id=course.id,
            settings={},
            seen_at=_minute(now),
        )
        try:
            with session.begin_nested():
                session.add(link)
        except IntegrityError:
            # Another launch of the same activity, a moment ago.
            link = session.scalars(known).one()
    link.course_id = course.id
    link.title = activity.title
    link.placement = activity.placement
    link.settings = {
        name: value
        for name, value in (("domain", activity.domain), ("origin", activity.origin))
        if value
    }
    link.copied_from = activity.copied_from
    link.lineitem_url = message.services.lineitem_url
    link.seen_at = _minute(now)
    return link


def record_services(
    session: Session,
    registration: Registration,
    course: Course,
    message: LaunchMessage,
    now: datetime,
) -> ContextServices | None:
    """Return the services of the course, made or brought up to date; None: none were ever told."""
    told = message.services
    if told.foreign:
        log.warning(
            "launch.foreign_service", registration_id=registration.id, claims=list(told.foreign)
        )
    known = select(ContextServices).where(
        ContextServices.course_id == course.id, ContextServices.registration_id == registration.id
    )
    services = session.scalar(known)
    if services is None:
        if not (told.memberships_url or told.lineitems_url):
            return None
        services = ContextServices(
            course_id=course.id, registration_id=registration.id, scopes=[], seen_at=_minute(now)
        )
        try:
            with session.begin_nested():
                session.add(services)
        except IntegrityError:
            services = session.scalars(known).one()
    services.memberships_url = told.memberships_url
    services.lineitems_url = told.lineitems_url
    services.scopes = list(told.scopes)
    services.seen_at = _minute(now)
    return services


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)

"""The deployments that launches name: accepted, waiting for a coordinator, or announced just now.

Owns what a launch writes of them: a deployment never heard of is recorded as waiting, once, and the
moment of the last launch, to the minute. Who accepts a deployment: ``platforms.service``. Rows 11
and 12 of spec/lti.md §4.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from lti_tool import journal
from lti_tool.lti.errors import DeploymentUnknown, DeploymentWaiting, PlatformClosed, Reason
from lti_tool.platforms.models import Deployment, Registration, RegistrationState

log = structlog.get_logger(__name__)

MAX_WAITING = 20
"""Deployments of one registration that may wait: a platform cannot fill the table."""
TOUCHED_EVERY = timedelta(minutes=1)


def accepted_deployment(
    session: Session, registration: Registration, named: str, now: datetime
) -> Deployment:
    """Return the deployment that a verified token names.

    One that nobody knows is recorded as waiting; that is committed, whatever becomes of the launch.

    Raises:
        DeploymentWaiting: a coordinator must accept it first.
        DeploymentUnknown: too many wait already; this one was not recorded.
        PlatformClosed: a coordinator refused it.
    """
    found = _find(session, registration, named)
    if found is None:
        _announce(session, registration, named, now)
        raise DeploymentWaiting(Reason.DEPLOYMENT_UNKNOWN, deployment=named)
    touch(session, Deployment, found, now)
    if found.state == RegistrationState.ACTIVE:
        return found
    session.commit()
    if found.state == RegistrationState.PENDING:
        raise DeploymentWaiting(Reason.DEPLOYMENT_INACTIVE, deployment=named)
    raise PlatformClosed(Reason.DEPLOYMENT_INACTIVE)


def touch(
    session: Session,
    table: type[Registration] | type[Deployment],
    row: Registration | Deployment,
    now: datetime,
) -> None:
    """Note that ``row`` of ``table`` was launched now, at most once a minute; the caller commits.

    Launches of a whole class come in the same second: the one that holds the row writes, the others
    do not wait for it.
    """
    due = now - TOUCHED_EVERY
    if row.launched_at is not None and row.launched_at > due:
        return
    free = (
        select(table.id)
        .where(table.id == row.id, or_(table.launched_at.is_(None), table.launched_at <= due))
        .with_for_update(skip_locked=True, key_share=True)
    )
    session.execute(
        update(table)
        .where(table.id.in_(free.scalar_subquery()))
        .values(launched_at=now)
        .execution_options(synchronize_session=False)
    )


def _find(session: Session, registration: Registration, named: str) -> Deployment | None:
    return session.scalar(
        select(Deployment).where(
            Deployment.registration_id == registration.id, Deployment.deployment_id == named
        )
    )


def _announce(session: Session, registration: Registration, named: str, now: datetime) -> None:
    # One at a time for each registration, so that neither the limit nor a deployment is passed twice.
    session.execute(
        select(Registration.id)
        .where(Registration.id == registration.id)
        .with_for_update(key_share=True)
    )
    if _find(session, registration, named) is not None:
        return
    waiting = session.scalar(
        select(func.count())
        .select_from(Deployment)
        .where(
            Deployment.registration_id == registration.id,
            Deployment.state == RegistrationState.PENDING,
        )
    )
    if (waiting or 0) >= MAX_WAITING:
        log.warning("deployment.too_many_waiting", registration_id=registration.id)
        raise DeploymentUnknown(Reason.DEPLOYMENT_UNKNOWN, deployment=named)
    announced = Deployment(
        registration_id=registration.id,
        deployment_id=named,
        state=RegistrationState.PENDING,
        created_at=now,
        launched_at=now,
    )
    session.add(announced)
    session.flush()
    journal.record(
        session,
        actor_id=None,
        action="deployment.announced",
        subject="deployment",
        subject_id=announced.id,
        registration_id=registration.id,
    )
    session.commit()
    log.info("deployment.announced", registration_id=registration.id, deployment=announced.id)

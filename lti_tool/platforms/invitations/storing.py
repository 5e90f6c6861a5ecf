"""What a dynamic registration leaves: site, registration, deployment, and the invitation spent.

A registration never takes the place of another: a known platform is changed only by an invitation
that a coordinator bound to it, or when Moodle itself names a client that is registered already.
docs/decisions/0016; spec/lti.md §4 row 29.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from lti_tool import clock, journal
from lti_tool.errors import Conflict
from lti_tool.platforms.models import (
    Deployment,
    Registration,
    RegistrationInvitation,
    RegistrationOrigin,
    RegistrationState,
    Site,
)
from lti_tool.platforms.service.origins import forget_origins


@dataclass(frozen=True, slots=True)
class Registered:
    """What Moodle accepted: how the tool is called there, and where Moodle answers."""

    issuer: str
    client_id: str
    deployment_id: str
    auth_login_url: str
    token_url: str
    jwks_url: str


def site_of(session: Session, issuer: str) -> Site | None:
    """Return the site that an issuer is, by its address or by one of its registrations."""
    return session.scalar(
        select(Site)
        .outerjoin(Registration, Registration.site_id == Site.id)
        .where(or_(Site.base_url == issuer, Registration.issuer == issuer))
        .limit(1)
    )


def find_registration(session: Session, issuer: str, client_id: str) -> Registration | None:
    """Return the registration of a client on a platform."""
    return session.scalar(
        select(Registration).where(
            Registration.issuer == issuer, Registration.client_id == client_id
        )
    )


def store_registration(
    session: Session, invitation_id: int, site_id: int | None, made: Registered
) -> Registration:
    """Store what Moodle accepted and spend the invitation; commits.

    Args:
        invitation_id: an invitation claimed by the caller.
        site_id: the site it is bound to: its registration is active at once. None: a new site's
            waits for a coordinator.
        made: what Moodle accepted, checked against the platform's configuration.

    Raises:
        Conflict: another registration was stored meanwhile, or the invitation withdrawn; nothing was.
    """
    try:
        with session.begin_nested():
            site = _site(session, site_id, made)
            registration = _registration(session, site, site_id is not None, made)
            session.flush()
            _spend(session, invitation_id, registration)
    except IntegrityError:
        session.rollback()
        raise Conflict("registered meanwhile") from None
    except Conflict:
        session.rollback()
        raise
    journal.record(
        session,
        actor_id=None,
        action="registration.dynamic",
        subject="registration",
        subject_id=registration.id,
        invitation_id=invitation_id,
        client_id=made.client_id,
        state=str(registration.state),
    )
    session.commit()
    forget_origins()
    return registration


def _site(session: Session, site_id: int | None, made: Registered) -> Site:
    site = session.get(Site, site_id) if site_id is not None else site_of(session, made.issuer)
    if site is None:
        site = Site(name=urlsplit(made.issuer).netloc, base_url=made.issuer, created_at=clock.now())
        session.add(site)
        session.flush()
    return site


def _registration(session: Session, site: Site, approved: bool, made: Registered) -> Registration:
    registration = find_registration(session, made.issuer, made.client_id)
    if registration is None:
        registration = Registration(
            site_id=site.id,
            issuer=made.issuer,
            client_id=made.client_id,
            auth_login_url=made.auth_login_url,
            token_url=made.token_url,
            jwks_url=made.jwks_url,
            state=RegistrationState.ACTIVE if approved else RegistrationState.PENDING,
            origin=RegistrationOrigin.DYNAMIC,
            created_at=clock.now(),
        )
        session.add(registration)
        session.flush()
    known = {deployment.deployment_id for deployment in registration.deployments}
    if made.deployment_id not in known:
        registration.deployments.append(
            Deployment(deployment_id=made.deployment_id, created_at=clock.now())
        )
    return registration


def _spend(session: Session, invitation_id: int, registration: Registration) -> None:
    """Spend the invitation, unless it was withdrawn or spent while Moodle was waited for."""
    table = RegistrationInvitation
    spent = session.execute(
        update(table)
        .where(
            table.id == invitation_id,
            table.registration_id.is_(None),
            table.revoked_at.is_(None),
        )
        .values(registration_id=registration.id, used_at=clock.now())
        .returning(table.id)
        .execution_options(synchronize_session=False)
    ).all()
    if not spent:
        raise Conflict("invitation withdrawn or spent meanwhile")


def waiting_registrations(session: Session) -> list[Registration]:
    """Return the registrations that wait for a coordinator, the oldest first."""
    return list(
        session.scalars(
            select(Registration)
            .where(Registration.state == RegistrationState.PENDING)
            .options(joinedload(Registration.site))
            .order_by(Registration.id)
        )
    )

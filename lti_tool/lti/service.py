"""From the platform's answer to a session, once.

``finish_launch`` finds the login that the answer belongs to, verifies the token, consumes the
login in one conditional UPDATE, so that of two identical posts one enters, and opens a session. The
network is never waited for inside a transaction. Rows 11, 12, 17, 25, 32 and 40 of spec/lti.md §4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.lti.arrivals import course_page, record_account, record_course
from lti_tool.lti.claims import LaunchMessage, deployment_of, read_message
from lti_tool.lti.errors import (
    DeploymentUnknown,
    EntryRefused,
    PlatformUnknown,
    Reason,
    TokenDoubtful,
)
from lti_tool.lti.logins import consume_attempt, find_attempt
from lti_tool.lti.models import LoginAttempt
from lti_tool.lti.validation import check_registered_claims, signed_claims, token_kid
from lti_tool.people.sessions import create_session
from lti_tool.platforms.keysets import platform_key
from lti_tool.platforms.models import Deployment, Registration, RegistrationState

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LaunchDone:
    """A launch that became a session."""

    token: str
    """For the cookie of the session."""
    course_id: int
    person_id: int


def finish_launch(
    session: Session,
    form: Mapping[str, str],
    *,
    cookie: str | None,
    base_url: str,
    previous: str | None,
    lifetime: timedelta,
) -> LaunchDone:
    """Turn the platform's answer into a session.

    Args:
        session: a writing session; committed, also before the network is waited for.
        form: ``id_token`` and ``state``, or ``error`` and ``error_description``.
        cookie: the state that this browser kept in its cookie, None when it gave none back.
        base_url: address of the tool, without final slash.
        previous: token of the session that this browser had until now.
        lifetime: how long a session lasts without a new launch.

    Raises:
        LtiRefused: with the reason; no session was made.
        PlatformKeysUnavailable: the platform's keys cannot be read.
    """
    now = clock.now()
    attempt = find_attempt(session, form, cookie, now)
    registration = attempt.registration
    claims = _verified_claims(session, form, attempt, now)
    _check_deployment(session, registration, claims)
    message = read_message(claims, base_url=base_url)
    consume_attempt(session, attempt, now)
    done = _enter(session, registration, message, now, previous, lifetime)
    session.commit()
    log.info(
        "launch.accepted",
        registration_id=registration.id,
        course_id=done.course_id,
        person_id=done.person_id,
        role=str(message.role),
    )
    return done


def _verified_claims(
    session: Session, form: Mapping[str, str], attempt: LoginAttempt, now: datetime
) -> dict[str, Any]:
    token = form.get("id_token", "")
    kid = token_kid(token)
    # The login says which platform must have signed; the token has no say in that.
    registration = attempt.registration
    key = platform_key(session, registration.jwks_url, kid)
    if key is None:
        raise TokenDoubtful(Reason.KID_UNKNOWN)
    session.commit()
    claims = signed_claims(token, key)
    check_registered_claims(
        claims,
        issuer=registration.issuer,
        client_id=registration.client_id,
        nonce_hash=attempt.nonce_hash,
        now=now,
    )
    return claims


def _check_deployment(
    session: Session, registration: Registration, claims: Mapping[str, Any]
) -> None:
    named = deployment_of(claims)
    state = session.scalar(
        select(Deployment.state).where(
            Deployment.registration_id == registration.id, Deployment.deployment_id == named
        )
    )
    if state is None:
        raise DeploymentUnknown(Reason.DEPLOYMENT_UNKNOWN, deployment=named)
    if state != RegistrationState.ACTIVE:
        raise PlatformUnknown(Reason.DEPLOYMENT_INACTIVE)


def _enter(
    session: Session,
    registration: Registration,
    message: LaunchMessage,
    now: datetime,
    previous: str | None,
    lifetime: timedelta,
) -> LaunchDone:
    site = registration.site
    account = record_account(session, site, message, now)
    if account.suspended:
        raise EntryRefused(Reason.ACCOUNT_SUSPENDED)
    course = record_course(session, site, message, now)
    session.flush()
    _browser, token = create_session(
        session,
        account.person_id,
        {course.id: message.role},
        previous=previous,
        return_url=course_page(course, site),
        lifetime=lifetime,
    )
    return LaunchDone(token=token, course_id=course.id, person_id=account.person_id)

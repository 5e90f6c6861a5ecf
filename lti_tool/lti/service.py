"""From the platform's answer to a session, once.

``finish_launch`` finds the login that the answer belongs to, verifies the token, consumes the
login in one conditional UPDATE, so that of two identical posts one enters, and opens a session. The
network is never waited for inside a transaction. Rows 17, 25, 32 and 40 of spec/lti.md §4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.lti.arrivals import course_page, record_account, record_course
from lti_tool.lti.claims import LaunchMessage, deployment_of, read_message
from lti_tool.lti.deep_linking.service import keep_selection
from lti_tool.lti.deployments import accepted_deployment, touch
from lti_tool.lti.errors import AccountSuspended, Reason, TokenDoubtful
from lti_tool.lti.links import origins_of, record_link, record_services
from lti_tool.lti.logins import consume_attempt, find_attempt
from lti_tool.lti.models import LoginAttempt, Placement
from lti_tool.lti.validation import check_registered_claims, signed_claims, token_kid
from lti_tool.people.sessions import create_session
from lti_tool.platforms.keysets import platform_key
from lti_tool.platforms.models import Deployment, Registration

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LaunchDone:
    """A launch that became a session."""

    token: str
    """For the cookie of the session."""
    course_id: int
    person_id: int
    placement: Placement | None = None
    """What the activity was placed to show."""
    domain: str = ""
    """Code of the domain that it was placed for."""
    selection: str | None = None
    """Public identifier of the choice of content that the platform asks for."""


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
    deployment = accepted_deployment(session, registration, deployment_of(claims), now)
    message = read_message(claims, base_url=base_url, origins=origins_of(registration))
    consume_attempt(session, attempt, now)
    # Written together at the end: each query would otherwise write what precedes it first.
    with session.no_autoflush:
        done = _enter(session, deployment, message, now, previous, lifetime)
    touch(session, Registration, registration, now)
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


def _enter(
    session: Session,
    deployment: Deployment,
    message: LaunchMessage,
    now: datetime,
    previous: str | None,
    lifetime: timedelta,
) -> LaunchDone:
    registration = deployment.registration
    site = registration.site
    account = record_account(session, site, message, now)
    if account.suspended:
        raise AccountSuspended(Reason.ACCOUNT_SUSPENDED)
    course = record_course(session, site, message, now)
    record_services(session, registration, course, message, now)
    _browser, token = create_session(
        session,
        account.person_id,
        {course.id: message.role},
        previous=previous,
        return_url=course_page(course, site),
        lifetime=lifetime,
    )
    done = LaunchDone(token=token, course_id=course.id, person_id=account.person_id)
    activity, asked = message.activity, message.selection
    if asked is not None:
        kept = keep_selection(session, asked, account.person_id, deployment, course, now)
        return replace(done, selection=kept.public_id)
    if activity is not None:
        record_link(session, deployment, course, activity, message, now)
        return replace(done, placement=activity.placement, domain=activity.domain)
    return done

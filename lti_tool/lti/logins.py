"""A login attempt: begun for a registration, found again by its state, consumed once.

Owns the table ``login_attempt``: each row ties a state, a nonce, a registration and, by a cookie,
one browser. What the token says is read elsewhere (``validation``, ``claims``). Rows 16 to 22 of
spec/lti.md §4.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import cast

from sqlalchemy import Select, Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session, joinedload

from lti_tool import clock
from lti_tool.lti.adapter import AuthorizationRequest, authorization_request
from lti_tool.lti.errors import (
    CookieAbsent,
    LaunchOver,
    LoginUnfit,
    PlatformAnswered,
    PlatformClosed,
    PlatformSaid,
    PlatformUnknown,
    PlatformWaiting,
    Reason,
    TokenDoubtful,
)
from lti_tool.lti.models import LoginAttempt
from lti_tool.lti.storage import PlatformStorage, platform_storage
from lti_tool.lti.targets import is_ours, launch_url
from lti_tool.lti.texts import plain_text
from lti_tool.lti.validation import digest
from lti_tool.platforms.models import Registration, RegistrationState
from lti_tool.store.seldom import is_due

LOGIN_LIFETIME = timedelta(minutes=10)
"""Between the login and the post of its token."""
REMEMBERED_FOR = timedelta(days=1)
"""How long a finished login can still be told from an unknown one."""
MAX_PARAMETER = 8192
ATTEMPTS = cast(Table, LoginAttempt.__table__)
"""Written without the mapping, which each launch would pay for."""


def check_login(session: Session, params: Mapping[str, str], *, base_url: str) -> Registration:
    """Return the registration that a third-party-initiated login comes from; nothing is written.

    Raises:
        LoginUnfit: a parameter is missing, or the target is not an address of ours.
        PlatformUnknown: issuer or client not registered, or not active.
    """
    if any(len(value) > MAX_PARAMETER or "\x00" in value for value in params.values()):
        raise LoginUnfit(Reason.LOGIN_PARAMETER, "too long or unprintable")
    for name in ("iss", "login_hint", "target_link_uri"):
        if not params.get(name):
            raise LoginUnfit(Reason.LOGIN_PARAMETER, name)
    if not is_ours(params["target_link_uri"], base_url):
        raise LoginUnfit(Reason.TARGET_LOGIN)
    of_issuer = list(
        session.scalars(select(Registration).where(Registration.issuer == params["iss"]))
    )
    if not of_issuer:
        raise PlatformUnknown(Reason.ISSUER_UNKNOWN)
    asked = params.get("client_id")
    found = [known for known in of_issuer if asked in (None, "", known.client_id)]
    if len(found) != 1:
        raise PlatformUnknown(Reason.CLIENT_UNKNOWN)
    _check_active(found[0])
    return found[0]


def begin_login(
    session: Session,
    params: Mapping[str, str],
    *,
    base_url: str,
    storage_target: str | None = None,
) -> AuthorizationRequest:
    """Answer a login: remember its state and nonce, and say where to send the browser.

    Args:
        session: a writing session; committed.
        params: what the platform sent, by GET or POST.
        base_url: address of the tool, without final slash.
        storage_target: frame of the platform that will keep the proof; None: a cookie does.

    Raises:
        LtiRefused: as ``check_login``.
    """
    registration = check_login(session, params, base_url=base_url)
    request = authorization_request(registration, params, launch_url(base_url))
    now = clock.now()
    if is_due(session, "forget logins", timedelta(minutes=1), now):
        session.execute(delete(ATTEMPTS).where(ATTEMPTS.c.expires_at < now - REMEMBERED_FOR))
    session.execute(
        insert(ATTEMPTS).values(
            state_hash=digest(request.state),
            nonce_hash=digest(request.nonce),
            registration_id=registration.id,
            target_link_uri=params["target_link_uri"],
            storage_target=storage_target,
            created_at=now,
            expires_at=now + LOGIN_LIFETIME,
        )
    )
    session.commit()
    return request


def storage_of_login(
    session: Session, form: Mapping[str, str], now: datetime
) -> PlatformStorage | None:
    """Return where the platform keeps the proof of the login that an answer belongs to.

    None when a cookie does, when the login is over, or when the answer brings no token.
    """
    state = form.get("state", "")
    if not state or not form.get("id_token") or form.get("error"):
        return None
    attempt = session.scalar(
        select(LoginAttempt)
        .where(LoginAttempt.state_hash == digest(state), LoginAttempt.consumed_at.is_(None))
        .options(joinedload(LoginAttempt.registration))
    )
    if attempt is None or attempt.storage_target is None or attempt.expires_at <= now:
        return None
    return platform_storage(state, attempt.storage_target, attempt.registration.auth_login_url)


def find_attempt(
    session: Session, form: Mapping[str, str], cookie: str | None, now: datetime
) -> LoginAttempt:
    """Return the login that the answer belongs to, begun in this browser and still open.

    ``cookie`` is the state that this browser proved to hold, by its cookie or by the platform's
    storage.
    """
    state = form.get("state", "")
    error = form.get("error")
    if not state:
        if error:
            raise PlatformAnswered(Reason.PLATFORM_ERROR)
        raise TokenDoubtful(Reason.STATE_MISSING)
    attempt = session.scalar(_attempt_of(), {"state_hash": digest(state)})
    # Anyone can post an error here: its words are shown only to whoever began this login.
    ours = attempt is not None and hmac.compare_digest(digest(cookie or ""), attempt.state_hash)
    if error:
        said = plain_text(form.get("error_description"), 300) or plain_text(error, 100)
        if ours and said:
            raise PlatformSaid(Reason.PLATFORM_ERROR, said=said)
        raise PlatformAnswered(Reason.PLATFORM_ERROR)
    if attempt is None:
        raise LaunchOver(Reason.STATE_UNKNOWN)
    if attempt.consumed_at is not None:
        raise LaunchOver(Reason.STATE_USED)
    if attempt.expires_at <= now:
        raise LaunchOver(Reason.STATE_EXPIRED)
    if not ours:
        raise CookieAbsent(Reason.STATE_BROWSER)
    _check_active(attempt.registration)
    return attempt


@cache
def _attempt_of() -> Select[LoginAttempt]:
    """Return the query of a login by its state, built once: each launch would pay for it."""
    return (
        select(LoginAttempt)
        .where(LoginAttempt.state_hash == bindparam("state_hash"))
        .options(joinedload(LoginAttempt.registration).joinedload(Registration.site))
    )


def consume_attempt(session: Session, attempt: LoginAttempt, now: datetime) -> None:
    """Use the state and its nonce up; the database lets one of two parallel posts do it."""
    consumed = session.execute(
        update(ATTEMPTS)
        .where(ATTEMPTS.c.id == attempt.id, ATTEMPTS.c.consumed_at.is_(None))
        .values(consumed_at=now)
        .returning(ATTEMPTS.c.id)
    ).scalar()
    if consumed is None:
        raise LaunchOver(Reason.STATE_USED)


def _check_active(registration: Registration) -> None:
    if registration.state == RegistrationState.PENDING:
        raise PlatformWaiting(Reason.REGISTRATION_INACTIVE)
    if registration.state != RegistrationState.ACTIVE:
        raise PlatformClosed(Reason.REGISTRATION_INACTIVE)

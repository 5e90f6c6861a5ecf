"""Access tokens of a platform's services: asked with a signed assertion, kept until they expire.

Owns ``access_token``: one row for each registration and set of scopes, so that the token of one
registration never serves another (spec/lti.md §4, row 38). Moodle answers JSON as ``text/html``; its
errors are sentences, once not even valid JSON (``token-*.json``). 1EdTech Security Framework 1.0 §4.1.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.lti.services.errors import (
    AccessRefused,
    ClientUnknown,
    ClocksApart,
    KeySetUnread,
    KeyUnknown,
    ScopeRefused,
    ServiceAnswerUnfit,
    ServiceUnreachable,
)
from lti_tool.lti.services.wire import Answer
from lti_tool.platforms.models import AccessToken, Registration
from lti_tool.platforms.signatures import BACKDATED, sign

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
MARGIN = timedelta(seconds=60)
"""A token is not used in its last minute."""
ASSERTION_LIFE = timedelta(seconds=60)
TOKEN_LIFE = 3600
"""Seconds, when the platform does not say."""


@dataclass(frozen=True, slots=True)
class Granted:
    """A token and what it opens."""

    token: str = field(repr=False)
    scopes: tuple[str, ...]
    seconds: int = TOKEN_LIFE


def find_token(session: Session, registration_id: int, scopes: Sequence[str]) -> Granted | None:
    """Return the token kept for exactly these scopes, None when there is none or it ends soon."""
    row = session.scalar(
        select(AccessToken).where(
            AccessToken.registration_id == registration_id,
            AccessToken.scopes == _key(scopes),
            AccessToken.expires_at > clock.now() + MARGIN,
        )
    )
    return None if row is None else Granted(row.token, tuple(row.granted))


def token_request(session: Session, registration: Registration, scopes: Sequence[str]) -> bytes:
    """Return the form that asks for a token. The caller commits: a first key may have been made."""
    made = clock.now() - BACKDATED
    assertion = sign(
        session,
        {
            "iss": registration.client_id,
            "sub": registration.client_id,
            "aud": registration.token_url,
            "iat": int(made.timestamp()),
            "exp": int((made + BACKDATED + ASSERTION_LIFE).timestamp()),
            "jti": str(uuid.uuid4()),
        },
    )
    return urlencode(
        {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion,
            "scope": _key(scopes),
        }
    ).encode()


def read_token(answer: Answer, asked: Sequence[str]) -> Granted:
    """Return the token that the platform gave.

    Raises:
        ServiceFailed: the class says what to do.
    """
    if answer.status >= 500 or answer.status == 429:
        raise ServiceUnreachable(f"token endpoint: status {answer.status}")
    if answer.status == 404:
        raise KeySetUnread("token endpoint: status 404")
    if answer.status != 200:
        raise _refusal(answer)
    document = answer.document()
    token = document.get("access_token") if isinstance(document, dict) else None
    if not isinstance(token, str) or not token or "\n" in token or "\r" in token:
        raise ServiceAnswerUnfit("token endpoint: no access_token")
    scope = document.get("scope")
    # RFC 6749 §5.1: absent, it is what was asked.
    scopes = tuple(scope.split()) if isinstance(scope, str) else tuple(asked)
    if not set(scopes) & set(asked):
        raise ScopeRefused("none of the scopes was granted")
    return Granted(token, scopes, _seconds(document.get("expires_in")))


def keep_token(
    sessions: sessionmaker[Session], registration_id: int, scopes: Sequence[str], granted: Granted
) -> None:
    """Store a token in the place of the former one, and what it showed of the platform's settings."""
    expires = clock.now() + timedelta(seconds=granted.seconds)
    values = {"granted": list(granted.scopes), "token": granted.token, "expires_at": expires}
    try:
        with sessions.begin() as session:
            _drop(session, registration_id, scopes)
            session.add(AccessToken(registration_id=registration_id, scopes=_key(scopes), **values))
            registration = session.get_one(Registration, registration_id)
            others = set(registration.scopes or ()) - set(scopes)
            registration.scopes = sorted(others | set(granted.scopes))
    except IntegrityError:
        # Another worker kept one of its own a moment ago: both are good.
        return


def forget_token(
    sessions: sessionmaker[Session], registration_id: int, scopes: Sequence[str]
) -> None:
    """Drop the token that the platform no longer takes."""
    with sessions.begin() as session:
        _drop(session, registration_id, scopes)


def _drop(session: Session, registration_id: int, scopes: Sequence[str]) -> None:
    session.execute(
        delete(AccessToken).where(
            AccessToken.registration_id == registration_id, AccessToken.scopes == _key(scopes)
        )
    )


def _refusal(answer: Answer) -> AccessRefused:
    """Name a refusal by what Moodle wrote: a code of RFC 6749, or a sentence of its JWT library."""
    try:
        document = json.loads(answer.body)
        said = str(document.get("error", "")) if isinstance(document, dict) else ""
    except (ValueError, RecursionError):
        said = answer.body[:400].decode("utf-8", "replace")
    words = said.casefold()
    detail = f"token endpoint: status {answer.status}"
    if "invalid_client" in words or "unauthorized_client" in words:
        return ClientUnknown(detail)
    if "invalid_scope" in words:
        return ScopeRefused(detail)
    if "expired token" in words or "iat prior to" in words or "nbf prior to" in words:
        return ClocksApart(detail)
    if "signature" in words or "kid" in words or "key" in words:
        return KeyUnknown(detail)
    return AccessRefused(detail)


def _seconds(told: Any) -> int:
    try:
        seconds = int(told)
    except (TypeError, ValueError, OverflowError):
        return TOKEN_LIFE
    return min(max(seconds, 0), 24 * 3600)


def _key(scopes: Sequence[str]) -> str:
    return " ".join(sorted(scopes))

"""The public keys of the platforms (JWKS), fetched, kept, and fetched again with restraint.

Owns the table ``platform_key_set``. A warm launch asks nobody. A set is fetched again when a token
names an unknown key, at most once a minute however many tokens do, and once a day, so that a key
withdrawn by the platform is forgotten; when that fails the former set serves a week longer.
1EdTech Security Framework 1.0 §6.3; spec/lti.md §6.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from flask_babel import lazy_gettext as _
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.errors import PeerUnavailable
from lti_tool.platforms.fetching import FetchFailed, FetchRefused, Limits, fetch
from lti_tool.platforms.models import PlatformKeySet

log = structlog.get_logger(__name__)

RETRY_AFTER = timedelta(minutes=1)
FRESH_FOR = timedelta(days=1)
SERVES_FOR = timedelta(days=8)
LIMITS = Limits(total=15.0, size=256 * 1024)
PATIENCE, PAUSE = 8, 0.25
"""Turns and seconds given to a fetch that another request began."""
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
PUBLIC_MEMBERS = ("kty", "kid", "use", "alg", "n", "e")


class PlatformKeysUnavailable(PeerUnavailable):
    """The public keys of the platform could not be read, now or recently enough."""

    code = "LTI-KEYS-UNAVAILABLE"
    title = _("Moodle ne donne pas ses clés")
    message = _(
        "L’outil n’a pas pu lire les clés publiques du site Moodle : il ne peut pas vérifier que ce "
        "lancement vient bien de lui. Rien n’a été modifié. Attendez une minute, puis ouvrez à "
        "nouveau l’activité ; si cela continue, transmettez ce code à la coordination."
    )


def platform_key(session: Session, jwks_url: str, kid: str) -> dict[str, Any] | None:
    """Return the platform's public key named ``kid`` (a JWK), or None when it has none such.

    Commits the transaction of ``session`` before it waits for the network: a slow platform
    must not hold the database.

    Raises:
        PlatformKeysUnavailable: no set was ever read, or the last one is too old to trust.
    """
    now = clock.now()
    stored = _read(session, jwks_url)
    if stored.age(now) < FRESH_FOR and (known := stored.find(kid)):
        return known
    if _claim_fetch(session, jwks_url, now):
        try:
            document = fetch_key_set(jwks_url)
        except (FetchRefused, FetchFailed, ValueError) as error:
            log.warning("keys.fetch_failed", jwks_url=jwks_url, error=str(error))
        else:
            _keep(session, jwks_url, document, now)
            stored = _Stored(document, fetched_at=now, tried_at=now)
    elif stored.find(kid) is None or stored.age(now) >= SERVES_FOR:
        stored = _read_after_others(session, jwks_url, now)
    if stored.age(now) >= SERVES_FOR:
        raise PlatformKeysUnavailable("no key set recent enough")
    return stored.find(kid)


def fetch_key_set(jwks_url: str) -> dict[str, Any]:
    """Fetch a key set and keep only what is public in it.

    Returns:
        ``{"keys": [JWK, …]}``.

    Raises:
        FetchRefused, FetchFailed: the address may not be asked, or did not answer whole.
        ValueError: an answer that is not a key set.
    """
    answer = fetch(jwks_url, limits=LIMITS)
    if answer.status != 200:
        raise ValueError(f"status {answer.status}")
    try:
        return {"keys": [_public(key) for key in answer.json()["keys"]]}
    except (TypeError, KeyError, AttributeError):
        raise ValueError("not a key set") from None


def _public(key: dict[str, Any]) -> dict[str, str]:
    return {name: key[name] for name in PUBLIC_MEMBERS if isinstance(key.get(name), str)}


@dataclass(frozen=True, slots=True)
class _Stored:
    """What the table holds for one address."""

    document: dict[str, Any]
    fetched_at: datetime
    tried_at: datetime

    def age(self, now: datetime) -> timedelta:
        return now - self.fetched_at

    def find(self, kid: str) -> dict[str, Any] | None:
        return next((key for key in self.document["keys"] if key.get("kid") == kid), None)

    def being_fetched(self, now: datetime) -> bool:
        """Whether somebody asked a moment ago and has no answer yet."""
        asked = now - self.tried_at
        return self.fetched_at < self.tried_at and asked.total_seconds() < LIMITS.total


def _read(session: Session, jwks_url: str) -> _Stored:
    row = session.execute(
        select(PlatformKeySet.document, PlatformKeySet.fetched_at, PlatformKeySet.tried_at).where(
            PlatformKeySet.jwks_url == jwks_url
        )
    ).one_or_none()
    return _Stored(*row) if row is not None else _Stored({"keys": []}, NEVER, NEVER)


def _read_after_others(session: Session, jwks_url: str, now: datetime) -> _Stored:
    """Give a fetch that is under way a moment to end: a whole group often launches at once."""
    for _turn in range(PATIENCE):
        stored = _read(session, jwks_url)
        session.commit()
        if not stored.being_fetched(now):
            break
        time.sleep(PAUSE)
    return stored


def _claim_fetch(session: Session, jwks_url: str, now: datetime) -> bool:
    """Take the turn to fetch, for all processes; False when somebody did within the minute."""
    changed = session.execute(
        update(PlatformKeySet)
        .where(PlatformKeySet.jwks_url == jwks_url, PlatformKeySet.tried_at <= now - RETRY_AFTER)
        .values(tried_at=now)
        .returning(PlatformKeySet.id)
        .execution_options(synchronize_session=False)
    ).all()
    claimed = bool(changed) or _insert(session, jwks_url, now)
    session.commit()
    return claimed


def _insert(session: Session, jwks_url: str, now: datetime) -> bool:
    """Make the row of an address met for the first time; False when it exists."""
    row = {"jwks_url": jwks_url, "document": {"keys": []}, "fetched_at": NEVER, "tried_at": now}
    try:
        with session.begin_nested():
            session.execute(insert(PlatformKeySet).values(**row))
    except IntegrityError:
        return False
    return True


def _keep(session: Session, jwks_url: str, document: dict[str, Any], now: datetime) -> None:
    session.execute(
        update(PlatformKeySet)
        .where(PlatformKeySet.jwks_url == jwks_url)
        .values(document=document, fetched_at=now)
        .execution_options(synchronize_session=False)
    )
    session.commit()

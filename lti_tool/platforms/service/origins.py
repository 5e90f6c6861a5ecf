"""The origins of the registered platforms: who may frame the tool."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

import structlog
from sqlalchemy import URL, Engine, Select, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from lti_tool.platforms.models import Registration, RegistrationState, Site
from lti_tool.store import reading

KEPT_SECONDS = 1.0
"""What another process changed is seen after this at most; at once by what enters a frame."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What was read, and when it was asked."""

    asked_at: float = float("-inf")
    origins: tuple[str, ...] = ()


_known: dict[URL, _Reading] = {}
_changes = [0]
"""How often this process changed the sites: a reading begun before the last change is not kept."""
_lock = threading.Lock()


def frame_ancestors(session: Session, *, now: bool = False) -> tuple[str, ...]:
    """Return the origins of the sites, read a moment ago at most.

    They are read in a transaction of their own: that of the request may have begun before a site
    was accepted. It is asked for at the end of every answer, error pages included: when the
    database does not answer, the last known origins stand (none at worst, which frames nothing).

    Args:
        now: read them again, whatever is remembered.
    """
    engine = session.get_bind().engine
    known = _known.get(engine.url, _Reading())
    if not now and time.monotonic() - known.asked_at < KEPT_SECONDS:
        return known.origins
    while True:
        change, asked_at = _changes[0], time.monotonic()
        try:
            found = _Reading(asked_at, _read(engine))
        except SQLAlchemyError as error:
            log.warning("origins.unread", error=type(error).__name__)
            return known.origins
        if _keep(engine.url, found, change):
            return found.origins


def forget_origins() -> None:
    """Have the origins read again, after a site was added or changed."""
    with _lock:
        _changes[0] += 1
        _known.clear()


def origin_of(address: str) -> str:
    """Return scheme, host and port of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _read(engine: Engine) -> tuple[str, ...]:
    with reading(engine).connect() as connection:
        addresses = connection.scalars(_accepted()).all()
    return tuple(dict.fromkeys(origin_of(address) for address in addresses))


def _keep(database: URL, found: _Reading, change: int) -> bool:
    """Remember a reading unless a later one is; False when the sites changed while it was made."""
    with _lock:
        if _changes[0] != change:
            return False
        if found.asked_at >= _known.get(database, _Reading()).asked_at:
            _known[database] = found
        return True


@cache
def _accepted() -> Select[str]:
    """Return the query of the sites that may frame us: not those that only wait, or were refused."""
    closed = Site.registrations.any() & ~Site.registrations.any(
        Registration.state == RegistrationState.ACTIVE
    )
    return select(Site.base_url).where(~closed).order_by(Site.id)

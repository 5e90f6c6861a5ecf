"""The origins of the registered platforms: who may frame the tool."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

import structlog
from sqlalchemy import URL, Select, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from lti_tool.platforms.models import Registration, RegistrationState, Site

KEPT_SECONDS = 60.0
"""Another process learns of a new site after this at most."""

log = structlog.get_logger(__name__)
_known: dict[URL, tuple[float, tuple[str, ...]]] = {}


def frame_ancestors(session: Session) -> tuple[str, ...]:
    """Return the origins of the sites, from the memory of this process for at most a minute.

    It is asked for at the end of every answer, error pages included: when the database does not
    answer, the last known origins stand (none at all at worst, which frames nothing).
    """
    database = session.get_bind().engine.url
    read_at, origins = _known.get(database, (float("-inf"), ()))
    if time.monotonic() - read_at < KEPT_SECONDS:
        return origins
    try:
        addresses = session.scalars(_accepted()).all()
    except SQLAlchemyError as error:
        log.warning("origins.unread", error=type(error).__name__)
        return origins
    origins = tuple(dict.fromkeys(origin_of(address) for address in addresses))
    _known[database] = (time.monotonic(), origins)
    return origins


def _accepted() -> Select[str]:
    """Return the query of the sites that may frame us: not those that only wait, or were refused."""
    closed = Site.registrations.any() & ~Site.registrations.any(
        Registration.state == RegistrationState.ACTIVE
    )
    return select(Site.base_url).where(~closed).order_by(Site.id)


def forget_origins() -> None:
    """Have the origins read again, after a site was added or changed."""
    _known.clear()


def origin_of(address: str) -> str:
    """Return scheme, host and port of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"

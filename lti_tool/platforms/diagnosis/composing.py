"""The whole diagnosis of a site, from everything that can look at it."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session, sessionmaker

from lti_tool.platforms.diagnosis.asked import ask_site
from lti_tool.platforms.diagnosis.check import Check, Level
from lti_tool.platforms.diagnosis.stored import read_stored
from lti_tool.platforms.service.listing import find_site
from lti_tool.settings import Settings

Prober = Callable[[sessionmaker[Session], int, bool], list[Check]]
"""Takes the factory of sessions, Site.id, and whether the site may be asked now."""
ORDER = list(Level)
_probers: list[Prober] = []


def probe_with(*probers: Prober) -> None:
    """Have rooms further on add what they can see of a site."""
    _probers[:] = probers


def diagnose_site(
    sessions: sessionmaker[Session], settings: Settings, site_id: int, *, ask: bool
) -> list[Check]:
    """Return what is known of a site, what is wrong first; holds nothing while Moodle is waited for.

    Args:
        ask: ask the site now (some twenty seconds at worst for each thing); else from what is stored.

    Raises:
        NotFound: no such site.
    """
    with sessions() as session:
        find_site(session, site_id)
    checks = ask_site(sessions, settings, site_id) if ask else []
    with sessions() as session:
        checks += read_stored(settings, find_site(session, site_id))
    for prober in _probers:
        checks += prober(sessions, site_id, ask)
    return sorted(checks, key=lambda check: ORDER.index(check.level))

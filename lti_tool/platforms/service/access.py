"""Access to a site's web services: the client for its token, and what a check of it finds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.platforms.errors import AddressRefused, TokenMissing
from lti_tool.platforms.fetching import judged_connector
from lti_tool.platforms.findings import FindingText, describe
from lti_tool.platforms.models import Site
from lti_tool.platforms.service.sites import checked_address
from lti_tool.settings import Settings
from moodle_client import (
    READING,
    Finding,
    FindingCode,
    Function,
    MoodleClient,
    MoodleError,
    TransportOptions,
    probe,
)

NEEDED = (*READING, Function.GRADE_TREE)
"""The grade tree is what shows that the gradebook answer leaves items out."""
CHECK_SECONDS = 20.0
"""A person waits for the check: no answer of it may take longer."""
NOTED_EVERY = timedelta(hours=1)


def client_for(site: Site, settings: Settings) -> MoodleClient:
    """Return a client of the site with its token.

    Raises:
        TokenMissing: none was stored.
    """
    return client_with(site, read_timeout=settings.moodle_timeout)


def client_with(site: Site, **options: Any) -> MoodleClient:
    """Return a client of the site with its token, by the one road out.

    Args:
        **options: fields of ``TransportOptions``.

    Raises:
        TokenMissing: none was stored.
    """
    if not site.token:
        raise TokenMissing(f"site {site.id}")
    chosen = TransportOptions(**options, connector=judged_connector)
    return MoodleClient(site.base_url, site.token, options=chosen)


def check_site(session: Session, settings: Settings, site: Site) -> list[dict[str, Any]]:
    """Try the site's token now, store what is missing and return it (empty: nothing).

    Ends the caller's transaction before asking Moodle, so that nobody waits for its lock.

    Raises:
        TokenMissing: none was stored.
    """
    limit = min(settings.moodle_timeout, CHECK_SECONDS)
    client = client_with(
        site,
        connect_timeout=min(5.0, limit),
        read_timeout=limit,
        total_timeout=limit,
        retries=0,
    )
    token_set_at = site.token_set_at
    session.commit()
    with client:
        findings = _findings(client)
    session.refresh(site)
    if site.token_set_at == token_set_at:
        # Else a newer token came meanwhile, and this check says nothing about it.
        site.check_findings = findings
        site.checked_at = clock.now()
    session.commit()
    if not any(finding["code"] == FindingCode.NO_ANSWER for finding in findings):
        note_token_use(session, site.id)
    return findings


def note_token_use(session: Session, site_id: int) -> None:
    """Note that Moodle answered a call made with the site's token, at most hourly. Commits."""
    now = clock.now()
    session.execute(
        update(Site)
        .where(
            Site.id == site_id,
            or_(Site.token_used_at.is_(None), Site.token_used_at <= now - NOTED_EVERY),
        )
        .values(token_used_at=now)
        .execution_options(synchronize_session=False)
    )
    session.commit()


def describe_check(site: Site) -> list[FindingText]:
    """Return what the last check found, in plain words, what stops everything first."""
    texts = [describe(finding) for finding in site.check_findings or ()]
    return sorted(texts, key=lambda text: not text.blocking)


def _findings(client: MoodleClient) -> list[dict[str, Any]]:
    try:
        return [_stored(finding) for finding in probe(client, NEEDED).findings]
    except MoodleError as error:
        return [_stored(Finding(FindingCode.NO_ANSWER, error=error))]


def _stored(finding: Finding) -> dict[str, Any]:
    """Return a finding as JSON: codes, names of rights, a plain address; no other text of Moodle."""
    return {
        "code": str(finding.code),
        "function": str(finding.function) if finding.function else None,
        "capabilities": list(finding.capabilities),
        "error": finding.error.code if finding.error else None,
        "reason": finding.error.reason if finding.error else None,
        "address": _plain(finding.address),
    }


def _plain(address: str) -> str | None:
    """Return an address that a site gives itself, None when it is no plain address of a site."""
    try:
        return checked_address(address, https_only=False)
    except AddressRefused:
        return None

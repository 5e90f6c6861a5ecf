"""The checks of `ancrage doctor` that call the Moodle sites: clock, registrations, token."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import requests
from sqlalchemy import select

from lti_tool.cli.finding import Finding
from lti_tool.platforms.keysets import fetch_key_set
from lti_tool.platforms.models import RegistrationState, Site
from lti_tool.platforms.service import check_site, describe_check
from lti_tool.web.runtime import Runtime
from moodle_client import FindingCode

CLOCK_TOLERANCE = 5.0
"""Seconds: Moodle refuses an assertion dated in the future, without tolerance."""
MISSING = frozenset({FindingCode.MISSING_FUNCTION, FindingCode.MISSING_CAPABILITY})
"""Of a site where much can be read, what makes a part of the work impossible."""


def look_at_sites(parts: Runtime) -> list[Finding]:
    """Return what every registered site says of itself and of our access to it."""
    found: list[Finding] = []
    with parts.sessions() as session:
        sites = list(session.scalars(select(Site).order_by(Site.id)))
        if not sites:
            return [
                Finding(
                    "warning",
                    "sites",
                    "no Moodle site is registered",
                    "run `ancrage site add`, or use the page « Sites Moodle »",
                )
            ]
        for site in sites:
            found += [*_registrations(site), *_clock(site)]
            if not site.token:
                found.append(
                    Finding(
                        "problem",
                        site.base_url,
                        "no web-service token is stored",
                        "create one in Moodle and store it on the page « Sites Moodle »",
                    )
                )
                continue
            check_site(session, parts.settings, site)
            findings = describe_check(site)
            found += [
                Finding(
                    "problem" if text.blocking or text.code in MISSING else "warning",
                    site.base_url,
                    f"{text.missing} {text.effect}".strip(),
                    str(text.remedy),
                )
                for text in findings
            ]
            if not findings:
                found.append(
                    Finding(
                        "ok",
                        site.base_url,
                        "the token has every function and capability that is needed",
                    )
                )
    return found


def _registrations(site: Site) -> Iterator[Finding]:
    for registration in site.registrations:
        subject = f"{site.base_url} client {registration.client_id}"
        if registration.state != RegistrationState.ACTIVE:
            yield Finding(
                "warning",
                subject,
                f"is {registration.state}",
                "approve it on the page « Sites Moodle »",
            )
        try:
            keys = fetch_key_set(registration.jwks_url)
        except (requests.RequestException, ValueError) as error:
            yield Finding(
                "problem",
                subject,
                f"the key set cannot be read: {error}",
                f"open {registration.jwks_url} from this machine",
            )
        else:
            yield Finding("ok", subject, f"{len(keys['keys'])} signing key(s)")
        for deployment in registration.deployments:
            if deployment.state != RegistrationState.ACTIVE:
                yield Finding(
                    "warning",
                    subject,
                    f"deployment {deployment.deployment_id} is {deployment.state}",
                    "approve it on the page « Sites Moodle »",
                )


def _clock(site: Site) -> Iterator[Finding]:
    try:
        answer = requests.head(
            site.base_url + "/mod/lti/certs.php", timeout=10, allow_redirects=False
        )
        theirs = parsedate_to_datetime(answer.headers["Date"])
    except (requests.RequestException, KeyError, ValueError):
        return
    ahead = (datetime.now(UTC) - theirs).total_seconds()
    if abs(ahead) > CLOCK_TOLERANCE:
        yield Finding(
            "problem",
            "clock",
            f"this machine and {site.base_url} are {abs(ahead):.0f} s apart",
            "set both by NTP: launches and tokens are dated",
        )
    else:
        yield Finding("ok", "clock", f"agrees with {site.base_url}")

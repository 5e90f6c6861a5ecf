"""The cookies of a login: one for each state, and a probe that tells whether cookies work here.

The tool is shown in a frame of another site. Its cookies are then ``SameSite=None; Secure;
Partitioned``: kept apart for each platform, accepted by browsers that refuse third-party cookies
otherwise. The session's own cookie is Flask's (``app``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response

from lti_tool.lti.validation import digest
from lti_tool.settings import Settings

PROBE = "ancrage_cookies"
PROBE_SECONDS = 180 * 24 * 3600


def kept_state(cookies: Mapping[str, str], state: str, settings: Settings) -> str | None:
    """Return what this browser kept for ``state``, None when it kept nothing."""
    return cookies.get(_state_cookie(state, settings))


def keep_state(response: Response, state: str, seconds: int, settings: Settings) -> None:
    """Bind a login to this browser."""
    response.set_cookie(
        _state_cookie(state, settings),
        state,
        max_age=seconds,
        httponly=True,
        **_attributes(settings),
    )


def forget_state(response: Response, state: str, settings: Settings) -> None:
    """Remove the cookie of a login that is over."""
    response.delete_cookie(_state_cookie(state, settings), httponly=True, **_attributes(settings))


def probe_works(cookies: Mapping[str, str]) -> bool:
    """Whether this browser gives our cookies back."""
    return PROBE in cookies


def set_probe(response: Response, settings: Settings) -> None:
    """Set the probe. The page's script reads it, so it is not ``HttpOnly``; it says nothing."""
    response.set_cookie(PROBE, "1", max_age=PROBE_SECONDS, **_attributes(settings))


def _state_cookie(state: str, settings: Settings) -> str:
    # Over https the prefix makes browsers refuse a cookie that a neighbouring host would plant.
    prefix = "__Host-" if settings.base_url.startswith("https://") else ""
    return f"{prefix}ancrage_login_{digest(state)[:16]}"


def _attributes(settings: Settings) -> dict[str, Any]:
    cross_site = settings.cross_site_cookies
    return {
        "path": "/",
        "secure": cross_site,
        "samesite": "None" if cross_site else "Lax",
        "partitioned": cross_site,
    }

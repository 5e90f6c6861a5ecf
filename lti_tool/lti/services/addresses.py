"""Which addresses of a platform may be called: its own, and no other (spec/lti.md §4, row 37).

Service addresses come from launches, from answers and from ``Link`` headers; an access token is sent
to none of them before its origin was found to be that of the registration.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlencode, urlsplit, urlunsplit

from lti_tool.lti.services.errors import ServiceAddressRefused
from lti_tool.lti.targets import is_at, origin

_UNFIT = re.compile(r"[\x00-\x20\x7f\\]")


def check_address(address: str, *known: str) -> str:
    """Return ``address`` when it shares its origin with one of the ``known`` ones.

    Raises:
        ServiceAddressRefused: it does not.
    """
    if not is_at(address, {origin(one) for one in known}):
        raise ServiceAddressRefused("another origin")
    return address


def with_query(address: str, **values: str) -> str:
    """Return ``address`` with parameters added to its query, which stays as given."""
    parts = _split(address)
    query = "&".join(filter(None, (parts.query, urlencode(values))))
    return urlunsplit(parts._replace(query=query))


def below(address: str, step: str) -> str:
    """Return ``address`` with a step added to its path, before the query (AGS 2.0 §3.4)."""
    parts = _split(address)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{step}"))


def _split(address: str) -> SplitResult:
    if _UNFIT.search(address):
        raise ServiceAddressRefused("characters")
    try:
        return urlsplit(address)
    except ValueError:
        raise ServiceAddressRefused("not an address") from None

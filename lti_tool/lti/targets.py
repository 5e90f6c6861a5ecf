"""Which addresses are trusted: those of the tool, and those of the platform that a launch names.

A launch may aim at an address of ours only; anything else would be an open redirect (spec/lti.md §4,
row 22). The tool calls, and posts its selection to, the platform of the registration only (rows 26
and 37). Pure decisions.
"""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

MAX_ADDRESS = 1000
LAUNCH_PATH = "/lti/launch"
_PORTS = {"http": 80, "https": 443}


def launch_url(base_url: str) -> str:
    """Return the address that receives the answer of the platform (``redirect_uri``)."""
    return base_url + LAUNCH_PATH


def is_ours(uri: object, base_url: str) -> bool:
    """Whether ``uri`` is exactly an address that the tool gave to the platforms.

    Addresses are compared as text with the few that exist, not taken apart: no trick with user
    names, backslashes, case or dots can make a foreign address look like ours.
    """
    return uri == launch_url(base_url)


def origin(address: str) -> str:
    """Return scheme, host and port of a web address, in one form; empty when it has none.

    ``https://Moodle.test:443/x`` gives ``https://moodle.test``. An address with a user name, or
    with letters that browsers and libraries read in different ways, has no origin.
    """
    if not address.isascii() or not address.isprintable() or set(address) & set(' "<>\\^`{|}'):
        return ""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return ""
    host = parts.hostname or ""
    if parts.scheme not in _PORTS or not host or "@" in parts.netloc or "%" in parts.netloc:
        return ""
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}" + ("" if port in (None, _PORTS[parts.scheme]) else f":{port}")


def is_at(address: object, origins: Collection[str]) -> bool:
    """Whether ``address`` is a web address at one of ``origins`` (as ``origin`` writes them)."""
    if not isinstance(address, str) or not 0 < len(address) <= MAX_ADDRESS or "#" in address:
        return False
    found = origin(address)
    return found != "" and found in origins

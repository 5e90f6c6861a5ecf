"""The addresses of the tool that a launch may aim at; anything else would be an open redirect.

Pure decision; spec/lti.md §4, row 22.
"""

from __future__ import annotations

LAUNCH_PATH = "/lti/launch"


def launch_url(base_url: str) -> str:
    """Return the address that receives the answer of the platform (``redirect_uri``)."""
    return base_url + LAUNCH_PATH


def is_ours(uri: object, base_url: str) -> bool:
    """Whether ``uri`` is exactly an address that the tool gave to the platforms.

    Addresses are compared as text with the few that exist, not taken apart: no trick with user
    names, backslashes, case or dots can make a foreign address look like ours.
    """
    return uri == launch_url(base_url)

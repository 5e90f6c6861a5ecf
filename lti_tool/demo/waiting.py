"""Waiting for an address of the demonstration to answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.error import URLError
from urllib.request import urlopen

from lti_tool.errors import ConfigurationError

PATIENCE = 60.0
"""Seconds given to a process before saying that it does not start."""


def wait_for_answer(address: str, check: Callable[[], None] = lambda: None) -> None:
    """Return once ``address`` answers.

    Args:
        address: what to ask.
        check: called before each attempt; raises when waiting has become pointless.

    Raises:
        ConfigurationError: no answer within ``PATIENCE``.
    """
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit:
        check()
        try:
            with urlopen(address, timeout=5):  # noqa: S310  # our own address
                return
        except (URLError, TimeoutError, ConnectionError):
            time.sleep(0.05)
    raise ConfigurationError(f"{address} did not answer within {PATIENCE:.0f} s")

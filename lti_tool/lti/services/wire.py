"""One exchange with a platform's server, by the one road out (``platforms.fetching``).

The sentence of the status line is dropped on purpose: Moodle repeats in it the body of a score that
it refuses (``ags-score-error-not-enrolled.json``), and it must not reach a log.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from lti_tool.lti.services.errors import (
    ServiceAddressRefused,
    ServiceAnswerUnfit,
    ServiceOutOfReach,
    ServiceUnreachable,
)
from lti_tool.lti.services.links import parse_links
from lti_tool.platforms.fetching import FetchFailed, FetchRefused, Limits, fetch

LIMITS = Limits(connect=5.0, read=60.0, total=120.0, size=32 * 1024 * 1024)
"""Moodle reads a whole course before it answers; a roster of 2,000 people is 1 MB."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the platform answered."""

    status: int
    body: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    address: str = field(default="", repr=False)

    def document(self) -> Any:
        """Return the JSON of the body, whatever its ``Content-Type``.

        Raises:
            ServiceAnswerUnfit: it is none.
        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise ServiceAnswerUnfit(f"status {self.status}, not JSON") from None

    def next_address(self) -> str | None:
        """Return where the next page is, None on the last one."""
        link = parse_links(self.headers.get("Link", "")).get("next")
        return urljoin(self.address, link) if link else None


def exchange(
    method: str, address: str, *, headers: Mapping[str, str], body: bytes | None = None
) -> Answer:
    """Send one request by the one road out and return the answer, whatever its status.

    Raises:
        ServiceUnreachable: no whole answer in time.
        ServiceOutOfReach: the address leads to a network that the settings do not open.
        ServiceAddressRefused: it is no address that a platform has.
    """
    try:
        answer = fetch(address, method=method, headers=headers, data=body, limits=LIMITS)
    except FetchRefused as error:
        if error.reason == "private":
            raise ServiceOutOfReach(error.reason) from None
        raise ServiceAddressRefused(error.reason) from None
    except FetchFailed as error:
        raise ServiceUnreachable(error.reason) from None
    return Answer(answer.status, answer.body, answer.headers, address)

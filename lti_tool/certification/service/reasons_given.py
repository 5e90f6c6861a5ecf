"""The reason that a person gives with a decision: present where needed, storable, of fit length."""

from __future__ import annotations

from lti_tool.certification.errors import ReasonMissing, ReasonTooLong

REASON_LENGTH = 1000


def checked_reason(reason: str, *, needed: bool) -> str:
    """Return the reason as it is stored.

    Raises:
        ReasonMissing: it is needed and says nothing.
        ReasonTooLong: it is longer than what is kept.
    """
    reason = reason.replace("\x00", "").replace("\r\n", "\n").strip()
    if needed and not reason:
        raise ReasonMissing
    if len(reason) > REASON_LENGTH:
        raise ReasonTooLong
    return reason

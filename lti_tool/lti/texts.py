"""Names that a platform gives, as they can be stored and shown. Pure."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"\s+")
_HIDDEN = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Marks that reorder what follows them: a name must not rearrange the page around it."""


def plain_text(value: object, limit: int) -> str:
    """Return a name as it can be stored and shown: NFC, one line, at most ``limit`` characters.

    Anything but text gives an empty text. Markup is kept as letters: templates escape it.
    """
    if not isinstance(value, str):
        return ""
    # Cut first: to compose a long run of accents takes a time that grows with its square.
    composed = unicodedata.normalize("NFC", _HIDDEN.sub("", value[: 4 * limit]))
    visible = "".join(
        " " if unicodedata.category(letter) in ("Cc", "Cs") else letter for letter in composed
    )
    return _SPACES.sub(" ", visible).strip()[:limit].rstrip()

"""The ``Link`` header (RFC 8288), also as Moodle's gradebook writes it.

There the relation stands between typographic quotes, whose UTF-8 bytes HTTP libraries read as Latin-1,
and addresses carry HTML entities (``ags-lineitems-page-*.json``). The case of addresses is kept.
"""

from __future__ import annotations

import re

_LINK = re.compile(r"<([^<>]*)>((?:\s*;\s*[^;,<]+)*)")
_RELATION = re.compile(r';\s*rel\s*=\s*["“”]?([^"“”;,]+)["“”]?', re.IGNORECASE)


def parse_links(header: str) -> dict[str, str]:
    """Return the address of each relation of a ``Link`` header; relations in lower case."""
    text = _as_utf8(header)
    found: dict[str, str] = {}
    for address, parameters in _LINK.findall(text):
        relation = _RELATION.search(parameters)
        if relation is None:
            continue
        for name in relation[1].lower().split():
            found.setdefault(name, address.strip().replace("&amp;", "&"))
    return found


def _as_utf8(header: str) -> str:
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header

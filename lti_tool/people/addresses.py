"""Where a form may lead afterwards: a page of this tool, never another site."""

from __future__ import annotations

from urllib.parse import urlsplit


def local_path(asked: str | None, default: str) -> str:
    """Return ``asked`` when it is a path of this tool, else ``default``.

    ``//host``, ``/\\host`` and control characters are refused: browsers read them as addresses of
    other sites.
    """
    if not asked or not asked.startswith("/") or asked.startswith(("//", "/\\")):
        return default
    if any(sign < " " or sign == "\\" for sign in asked):
        return default
    try:
        parts = urlsplit(asked)
    except ValueError:
        return default
    return default if parts.scheme or parts.netloc else asked

"""Whom this machine believes about a name: the public authorities, and those that a file adds."""

from __future__ import annotations

import ssl
from functools import lru_cache
from pathlib import Path

import requests
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.util.ssl_ import create_urllib3_context


def tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """Return what every connection of this process verifies certificates with.

    The public authorities are those of ``requests`` (a bundle named in REQUESTS_CA_BUNDLE
    included). Files are read once: a changed one is taken at the next start.

    Args:
        ca_file: certificates of more authorities, in PEM form.

    Raises:
        OSError: a file cannot be read any more.
    """
    return _context(_public_authorities(), ca_file)


@lru_cache(maxsize=8)
def _context(public: str, ca_file: Path | None) -> ssl.SSLContext:
    context = create_urllib3_context()
    if Path(public).is_dir():
        context.load_verify_locations(capath=public)
    else:
        context.load_verify_locations(cafile=public)
    if ca_file is not None:
        context.load_verify_locations(cafile=ca_file)
    return context


def _public_authorities() -> str:
    with requests.Session() as session:
        named = session.merge_environment_settings("https://", {}, True, True, None)["verify"]
    return named if isinstance(named, str) else DEFAULT_CA_BUNDLE_PATH

"""Signing with the tool's own key: client assertions, deep linking responses.

Reading a PEM costs forty times the signature itself (spec/lti.md §2), so each process keeps the
keys that it has loaded. 1EdTech Security Framework 1.0 §4.1.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from sqlalchemy.orm import Session

from lti_tool.platforms.keys import ALGORITHM, signing_key

BACKDATED = timedelta(seconds=5)
"""Moodle refuses an ``iat`` in its future without any tolerance."""


def sign(session: Session, claims: Mapping[str, Any]) -> str:
    """Return ``claims`` as a JWT (RS256, with its ``kid``) signed by the key that signs now.

    Makes the first key when there is none; the caller commits.
    """
    key = signing_key(session)
    if key.private_pem is None:
        raise ValueError(f"tool key {key.id} is gone")
    private = _loaded(key.private_pem)
    return jwt.encode(dict(claims), private, algorithm=ALGORITHM, headers={"kid": key.kid})


@lru_cache(maxsize=8)
def _loaded(pem: str) -> RSAPrivateKey:
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("the tool signs with RSA keys")
    return key

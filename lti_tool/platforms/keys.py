"""The tool's own key pairs: they sign client assertions and deep linking responses.

Owns making a key, which one signs, rotation, and the public set (JWKS) that platforms fetch. The
private part is encrypted at rest and never leaves this module except to sign. 1EdTech Security
Framework 1.0 §6.2 and §6.3; spec/lti.md §4, row 35.
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.platforms.models import KeyState, ToolKey

KEY_BITS = 2048
ALGORITHM = "RS256"


def signing_key(session: Session) -> ToolKey:
    """Return the key that signs now, made on first need. The caller commits."""
    found = session.scalar(
        select(ToolKey).where(ToolKey.state == KeyState.ACTIVE).order_by(ToolKey.id.desc()).limit(1)
    )
    return found if found is not None else _make_key(session)


def rotate_keys(session: Session) -> ToolKey:
    """Make a new key sign from now on; the former ones stay in the public set. The caller commits.

    A platform that cached the set fetches it again when it meets the new ``kid`` (Moodle does when
    a signature does not verify), and what was signed a moment ago still verifies.
    """
    session.execute(
        update(ToolKey).where(ToolKey.state == KeyState.ACTIVE).values(state=KeyState.RETIRED)
    )
    return _make_key(session)


def key_set(session: Session) -> dict[str, list[dict[str, Any]]]:
    """Return the public set of the tool, newest key first: next, active and retired ones."""
    keys = session.scalars(select(ToolKey).order_by(ToolKey.id.desc()))
    return {"keys": [key.public_jwk for key in keys]}


def public_key(session: Session, kid: str) -> dict[str, Any] | None:
    """Return the public JWK of one ``kid``, for platforms that take one key, or None."""
    return session.scalar(select(ToolKey.public_jwk).where(ToolKey.kid == kid))


def _make_key(session: Session) -> ToolKey:
    private = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    jwk = RSAAlgorithm.to_jwk(private.public_key(), as_dict=True)
    public = {"kty": "RSA", "n": jwk["n"], "e": jwk["e"]}
    kid = _thumbprint(public)
    key = ToolKey(
        kid=kid,
        private_pem=private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode(),
        public_jwk=public | {"kid": kid, "use": "sig", "alg": ALGORITHM},
        state=KeyState.ACTIVE,
        created_at=clock.now(),
    )
    session.add(key)
    session.flush()
    return key


def _thumbprint(public: dict[str, str]) -> str:
    """Return the JWK thumbprint (RFC 7638): the same key always has the same ``kid``."""
    canonical = json.dumps(public, separators=(",", ":"), sort_keys=True)
    digest = hashlib.sha256(canonical.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")

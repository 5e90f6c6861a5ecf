"""The tool's own key pairs: they sign client assertions and deep linking responses.

Owns making a key, which one signs, and the public set (JWKS) that platforms fetch; their turns and
their end are in ``key_turns``. The private part is encrypted at rest and never leaves this module
except to sign. 1EdTech Security Framework 1.0 §6.2 and §6.3; spec/lti.md §4, row 35.
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.platforms.models import KeyState, ToolKey

KEY_BITS = 2048
ALGORITHM = "RS256"
PUBLISHED = (KeyState.NEXT, KeyState.ACTIVE, KeyState.RETIRED)


def signing_key(session: Session) -> ToolKey:
    """Return the key that signs now, made on first need. The caller commits."""
    found = key_in_state(session, KeyState.ACTIVE)
    return found if found is not None else make_key(session, KeyState.ACTIVE)


def key_set(session: Session) -> dict[str, list[dict[str, Any]]]:
    """Return the public set of the tool, newest key first: next, active and retired ones."""
    keys = session.scalars(
        select(ToolKey.public_jwk).where(ToolKey.state.in_(PUBLISHED)).order_by(ToolKey.id.desc())
    )
    return {"keys": list(keys)}


def public_key(session: Session, kid: str) -> dict[str, Any] | None:
    """Return the public JWK of one ``kid``, for platforms that take one key, or None."""
    return session.scalar(
        select(ToolKey.public_jwk).where(ToolKey.kid == kid, ToolKey.state.in_(PUBLISHED))
    )


def key_in_state(session: Session, state: KeyState) -> ToolKey | None:
    """Return the key that is next, or the one that signs: the database holds at most one of each."""
    return session.scalar(select(ToolKey).where(ToolKey.state == state))


def make_key(session: Session, state: KeyState) -> ToolKey:
    """Return a new key that is next or signs, or the one that another process made meanwhile."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    jwk = RSAAlgorithm.to_jwk(private.public_key(), as_dict=True)
    public = {"kty": "RSA", "n": jwk["n"], "e": jwk["e"]}
    kid = _thumbprint(public)
    moment = clock.now()
    key = ToolKey(
        kid=kid,
        private_pem=private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode(),
        public_jwk=public | {"kid": kid, "use": "sig", "alg": ALGORITHM},
        state=state,
        created_at=moment,
        activated_at=moment if state == KeyState.ACTIVE else None,
    )
    try:
        with session.begin_nested():
            session.add(key)
    except IntegrityError:
        if other := key_in_state(session, state):
            return other
        raise
    return key


def _thumbprint(public: dict[str, str]) -> str:
    """Return the JWK thumbprint (RFC 7638): the same key always has the same ``kid``."""
    canonical = json.dumps(public, separators=(",", ":"), sort_keys=True)
    digest = hashlib.sha256(canonical.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")

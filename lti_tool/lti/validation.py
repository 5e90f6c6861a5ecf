"""Whether an id_token really comes from the platform, is for us, and is of this moment.

Owns the signature and the registered claims (RFC 7519, OpenID Connect Core §3.1.3.7, 1EdTech
Security Framework 1.0 §5.1.3); what LTI adds is read in ``claims``. No clock, no database, no
network: the caller brings the key and the time. ``PyJWT`` verifies the signature, with RS256 and
the platform's own key and nothing that the token itself proposes (``jwk``, ``jku``, ``x5u``).
Rows 1 to 15 of spec/lti.md §4.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import RSAAlgorithm

from lti_tool.lti.errors import (
    ClocksDiffer,
    EntryRefused,
    LaunchOver,
    MessageUnfit,
    Reason,
    TokenDoubtful,
)

ALGORITHM = "RS256"
LEEWAY = timedelta(seconds=30)
"""How far the platform's clock may be from ours."""
MAX_AGE = timedelta(minutes=5)
"""How long ago a token may have been made: Moodle posts it at once."""
MAX_LIFETIME = timedelta(hours=1)
MAX_BYTES = 64 * 1024
MIN_KEY_BITS = 2048
_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_RS256 = RSAAlgorithm(RSAAlgorithm.SHA256)
_REQUIRED = ("exp", "iat", "nonce", "iss", "aud")
_LATEST = 2**53


def token_kid(token: str) -> str:
    """Return the ``kid`` that the token names, once its form and its algorithm are right.

    Raises:
        TokenDoubtful: not a signed token of ours to verify; nothing is verified yet.
    """
    return _read(token).kid


def signed_claims(token: str, key: Mapping[str, Any]) -> dict[str, Any]:
    """Return the claims of a token whose signature ``key`` (a JWK of the platform) verifies.

    Raises:
        TokenDoubtful: the form of the token is not right, the key is not one for RS256, or did not
            sign this token.
    """
    read, public = _read(token), _public_key(key)
    if not _RS256.verify(read.signed, public, read.signature):
        raise TokenDoubtful(Reason.SIGNATURE)
    try:
        return _object(read.payload)
    except (ValueError, RecursionError):
        raise TokenDoubtful(Reason.MALFORMED) from None


def check_registered_claims(
    claims: Mapping[str, Any], *, issuer: str, client_id: str, nonce_hash: str, now: datetime
) -> None:
    """Check who made the token, for whom, when, and in answer to which login.

    Args:
        claims: of a token whose signature was verified.
        issuer: ``iss`` of the registration, compared letter by letter.
        client_id: our name at that platform.
        nonce_hash: SHA-256 (hexadecimal) of the nonce sent with this state.
        now: the present moment.

    Raises:
        LtiRefused: with the reason.
    """
    for name in _REQUIRED:
        if name not in claims:
            raise TokenDoubtful(Reason.CLAIM_MISSING, name)
    if claims["iss"] != issuer:
        raise TokenDoubtful(Reason.ISSUER)
    _check_audience(claims, client_id)
    _check_times(claims, now.timestamp())
    nonce = claims["nonce"]
    if not isinstance(nonce, str) or not hmac.compare_digest(digest(nonce), nonce_hash):
        raise TokenDoubtful(Reason.NONCE)
    if claims.get("sub") in (None, ""):
        raise EntryRefused(Reason.ANONYMOUS)


def digest(secret: str) -> str:
    """Return what is stored of a state or a nonce: its SHA-256, in hexadecimal."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def _object(text: bytes) -> dict[str, Any]:
    """Return a JSON object in which no name stands twice: two readers could read two messages.

    Raises:
        ValueError: it is none.
    """
    found = json.loads(text, object_pairs_hook=_each_name_once)
    if not isinstance(found, dict):
        raise ValueError("not an object")  # noqa: TRY004  # the callers know one error
    return found


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name stands twice")
    return members


@dataclass(frozen=True, slots=True)
class _Token:
    """A token taken apart, of which nothing is proved yet."""

    kid: str
    signed: bytes
    payload: bytes
    signature: bytes


def _read(token: str) -> _Token:
    if not token:
        raise TokenDoubtful(Reason.NOTHING_POSTED)
    if len(token) > MAX_BYTES or not _COMPACT.fullmatch(token):
        raise TokenDoubtful(Reason.MALFORMED)
    head, payload, signature = (_decoded(part) for part in token.split("."))
    try:
        header = _object(head)
    except (ValueError, RecursionError):
        raise TokenDoubtful(Reason.MALFORMED) from None
    if header.get("alg") != ALGORITHM:
        raise TokenDoubtful(Reason.ALGORITHM)
    if "crit" in header or "b64" in header:
        raise TokenDoubtful(Reason.HEADER_CRITICAL)
    kid = header.get("kid")
    if not isinstance(kid, str) or not kid:
        raise TokenDoubtful(Reason.KID_MISSING)
    return _Token(kid, token.rpartition(".")[0].encode(), payload, signature)


def _decoded(part: str) -> bytes:
    """Return what a part says, when it is the one text that says it.

    The last letter may carry stray bits that base64url ignores: several texts would be the same
    signature.
    """
    raw = jwt.utils.base64url_decode(part) if len(part) % 4 != 1 else b""
    if jwt.utils.base64url_encode(raw).decode() != part:
        raise TokenDoubtful(Reason.MALFORMED)
    return raw


def _public_key(key: Mapping[str, Any]) -> RSAPublicKey:
    fit = (
        key.get("kty") == "RSA"
        and key.get("alg", ALGORITHM) == ALGORITHM
        and key.get("use", "sig") == "sig"
    )
    if not fit:
        raise TokenDoubtful(Reason.KEY_UNFIT)
    try:
        public = RSAAlgorithm.from_jwk({"kty": "RSA", "n": key["n"], "e": key["e"]})
    except (jwt.InvalidKeyError, ValueError, KeyError, TypeError, AttributeError):
        raise TokenDoubtful(Reason.KEY_UNFIT) from None
    if not isinstance(public, RSAPublicKey) or public.key_size < MIN_KEY_BITS:
        raise TokenDoubtful(Reason.KEY_UNFIT)
    return public


def _check_audience(claims: Mapping[str, Any], client_id: str) -> None:
    audience = claims["aud"]
    if isinstance(audience, str):
        audience = [audience]
    if not isinstance(audience, list) or client_id not in audience:
        raise TokenDoubtful(Reason.AUDIENCE)
    party = claims.get("azp")
    if party is None and len(audience) == 1:
        return
    if party != client_id:
        raise TokenDoubtful(Reason.AUTHORIZED_PARTY)


def _check_times(claims: Mapping[str, Any], now: float) -> None:
    leeway = LEEWAY.total_seconds()
    expires, issued = _moment(claims, "exp"), _moment(claims, "iat")
    starts = _moment(claims, "nbf") if "nbf" in claims else issued
    if max(issued, starts) > now + leeway:
        raise ClocksDiffer(Reason.NOT_YET)
    if expires <= now - leeway:
        raise LaunchOver(Reason.EXPIRED)
    if issued < now - leeway - MAX_AGE.total_seconds():
        raise LaunchOver(Reason.TOO_OLD)
    if not 0 < expires - issued <= MAX_LIFETIME.total_seconds():
        raise MessageUnfit(Reason.LIFETIME)


def _moment(claims: Mapping[str, Any], name: str) -> float:
    """Return a NumericDate; text, true, infinity and the like are none."""
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TokenDoubtful(Reason.CLAIM_TYPE, name)
    if not (abs(value) < _LATEST and math.isfinite(value)):
        raise TokenDoubtful(Reason.CLAIM_TYPE, name)
    return float(value)

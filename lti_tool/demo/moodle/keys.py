"""Keys: the platform's own RSA pair, and the tool's public keys as the platform fetches them."""

from __future__ import annotations

import hashlib
import json
import urllib.request
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

KeySet = dict[str, Any]

SITE_ZONE = timezone(timedelta(hours=1))
"""Time zone of the site, where Moodle prints moments."""


class PlatformKey:
    """The pair that signs id_tokens; kept in a file when a folder is given."""

    def __init__(self, private: rsa.RSAPrivateKey) -> None:
        self.private = private
        numbers = private.public_key().public_numbers()
        self.kid = hashlib.sha256(str(numbers.n).encode()).hexdigest()[:20]

    @classmethod
    def load(cls, path: Path | None) -> PlatformKey:
        """Read the pair from ``path``, or make it and write it there (0600)."""
        if path and path.is_file():
            key = serialization.load_pem_private_key(path.read_bytes(), password=None)
            if not isinstance(key, rsa.RSAPrivateKey):
                raise ValueError(f"{path} does not hold an RSA key")
            return cls(key)
        private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_bytes(
                private.private_bytes(
                    serialization.Encoding.PEM,
                    serialization.PrivateFormat.PKCS8,
                    serialization.NoEncryption(),
                )
            )
        return cls(private)

    def jwks(self) -> KeySet:
        """Return the public key set, with the members that Moodle writes."""
        jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.private.public_key()))
        key = {
            "kty": "RSA",
            "alg": "RS256",
            "kid": self.kid,
            "e": jwk["e"],
            "n": jwk["n"],
            "use": "sig",
        }
        return {"keys": [key]}

    def sign(self, claims: dict[str, Any]) -> str:
        """Return the claims as a signed RS256 token."""
        return jwt.encode(claims, self.private, algorithm="RS256", headers={"kid": self.kid})


class KeySetUnreachableError(Exception):
    """The tool's key set could not be fetched: an HTML page with status 404, as in Moodle."""


class AssertionRefusedError(Exception):
    """The tool's token does not hold; the text is what Moodle answers."""


class ToolKeys:
    """The tool's key set, cached, and fetched again when a signature does not verify."""

    def __init__(self, url: str, fetch: Callable[[str], KeySet] | None = None) -> None:
        self.url = url
        self._fetch = fetch or fetch_keyset
        self._cached: KeySet | None = None

    def verify(self, token: str, moment: datetime) -> dict[str, Any]:
        """Return the claims of a token signed by the tool, valid at ``moment``.

        Raises:
            AssertionRefusedError: with the sentence that Moodle gives.
            KeySetUnreachableError: the key set is needed and cannot be had.
        """
        kid = jwt.get_unverified_header(token).get("kid")
        if not kid:
            raise AssertionRefusedError("error/Error: kid must be provided in JWT header.")
        claims = self._signed(token, kid)
        issued, expires = claims.get("iat"), claims.get("exp")
        if issued is not None and issued > moment.timestamp():
            since = datetime.fromtimestamp(issued, SITE_ZONE).strftime("%Y-%m-%dT%H:%M:%S%z")
            raise AssertionRefusedError(f"Cannot handle token with iat prior to {since}")
        if expires is not None and expires <= moment.timestamp():
            raise AssertionRefusedError("Expired token")
        return claims

    def _signed(self, token: str, kid: str) -> dict[str, Any]:
        if self._cached is not None:
            try:
                return _decode(token, kid, self._cached)
            except AssertionRefusedError:
                pass  # the tool may have changed its keys: fetch them again
        self._cached = self._fetch(self.url)
        return _decode(token, kid, self._cached)


def _decode(token: str, kid: str, keyset: KeySet) -> dict[str, Any]:
    found = [key for key in keyset.get("keys", []) if key.get("kid") == kid]
    if not found:
        raise AssertionRefusedError('"kid" invalid, unable to lookup correct key')
    # Moodle looks at the signature alone here; times are checked above with its own sentences.
    options: Any = {f"verify_{name}": False for name in ("aud", "iss", "sub", "exp", "iat", "nbf")}
    try:
        return jwt.decode(token, jwt.PyJWK(found[0]), algorithms=["RS256"], options=options)
    except jwt.InvalidTokenError:
        raise AssertionRefusedError("Signature verification failed") from None


def fetch_keyset(url: str) -> KeySet:
    """Fetch a key set over HTTP.

    Raises:
        KeySetUnreachableError: no answer, or not a key set.
    """
    if not url.startswith(("http://", "https://")):
        raise KeySetUnreachableError(url)
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  # http(s) only, checked above
            return dict(json.load(answer))
    except (OSError, ValueError) as error:
        raise KeySetUnreachableError(url) from error

"""The platform keeps the proof of a login when the browser keeps no cookie (1EdTech, « LTI
postMessage Storage » 0.1 and « LTI Client Side postMessages » 0.1).

Owns ``lti_storage_target``, and the proof: a secret made from the state with our key, given to one
page only, which puts it in the platform's storage. The page that receives the platform's answer
gets it back from there and posts it from our own origin. State and token alone, copied to another
browser or posted by another site, are worth nothing without it. ``docs/decisions/0025``.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lti_tool.lti.validation import digest
from lti_tool.platforms.service.origins import origin_of

_FRAME = re.compile(r"_parent|[A-Za-z0-9][A-Za-z0-9_.-]{0,199}")


@dataclass(frozen=True, slots=True)
class PlatformStorage:
    """Where a page of ours finds the storage of the platform, and under which key."""

    target: str
    """``_parent``, or the name of a frame beside ours."""
    origin: str
    """The only origin spoken to, and listened to."""
    key: str


def storage_target(params: Mapping[str, str]) -> str | None:
    """Return the frame that a login names, None when it names none that can be one."""
    named = params.get("lti_storage_target", "")
    return named if _FRAME.fullmatch(named) else None


def platform_storage(state: str, target: str, auth_login_url: str) -> PlatformStorage:
    """Return where the proof of ``state`` is kept: at the origin that authorizes launches."""
    return PlatformStorage(
        target=target,
        origin=origin_of(auth_login_url),
        key=f"ancrage_login_{digest(state)[:32]}",
    )


def proof_of(state: str, key: str) -> str:
    """Return the secret that proves that a login was begun in this browser."""
    return hmac.digest(key.encode(), b"platform-storage:" + state.encode(), hashlib.sha256).hex()


def is_proof(given: str, state: str, keys: Sequence[str]) -> bool:
    """Whether ``given`` is the proof of ``state`` by one of our keys."""
    state = state.encode(errors="replace").decode()
    return any(
        hmac.compare_digest(given.encode(errors="replace"), proof_of(state, key).encode())
        for key in keys
    )

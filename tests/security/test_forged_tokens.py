"""Tokens that nothing proves: rows 1 to 10 of the security cases, each refused with its reason.

Every test goes through the door, as a browser would, and looks at what was left behind: a refusal
opens no session and writes no person.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization

from lti_tool import clock
from tests.security.forge import (
    KID,
    Door,
    compact,
    launch_claims,
    private_key,
    public_jwk,
    refused_with,
    sign,
)


def hmac_signed(claims: dict[str, Any]) -> str:
    """A token signed with HS256, the site's public key as the shared secret."""
    pem = (
        private_key()
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    unsigned = compact({"alg": "HS256", "typ": "JWT", "kid": KID}, claims).rpartition(".")[0]
    mac = hmac.digest(pem, unsigned.encode(), hashlib.sha256)
    return f"{unsigned}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def resigned_payload(claims: dict[str, Any]) -> str:
    """The signature of a right token under other claims."""
    header, _payload, signature = sign(claims).split(".")
    other = json.dumps(claims | {"sub": "2"}).encode()
    return f"{header}.{base64.urlsafe_b64encode(other).decode().rstrip('=')}.{signature}"


FORGERIES: list[tuple[str, Callable[[dict[str, Any]], str], str]] = [
    (
        "alg none, no signature",
        lambda c: compact({"alg": "none", "kid": KID}, c),
        "TOKEN-MALFORMED",
    ),
    ("alg none, a signature", lambda c: compact({"alg": "none", "kid": KID}, c, b"x"), "ALGORITHM"),
    ("alg None", lambda c: compact({"alg": "nOnE", "kid": KID}, c, b"x"), "ALGORITHM"),
    ("no alg", lambda c: compact({"kid": KID}, c, b"x"), "ALGORITHM"),
    ("HS256 with the public key", hmac_signed, "ALGORITHM"),
    ("RS512", lambda c: sign(c, algorithm="RS512"), "ALGORITHM"),
    ("PS256", lambda c: sign(c, algorithm="PS256"), "ALGORITHM"),
    ("no kid", lambda c: sign(c, headers={}), "KID-MISSING"),
    ("empty kid", lambda c: compact({"alg": "RS256", "kid": ""}, c, b"x"), "KID-MISSING"),
    ("kid a number", lambda c: compact({"alg": "RS256", "kid": 1}, c, b"x"), "KID-MISSING"),
    ("unknown kid", lambda c: sign(c, headers={"kid": "autre"}), "KID-UNKNOWN"),
    ("another key under our kid", lambda c: sign(c, key=private_key("intrus")), "SIGNATURE"),
    ("claims changed after signing", resigned_payload, "SIGNATURE"),
    (
        "own key in the header",
        lambda c: sign(
            c, key=private_key("intrus"), headers={"kid": KID, "jwk": public_jwk("intrus")}
        ),
        "SIGNATURE",
    ),
    (
        "own key set in the header",
        lambda c: sign(
            c,
            key=private_key("intrus"),
            headers={
                "kid": KID,
                "jku": "https://evil.test/jwks",
                "x5u": "https://evil.test/c.pem",
            },
        ),
        "SIGNATURE",
    ),
    (
        "critical header",
        lambda c: compact({"alg": "RS256", "kid": KID, "crit": ["b64"], "b64": False}, c, b"x"),
        "HEADER-CRITICAL",
    ),
    ("nothing", lambda _: "", "TOKEN-MISSING"),
    ("two parts", lambda c: sign(c).rpartition(".")[0], "TOKEN-MALFORMED"),
    ("four parts", lambda c: sign(c) + ".x", "TOKEN-MALFORMED"),
    ("padding", lambda c: sign(c) + "=", "TOKEN-MALFORMED"),
    ("a space", lambda c: sign(c) + " ", "TOKEN-MALFORMED"),
    ("not base64", lambda _: "é.é.é", "TOKEN-MALFORMED"),
    ("header a list", lambda c: compact([], c, b"x"), "TOKEN-MALFORMED"),  # type: ignore[arg-type]  # on purpose
    ("too long", lambda c: sign(c | {"name": "x" * 70_000}), "TOKEN-MALFORMED"),
]


@pytest.mark.parametrize(
    ("make", "code"), [row[1:] for row in FORGERIES], ids=[row[0] for row in FORGERIES]
)
def test_a_token_that_nothing_proves_opens_nothing(
    standing_door: Door, make: Callable[[dict[str, Any]], str], code: str
) -> None:
    answer = standing_door.launch(make=make)

    assert refused_with(answer, f"LTI-{code}")


def test_the_key_of_another_registered_site_opens_nothing(standing_door: Door) -> None:
    answer = standing_door.launch(
        make=lambda c: sign(c, key=private_key("autre"), headers={"kid": "cle-autre"})
    )

    assert refused_with(answer, "LTI-KID-UNKNOWN")


def test_another_registered_site_cannot_speak_for_this_one(standing_door: Door) -> None:
    state, nonce = standing_door.login(iss="http://autre.localhost:8082")
    claims = launch_claims(clock.now(), nonce)
    token = sign(claims, key=private_key("autre"), headers={"kid": "cle-autre"})

    assert refused_with(standing_door.post(state, token), "LTI-ISSUER")


@pytest.mark.parametrize(
    "issuer",
    [
        "http://moodle.localhost:8081/",
        "https://moodle.localhost:8081",
        "http://MOODLE.localhost:8081",
        "http://moodle.localhost",
        "http://moodle.localhost:8081 ",
        ["http://moodle.localhost:8081"],
    ],
)
def test_an_issuer_spelled_otherwise_is_another_issuer(standing_door: Door, issuer: object) -> None:
    assert refused_with(standing_door.launch({"iss": issuer}), "LTI-ISSUER")


@pytest.mark.parametrize(
    "audience", ["client-2", "client-1 ", [], ["client-2"], {"client-1": 1}, 1, True]
)
def test_a_token_for_somebody_else_is_not_for_us(standing_door: Door, audience: object) -> None:
    assert refused_with(standing_door.launch({"aud": audience}), "LTI-AUDIENCE")


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": ["client-1", "evil"]},
        {"aud": ["client-1", "evil"], "azp": "evil"},
        {"aud": "client-1", "azp": "evil"},
        {"aud": ["client-1"], "azp": "evil"},
        {"aud": ["client-1", "evil"], "azp": ["client-1"]},
    ],
)
def test_an_audience_of_several_needs_us_as_the_authorized_party(
    standing_door: Door, changes: dict[str, Any]
) -> None:
    assert refused_with(standing_door.launch(changes), "LTI-AZP")


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": ["client-1"]},
        {"aud": ["client-1"], "azp": "client-1"},
        {"aud": "client-1", "azp": "client-1"},
        {"aud": ["other", "client-1"], "azp": "client-1"},
    ],
)
def test_an_audience_that_names_us_anywhere_is_accepted(
    door: Door, changes: dict[str, Any]
) -> None:
    assert door.launch(changes).status_code == 303


def test_a_token_may_carry_a_key_that_nobody_looks_at(door: Door) -> None:
    answer = door.launch(make=lambda c: sign(c, headers={"kid": KID, "jwk": public_jwk("intrus")}))

    assert answer.status_code == 303

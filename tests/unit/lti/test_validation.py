"""The registered claims of an id_token: of when, in answer to what, for whom."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from lti_tool.lti.errors import LtiRefused
from lti_tool.lti.validation import check_registered_claims, digest, signed_claims
from tests.security.forge import KID, compact, public_jwk, sign

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
SECONDS = int(NOW.timestamp())


def check(**changes: Any) -> None:
    """Check a right set of claims with some changed; None removes one."""
    claims = {
        "iss": "https://moodle.example.test",
        "aud": "client-1",
        "sub": "41",
        "nonce": "une-fois",
        "iat": SECONDS,
        "exp": SECONDS + 60,
    } | changes
    check_registered_claims(
        {name: value for name, value in claims.items() if value is not None},
        issuer="https://moodle.example.test",
        client_id="client-1",
        nonce_hash=digest("une-fois"),
        now=NOW,
    )


def refusal(**changes: Any) -> str:
    with pytest.raises(LtiRefused) as refused:
        check(**changes)
    return refused.value.code


def test_a_right_token_is_accepted() -> None:
    check()


@pytest.mark.parametrize("name", ["exp", "iat", "nonce", "iss", "aud"])
def test_a_token_without_a_required_claim_is_refused(name: str) -> None:
    assert refusal(**{name: None}) == "LTI-CLAIM-MISSING"


def test_a_token_about_nobody_is_refused_as_anonymous() -> None:
    assert refusal(sub=None) == "LTI-ANONYMOUS"
    assert refusal(sub="") == "LTI-ANONYMOUS"


def test_a_token_stays_good_for_thirty_seconds_after_its_end() -> None:
    check(iat=SECONDS - 89, exp=SECONDS - 29)

    assert refusal(iat=SECONDS - 90, exp=SECONDS - 30) == "LTI-EXPIRED"


def test_a_token_made_ten_seconds_ahead_of_our_clock_is_accepted() -> None:
    check(iat=SECONDS + 10, exp=SECONDS + 70)


def test_a_token_made_further_ahead_says_that_clocks_differ() -> None:
    assert refusal(iat=SECONDS + 31, exp=SECONDS + 91) == "LTI-NOT-YET"


def test_a_token_that_starts_later_is_refused() -> None:
    check(nbf=SECONDS + 30)

    assert refusal(nbf=SECONDS + 31) == "LTI-NOT-YET"


def test_a_token_made_more_than_five_minutes_ago_is_refused_even_unexpired() -> None:
    check(iat=SECONDS - 330, exp=SECONDS + 60)

    assert refusal(iat=SECONDS - 331, exp=SECONDS + 60) == "LTI-TOO-OLD"


def test_a_token_cannot_live_longer_than_an_hour() -> None:
    check(exp=SECONDS + 3600)

    assert refusal(exp=SECONDS + 3601) == "LTI-LIFETIME"
    assert refusal(exp=SECONDS + 100 * 365 * 86400) == "LTI-LIFETIME"


def test_a_token_cannot_end_before_it_begins() -> None:
    assert refusal(iat=SECONDS + 10, exp=SECONDS + 5) == "LTI-LIFETIME"


@pytest.mark.parametrize(
    "value", [True, "1795298344", [], {}, float("inf"), float("nan"), 2**60, -(2**60)]
)
@pytest.mark.parametrize("name", ["exp", "iat", "nbf"])
def test_a_moment_that_is_no_number_is_refused(name: str, value: object) -> None:
    assert refusal(**{name: value}) == "LTI-CLAIM-TYPE"


def test_fractions_of_a_second_are_numbers_too() -> None:
    check(iat=SECONDS - 0.5, exp=SECONDS + 59.5)


@pytest.mark.parametrize("nonce", ["autre", "", "une-fois ", 1, ["une-fois"]])
def test_only_the_nonce_of_this_login_is_accepted(nonce: object) -> None:
    assert refusal(nonce=nonce) == "LTI-NONCE"


@pytest.mark.parametrize(
    "change",
    [
        {"kty": "oct", "k": "c2VjcmV0"},
        {"kty": "EC"},
        {"alg": "RS512"},
        {"alg": "HS256"},
        {"use": "enc"},
        {"n": "!!"},
        {"n": ""},
        {"n": 3},
        {"e": ""},
        {"e": None},
    ],
    ids=str,
)
def test_a_platform_key_that_is_not_for_rs256_verifies_nothing(change: dict[str, Any]) -> None:
    with pytest.raises(LtiRefused) as refused:
        signed_claims(sign({"sub": "41"}), public_jwk() | change)

    assert refused.value.code == "LTI-KEY-UNFIT"


def test_a_key_too_short_to_trust_verifies_nothing() -> None:
    token = compact({"alg": "RS256", "kid": KID}, {"sub": "41"}, b"x" * 128)

    with pytest.raises(LtiRefused) as refused:
        signed_claims(token, public_jwk("court", bits=1024))

    assert refused.value.code == "LTI-KEY-UNFIT"


def test_the_private_part_that_a_platform_would_leak_is_not_used() -> None:
    leaked = public_jwk() | {"d": "AQAB", "p": "AQAB"}

    assert signed_claims(sign({"sub": "41"}), leaked) == {"sub": "41"}

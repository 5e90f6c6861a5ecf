"""Cases that are not among the 43: what a platform, a neighbour or a curious person may still try."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.lti.errors import LtiRefused
from lti_tool.lti.models import LoginAttempt
from lti_tool.lti.validation import signed_claims
from lti_tool.people.models import Account
from lti_tool.platforms.models import Deployment, Registration
from tests.factories import make_site
from tests.security.forge import (
    KID,
    LAUNCH_URL,
    Door,
    compact,
    launch_claims,
    login_form,
    private_key,
    public_jwk,
    publish,
    refused_with,
    registration_of,
    sign,
)
from tests.security.test_login_state import right_token

ELSEWHERE = "http://autre.localhost:8082"


def signed_text(payload: str, header: str = f'{{"alg":"RS256","kid":"{KID}"}}') -> str:
    """A token whose parts are exactly these texts, signed as the site signs."""
    parts = [
        base64.urlsafe_b64encode(one.encode()).decode().rstrip("=") for one in (header, payload)
    ]
    signature = private_key().sign(".".join(parts).encode(), padding.PKCS1v15(), hashes.SHA256())
    return ".".join([*parts, base64.urlsafe_b64encode(signature).decode().rstrip("=")])


# 1 · the same name twice


@pytest.mark.parametrize("name", ["sub", "iss", "exp", "https://x.test/claim"])
def test_a_claim_that_stands_twice_is_refused(standing_door: Door, name: str) -> None:
    def twice(claims: dict[str, Any]) -> str:
        text = json.dumps(claims)
        return signed_text(f'{{"{name}": "2", "{name}": "3", {text[1:]}')

    assert refused_with(standing_door.launch(make=twice), "LTI-TOKEN-MALFORMED")


def test_a_header_that_stands_twice_is_refused(standing_door: Door) -> None:
    header = f'{{"alg":"none","alg":"RS256","kid":"{KID}"}}'

    answer = standing_door.launch(make=lambda c: signed_text(json.dumps(c), header))

    assert refused_with(answer, "LTI-TOKEN-MALFORMED")


def test_a_name_twice_inside_a_claim_is_refused(standing_door: Door) -> None:
    def twice(claims: dict[str, Any]) -> str:
        return signed_text(json.dumps(claims).replace('"id": "2"', '"id": "2", "id": "3"'))

    assert refused_with(standing_door.launch(make=twice), "LTI-TOKEN-MALFORMED")


# 2 · the same parameter twice


@pytest.mark.parametrize("name", list(login_form()))
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_parameter_of_the_login_that_comes_twice_is_refused(
    standing_door: Door, name: str, method: str
) -> None:
    form = {key: [value] for key, value in login_form().items()}
    form[name] *= 2
    sent = {"query_string": form} if method == "GET" else {"data": form}

    answer = standing_door.client.open("/lti/login", method=method, **sent)

    assert refused_with(answer, "LTI-PARAMETER-TWICE")


@pytest.mark.parametrize("name", ["state", "id_token", "error"])
def test_a_parameter_of_the_launch_that_comes_twice_is_refused(
    standing_door: Door, name: str
) -> None:
    state, nonce = standing_door.login()
    form = {"state": [state], "id_token": [right_token(nonce)]}
    form[name] = [*form.get(name, ["x"]), "y"]

    answer = standing_door.client.post("/lti/launch", data=form)

    assert refused_with(answer, "LTI-PARAMETER-TWICE")


# 3 · an issuer that looks like another


@pytest.mark.parametrize(
    "issuer",
    [
        "http://mооdle.localhost:8081",  # two Cyrillic letters
        "http://moodle.localhost:8081\u200b",
        "http://ｍoodle.localhost:8081",
        "HTTP://moodle.localhost:8081",
        "http://moodle.localhost.:8081",
        "http://moodle.localhost:08081",
        "http://x@moodle.localhost:8081",
        "http://moodle.localhost:8081/.",
    ],
)
def test_an_issuer_that_only_looks_like_ours_is_another(standing_door: Door, issuer: str) -> None:
    begun = standing_door.client.post("/lti/login", data=login_form(iss=issuer))

    assert refused_with(begun, "LTI-ISSUER-UNKNOWN")
    assert refused_with(standing_door.launch({"iss": issuer}), "LTI-ISSUER")


# 4 · something else than one signature


def test_an_encrypted_token_or_a_json_serialisation_is_refused(standing_door: Door) -> None:
    def encrypted(claims: dict[str, Any]) -> str:
        return compact({"alg": "RSA-OAEP", "enc": "A256GCM", "kid": KID}, claims, b"x") + ".eHg.eHg"

    def as_json(claims: dict[str, Any]) -> str:
        protected, payload, signature = sign(claims).split(".")
        return json.dumps({"protected": protected, "payload": payload, "signature": signature})

    def nested(claims: dict[str, Any]) -> str:
        return signed_text(json.dumps(sign(claims)), f'{{"alg":"RS256","kid":"{KID}","cty":"JWT"}}')

    for make in (encrypted, as_json, nested):
        assert refused_with(standing_door.launch(make=make), "LTI-TOKEN-MALFORMED"), make


def test_a_compressed_payload_is_not_unpacked(standing_door: Door) -> None:
    header = f'{{"alg":"RS256","kid":"{KID}","zip":"DEF","crit":["zip"]}}'

    answer = standing_door.launch(make=lambda c: signed_text(json.dumps(c), header))

    assert refused_with(answer, "LTI-HEADER-CRITICAL")


# 5 · a kid of any kind


@pytest.mark.parametrize(
    "kid", ["k" * 30_000, "\x00", f"{KID}\x00", "../../etc/passwd", "' OR 1=1 --", f" {KID}", "é"]
)
def test_a_key_that_is_no_name_of_the_platform_is_unknown(standing_door: Door, kid: str) -> None:
    answer = standing_door.launch(make=lambda c: sign(c, headers={"kid": kid}))

    assert refused_with(answer, "LTI-KID-UNKNOWN")


# 6 · a message that costs much to read


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_a_message_nested_without_end_is_refused(standing_door: Door, opening: str) -> None:
    deep = opening * (20_000 // len(opening))

    in_claims = standing_door.launch(make=lambda _: signed_text(deep))
    in_header = standing_door.launch(make=lambda c: signed_text(json.dumps(c), deep))
    closed = "[" * 20_000 + "]" * 20_000
    in_one = standing_door.launch(make=lambda c: signed_text(f'{{"x":{closed},{json.dumps(c)[1:]}'))

    assert refused_with(in_claims, "LTI-TOKEN-MALFORMED")
    assert refused_with(in_header, "LTI-TOKEN-MALFORMED")
    assert refused_with(in_one, "LTI-TOKEN-MALFORMED")


def test_a_number_of_thousands_of_digits_is_refused(standing_door: Door) -> None:
    def long(claims: dict[str, Any]) -> str:
        return signed_text(
            json.dumps(claims | {"exp": 0}).replace('"exp": 0', f'"exp": {"9" * 9000}')
        )

    assert refused_with(standing_door.launch(make=long), "LTI-TOKEN-MALFORMED")


# 7 · another way to ask


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_a_launch_is_a_post(standing_door: Door, method: str) -> None:
    state, nonce = standing_door.login()
    sent = {"state": state, "id_token": right_token(nonce)}

    for where in ({"query_string": sent}, {"data": sent}):
        answer = standing_door.client.open("/lti/launch", method=method, **where)
        assert answer.status_code == 405
        assert "eyJ" not in answer.get_data(as_text=True)


def test_a_token_in_the_address_is_not_read(standing_door: Door) -> None:
    state, nonce = standing_door.login()
    sent = {"state": state, "id_token": right_token(nonce)}

    answer = standing_door.client.post("/lti/launch", query_string=sent)
    mixed = standing_door.client.post(
        "/lti/launch", query_string={"id_token": sent["id_token"]}, data={"state": state}
    )

    assert refused_with(answer, "LTI-STATE-MISSING")
    assert refused_with(mixed, "LTI-TOKEN-MISSING")


def test_a_launch_in_json_is_not_read(standing_door: Door) -> None:
    state, nonce = standing_door.login()

    answer = standing_door.client.post(
        "/lti/launch", json={"state": state, "id_token": right_token(nonce)}
    )

    assert refused_with(answer, "LTI-STATE-MISSING")


def test_asking_for_the_head_of_a_login_begins_none(
    client: FlaskClient, door: Door, session: Session
) -> None:
    client.set_cookie("ancrage_cookies", "1")
    client.head("/lti/login")
    client.options("/lti/login")

    assert session.scalar(select(func.count()).select_from(LoginAttempt)) == 0


# 8 · the answer of another platform


def test_the_login_of_one_site_is_not_answered_by_another(standing_door: Door) -> None:
    """Everything in the token is right for the other site; the login was not its own."""
    state, nonce = standing_door.login()
    claims = launch_claims(clock.now(), nonce, {"iss": ELSEWHERE})
    token = sign(claims, key=private_key("autre"), headers={"kid": "cle-autre"})

    assert refused_with(standing_door.post(state, token), "LTI-KID-UNKNOWN")


def test_two_sites_whose_keys_bear_the_same_name_stay_two(door: Door, session: Session) -> None:
    other = registration_of(session, make_site(session, ELSEWHERE))
    publish(session, other, public_jwk("autre", kid=KID))
    claims = {"iss": ELSEWHERE}

    ours_signed_by_them = door.launch(make=lambda c: sign(c, key=private_key("autre")))
    theirs_signed_by_us = door.launch(claims)
    state, nonce = door.login(iss=ELSEWHERE)
    for_them = door.post(state, sign(launch_claims(clock.now(), nonce, claims)))

    assert refused_with(ours_signed_by_them, "LTI-SIGNATURE")
    assert refused_with(theirs_signed_by_us, "LTI-ISSUER")
    assert refused_with(for_them, "LTI-SIGNATURE")


# 9 · two registrations on one site


def test_the_login_of_one_registration_is_not_answered_for_the_other(
    door: Door, session: Session, registration: Registration
) -> None:
    second = Registration(
        site_id=registration.site_id,
        issuer=registration.issuer,
        client_id="client-2",
        auth_login_url=registration.auth_login_url,
        token_url=registration.token_url,
        jwks_url=registration.jwks_url,
        created_at=clock.now(),
    )
    second.deployments.append(Deployment(deployment_id="1", created_at=clock.now()))
    session.add(second)
    session.commit()
    state, nonce = door.login(client_id="client-2")

    assert refused_with(door.post(state, right_token(nonce)), "LTI-AUDIENCE")
    assert door.post(state, right_token(nonce, aud="client-2")).status_code == 303


# 10 · a key that proves nothing


@pytest.mark.parametrize("exponent", ["AQ", "Ag", "AA", "", "AAEAAQ"])
def test_a_platform_key_whose_exponent_proves_nothing_verifies_nothing(exponent: str) -> None:
    """With an exponent of one, every text is its own signature."""
    with pytest.raises(LtiRefused) as refused:
        signed_claims(
            compact({"alg": "RS256", "kid": KID}, {}, b"x" * 256), public_jwk() | {"e": exponent}
        )

    assert refused.value.code in ("LTI-KEY-UNFIT", "LTI-SIGNATURE")


def test_a_signature_that_is_zero_or_the_module_itself_verifies_nothing(
    standing_door: Door,
) -> None:
    module = private_key().public_key().public_numbers().n.to_bytes(256, "big")
    for signature in (bytes(256), bytes(255) + b"\x01", module, b"\xff" * 256, b"x"):
        answer = standing_door.launch(
            make=lambda c, signature=signature: compact({"alg": "RS256", "kid": KID}, c, signature)
        )
        assert refused_with(answer, "LTI-SIGNATURE")


# 11 · a person who is almost somebody else


def test_subjects_that_only_look_the_same_are_two_people(door: Door, session: Session) -> None:
    for subject in ("41", "４１", "41 ", "é", "e\u0301"):
        assert door.launch({"sub": subject}).status_code == 303

    found = session.scalars(select(Account)).all()
    assert len({account.person_id for account in found}) == 5


@pytest.mark.parametrize("subject", [41, True, ["41"], {"id": "41"}, "4" * 256, "4\x001"])
def test_a_subject_that_is_no_text_of_a_fair_length_is_refused(
    standing_door: Door, subject: object
) -> None:
    assert refused_with(standing_door.launch({"sub": subject}), "LTI-CLAIM-TYPE")


# 12 · a moment out of reason


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "1e400", "-1e400", "true", '"1"'])
@pytest.mark.parametrize("name", ["exp", "iat"])
def test_a_moment_that_no_clock_shows_is_refused(standing_door: Door, name: str, text: str) -> None:
    def odd(claims: dict[str, Any]) -> str:
        return signed_text(
            json.dumps(claims | {name: "?"}).replace(f'"{name}": "?"', f'"{name}": {text}')
        )

    assert refused_with(standing_door.launch(make=odd), "LTI-CLAIM-TYPE")


@pytest.mark.parametrize(
    ("times", "code"), [({"iat": -5, "exp": 55}, "EXPIRED"), ({"exp": -1}, "EXPIRED")]
)
def test_a_moment_before_the_beginning_is_over(
    standing_door: Door, times: dict[str, int], code: str
) -> None:
    assert refused_with(standing_door.launch(times), f"LTI-{code}")


def test_the_address_of_the_launch_is_one_address(standing_door: Door) -> None:
    """No other spelling of the target is ours, in a login or in a claim."""
    for target in (
        LAUNCH_URL.upper(),
        f"{LAUNCH_URL}/",
        LAUNCH_URL.replace("/lti", "//lti"),
        LAUNCH_URL.replace("/launch", "/%6Caunch"),
        f"{LAUNCH_URL}\\@evil.test",
        f" {LAUNCH_URL}",
        f"{LAUNCH_URL}\t",
    ):
        begun = standing_door.client.post("/lti/login", data=login_form(target_link_uri=target))
        assert refused_with(begun, "LTI-TARGET-LOGIN"), target
        assert refused_with(standing_door.launch({"target_link_uri": target}), "LTI-TARGET-CLAIM")


def test_ten_seconds_ahead_are_forgiven_at_the_door(door: Door) -> None:
    """Row 15 of the list, through the whole application."""
    state, nonce = door.login()
    now = int(clock.now().timestamp())

    answer = door.post(
        state, sign(launch_claims(clock.now(), nonce, {"iat": now + 10, "exp": now + 70}))
    )

    assert answer.status_code == 303

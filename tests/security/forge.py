"""A platform held in the hand: real RSA keys, tokens right or wrong in exactly one thing."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.lti.vocabulary import CLAIM
from lti_tool.platforms.models import PlatformKeySet, Registration, Site
from tests.conftest import BASE_URL

LAUNCH_URL = f"{BASE_URL}/lti/launch"
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"
LEARNER = f"{MEMBERSHIP}#Learner"
INSTRUCTOR = f"{MEMBERSHIP}#Instructor"
KID = "cle-du-site"
BOTH_ENGINES = pytest.mark.parametrize("engine_name", ["sqlite", "postgresql"], indirect=True)
SHORT = {
    "context",
    "deployment_id",
    "for_user",
    "lis",
    "message_type",
    "resource_link",
    "roles",
    "target_link_uri",
    "version",
}


def private_key(name: str = "site", bits: int = 2048) -> rsa.RSAPrivateKey:
    """A key pair for each name, made once in a run."""
    return _made(name, bits)


@cache
def _made(_name: str, bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def public_jwk(name: str = "site", kid: str = KID, bits: int = 2048) -> dict[str, Any]:
    """The public JWK of that pair."""
    jwk = RSAAlgorithm.to_jwk(private_key(name, bits).public_key(), as_dict=True)
    return {"kty": "RSA", "kid": kid, "alg": "RS256", "use": "sig", "n": jwk["n"], "e": jwk["e"]}


def registration_of(session: Session, site: Site) -> Registration:
    """The only registration of a site that the factories made."""
    return session.scalars(select(Registration).where(Registration.site_id == site.id)).one()


def publish(session: Session, registration: Registration, *keys: Mapping[str, Any]) -> None:
    """Make the tool hold this key set, just fetched: no launch goes to the network."""
    now = clock.now()
    session.add(
        PlatformKeySet(
            jwks_url=registration.jwks_url,
            document={"keys": [dict(key) for key in keys]},
            fetched_at=now,
            tried_at=now,
        )
    )
    session.commit()


def launch_claims(
    now: datetime, nonce: str, changes: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The claims of a right launch in the shape of Moodle 4.5, then ``changes``.

    The names of ``SHORT`` stand for the LTI claims; None removes a claim.
    """
    issued = int(now.timestamp())
    claims: dict[str, Any] = {
        "nonce": nonce,
        "iat": issued,
        "exp": issued + 60,
        "iss": "http://moodle.localhost:8081",
        "aud": "client-1",
        "sub": "41",
        "name": "Séverine Fictive & Fils",
        "given_name": "Séverine",
        "family_name": "Fictive & Fils",
        "email": "apprenant39@example.test",
        CLAIM + "deployment_id": "1",
        CLAIM + "target_link_uri": LAUNCH_URL,
        CLAIM + "lis": {
            "person_sourcedid": "ADH-2026-039",
            "course_section_sourcedid": "RMP-ADL-01",
        },
        CLAIM + "roles": [LEARNER],
        CLAIM + "context": {
            "id": "2",
            "label": "ADL-01 Communication",
            "title": "Communication, libération de la parole et écoute active",
            "type": ["CourseSection"],
        },
        CLAIM + "message_type": "LtiResourceLinkRequest",
        CLAIM + "resource_link": {"id": "1", "title": "Mon parcours"},
        CLAIM + "version": "1.3.0",
    }
    for name, value in (changes or {}).items():
        full = CLAIM + name if name in SHORT else name
        if value is None:
            claims.pop(full, None)
        else:
            claims[full] = value
    return claims


def sign(
    claims: Mapping[str, Any],
    *,
    key: Any = None,
    headers: Mapping[str, Any] | None = None,
    algorithm: str = "RS256",
) -> str:
    """An id_token, by default signed as the site signs."""
    given = {"kid": KID} if headers is None else dict(headers)
    payload = json.dumps(dict(claims)).encode()
    return jwt.PyJWS().encode(payload, key or private_key(), algorithm=algorithm, headers=given)


def compact(header: Mapping[str, Any], claims: Mapping[str, Any], signature: bytes = b"") -> str:
    """A token put together by hand, for what a library refuses to make."""
    parts = [json.dumps(header).encode(), json.dumps(claims).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


class Door:
    """One browser in front of the tool, and the platform that opens it."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def login(self, **changes: str) -> tuple[str, str]:
        """Begin a login as Moodle does; return its state and nonce."""
        self.client.set_cookie("ancrage_cookies", "1", domain="localhost")
        answer = self.client.post("/lti/login", data=login_form(**changes))
        assert answer.status_code == 302, answer.get_data(as_text=True)
        asked = parse_qs(urlsplit(answer.headers["Location"]).query)
        return asked["state"][0], asked["nonce"][0]

    def post(self, state: str, token: str, **others: str) -> Any:
        """Post the platform's answer from this browser."""
        return self.client.post("/lti/launch", data={"state": state, "id_token": token, **others})

    def launch(
        self,
        changes: Mapping[str, Any] | None = None,
        *,
        make: Callable[[dict[str, Any]], str] = sign,
    ) -> Any:
        """Log in and launch with claims changed; ``make`` turns the claims into a token."""
        state, nonce = self.login()
        return self.post(state, make(launch_claims(clock.now(), nonce, changes)))


def login_form(**changes: str) -> dict[str, str]:
    """What Moodle posts to begin a login."""
    return {
        "iss": "http://moodle.localhost:8081",
        "target_link_uri": LAUNCH_URL,
        "login_hint": "41",
        "lti_message_hint": '{"cmid":79,"launchid":"ltilaunch1_2060334819"}',
        "client_id": "client-1",
        "lti_deployment_id": "1",
    } | changes


def refused_with(answer: Any, code: str) -> bool:
    """Whether the answer refuses with this code, and shows nothing of the token or of our inside."""
    page = answer.get_data(as_text=True)
    return (
        400 <= answer.status_code < 500
        and f"<code>{code}</code>" in page
        and "Traceback" not in page
        and "eyJ" not in page
    )

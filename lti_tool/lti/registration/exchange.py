"""The three requests to the platform: its configuration, what it holds of us, the registration.

Moodle refuses in plain text (``token_already_used``) and shows forged or expired tokens a page with
status 404; neither its words nor the token go into our log.
"""

from __future__ import annotations

import re
from typing import Any

import jwt

from lti_tool.lti.registration.configuration import PlatformConfiguration, read_configuration
from lti_tool.lti.registration.document import Accepted, read_acceptance
from lti_tool.lti.registration.errors import (
    CertificateDoubtful,
    ConfigurationUnfit,
    PlatformRefused,
    PlatformUnreachable,
    RegistrationReason,
    StartAgain,
)
from lti_tool.platforms.fetching import Answer, FetchFailed, FetchRefused, Limits, fetch

LIMITS = Limits(total=20.0, size=128 * 1024)
PATIENT = Limits(read=30.0, total=40.0, size=128 * 1024)
"""For the registration itself: given up, it may have been accepted."""
UPDATE = "reg-update"
REFUSAL = re.compile(r"[a-z_]{1,60}")
"""The form of Moodle's own refusals; any other text may hold anything."""


def fetch_configuration(address: str) -> PlatformConfiguration:
    """Ask a platform for its description.

    Raises:
        PlatformUnreachable: the address may not be asked, or does not answer.
        ConfigurationUnfit: it does, with something else.
    """
    answer = _ask(address, limits=LIMITS)
    if answer.status != 200:
        raise ConfigurationUnfit(RegistrationReason.CONFIGURATION, f"status {answer.status}")
    try:
        document = answer.json()
    except ValueError:
        raise ConfigurationUnfit(RegistrationReason.CONFIGURATION, "not JSON") from None
    return read_configuration(document, address)


def is_update(token: str) -> bool:
    """Whether a registration token says that it changes a registration that exists.

    The token is the platform's, for the platform: we cannot verify it and trust it with nothing.
    """
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        return False
    return claims.get("scope") == UPDATE


def read_present(platform: PlatformConfiguration, token: str) -> Accepted:
    """Ask what the platform holds under an update token.

    Raises:
        PlatformUnreachable, StartAgain, PlatformRefused: it does not say.
    """
    return _accepted(
        _ask(platform.registration_endpoint, headers=_bearer(token), limits=LIMITS),
    )


def post_registration(
    platform: PlatformConfiguration, token: str, document: dict[str, Any]
) -> Accepted:
    """Register, or change the registration of an update token.

    Raises:
        PlatformUnreachable, StartAgain, PlatformRefused: it was not accepted, as far as we know.
    """
    return _accepted(
        _ask(
            platform.registration_endpoint,
            method="POST",
            headers=_bearer(token),
            json=document,
            limits=PATIENT,
        )
    )


def _accepted(answer: Answer) -> Accepted:
    if answer.status in (200, 201):
        try:
            return read_acceptance(answer.json())
        except ValueError:
            raise PlatformRefused(RegistrationReason.ANSWER, "not JSON") from None
    said = answer.text.strip()
    said = said if REFUSAL.fullmatch(said) else ""
    if said == "token_already_used":
        raise StartAgain(RegistrationReason.TOKEN_USED)
    if answer.status in (401, 403, 404):
        raise StartAgain(RegistrationReason.TOKEN, said or f"status {answer.status}")
    raise PlatformRefused(RegistrationReason.DOCUMENT, said or f"status {answer.status}")


def _ask(address: str, **request: Any) -> Answer:
    try:
        return fetch(address, **request)
    except FetchRefused as refused:
        raise PlatformUnreachable(RegistrationReason.ADDRESS, refused.reason) from None
    except FetchFailed as failed:
        if failed.is_tls:
            raise CertificateDoubtful(RegistrationReason.CERTIFICATE, failed.reason) from None
        raise PlatformUnreachable(RegistrationReason.UNREACHABLE, failed.reason) from None


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}

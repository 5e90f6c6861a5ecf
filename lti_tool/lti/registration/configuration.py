"""Reading what a platform says of itself (OpenID configuration), and whether it may be believed.

Pure decisions. The configuration must stand below the issuer's address, and every endpoint where each
Moodle has it: whoever holds a part of a host, or may only put a file in a course, does not speak for the
site (spec/lti.md §4, row 29).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lti_tool.lti.registration.errors import ConfigurationUnfit, RegistrationReason
from lti_tool.platforms.errors import AddressRefused
from lti_tool.platforms.service.sites import AUTH_PATH, JWKS_PATH, TOKEN_PATH, checked_address

PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"
ADDRESSES = {
    "authorization_endpoint": AUTH_PATH,
    "token_endpoint": TOKEN_PATH,
    "jwks_uri": JWKS_PATH,
    "registration_endpoint": "/mod/lti/openid-registration.php",
}
"""Where every Moodle answers. ``pluginfile.php`` stands below the same address and serves what people
upload: a description, keys and an answer put there would otherwise be the site's own."""
NEEDED = {
    "token_endpoint_auth_methods_supported": "private_key_jwt",
    "token_endpoint_auth_signing_alg_values_supported": "RS256",
    "id_token_signing_alg_values_supported": "RS256",
    "response_types_supported": "id_token",
}
LONGEST_ISSUER, LONGEST_ADDRESS = 300, 500


@dataclass(frozen=True, slots=True)
class PlatformConfiguration:
    """What is needed of a platform's description."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    registration_endpoint: str
    product: str
    """``moodle``; empty when not said."""
    version: str

    @property
    def host(self) -> str:
        """Host and port, as people read them."""
        return urlsplit(self.issuer).netloc


def read_configuration(document: object, address: str) -> PlatformConfiguration:
    """Return the description found at ``address``.

    Raises:
        ConfigurationUnfit: reason CONFIGURATION, HOSTS or CAPABILITY.
    """
    if not isinstance(document, dict):
        raise ConfigurationUnfit(RegistrationReason.CONFIGURATION, "not an object")
    issuer = _address(document, "issuer", LONGEST_ISSUER)
    found = {name: _address(document, name, LONGEST_ADDRESS) for name in ADDRESSES}
    _check_issuer(issuer)
    if not _below(issuer, address):
        raise ConfigurationUnfit(RegistrationReason.HOSTS, "openid_configuration")
    for name, path in ADDRESSES.items():
        if found[name] != issuer + path:
            raise ConfigurationUnfit(RegistrationReason.HOSTS, name)
    for name, value in NEEDED.items():
        if value not in _texts(document.get(name)):
            raise ConfigurationUnfit(RegistrationReason.CAPABILITY, name)
    platform = document.get(PLATFORM)
    platform = platform if isinstance(platform, dict) else {}
    return PlatformConfiguration(
        issuer=issuer,
        **found,
        product=_short(platform.get("product_family_code")),
        version=_short(platform.get("version")),
    )


def _check_issuer(issuer: str) -> None:
    """Refuse what is no plain site address: it becomes the site's, and goes into the policy of frames."""
    try:
        plain = checked_address(issuer, https_only=False)
    except AddressRefused:
        plain = ""
    if plain != issuer:
        raise ConfigurationUnfit(RegistrationReason.CONFIGURATION, "issuer")


def _below(issuer: str, address: str) -> bool:
    """Whether an address stands on the issuer's origin and below its path, without dots."""
    path = urlsplit(address).path
    return address.startswith(issuer + "/") and not {".", ".."} & set(path.split("/"))


def _address(document: dict[str, Any], name: str, longest: int) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        raise ConfigurationUnfit(RegistrationReason.CONFIGURATION, name)
    return value


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _short(value: object) -> str:
    return value[:100] if isinstance(value, str) else ""

"""Which addresses can be those of a Moodle site."""

from __future__ import annotations

import pytest

from lti_tool.platforms.errors import AddressRefused
from lti_tool.platforms.service.sites import checked_address


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://moodle.example.org", "https://moodle.example.org"),
        ("  https://moodle.example.org/ ", "https://moodle.example.org"),
        ("https://example.org/moodle/", "https://example.org/moodle"),
        ("http://moodle.localhost:8081", "http://moodle.localhost:8081"),
    ],
)
def test_the_address_is_kept_as_moodle_writes_it(given: str, kept: str) -> None:
    assert checked_address(given, https_only=False) == kept


@pytest.mark.parametrize(
    "given",
    [
        "",
        "moodle.example.org",
        "ftp://moodle.example.org",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://",
        "https://user:secret@moodle.example.org",
        "https://moodle.example.org/?id=2",
        "https://moodle.example.org/#top",
        "https://moodle.example.org/login/index.php",
        "https://moodle.example.org:99999",
        "https://moodle.example.org 'self'",
        "https://" + "a" * 300,
    ],
)
def test_what_is_not_the_address_of_a_site_is_refused(given: str) -> None:
    with pytest.raises(AddressRefused):
        checked_address(given, https_only=False)


def test_production_takes_no_plain_http() -> None:
    with pytest.raises(AddressRefused):
        checked_address("http://moodle.example.org", https_only=True)


@pytest.mark.parametrize("sign", [";", ",", "*"])
def test_an_address_cannot_widen_the_policy_of_frames(sign: str) -> None:
    with pytest.raises(AddressRefused):
        checked_address(f"https://moodle.example.org{sign}", https_only=True)

"""Row 37: a token goes to the platform's own addresses and to no other."""

from __future__ import annotations

import pytest

from lti_tool.lti.services.addresses import below, check_address, with_query
from lti_tool.lti.services.errors import ServiceAddressRefused

ISSUER = "https://moodle.example.org/lms"
TOKEN_URL = "https://api.example.org/token"


@pytest.mark.parametrize(
    "address",
    [
        "https://moodle.example.org/mod/lti/services.php/2/lineitems?type_id=1",
        "https://MOODLE.example.org:443/x",
        "https://api.example.org/members",
    ],
)
def test_an_address_of_the_platform_is_taken(address: str) -> None:
    assert check_address(address, ISSUER, TOKEN_URL) == address


@pytest.mark.parametrize(
    "address",
    [
        "http://moodle.example.org/members",
        "https://moodle.example.org:8443/members",
        "https://moodle.example.org.evil.test/members",
        "https://evil.test/moodle.example.org",
        "https://moodle.example.org@evil.test/members",
        "https://user:pass@moodle.example.org/members",
        "https://evil.test\\@moodle.example.org/members",
        "//moodle.example.org/members",
        "/members",
        "",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://moodle.example.org:99999/",
        "https://moodle.example.org:x/",
        "https://[moodle.example.org/",
        "https://moodle.example.org/a b",
        "https://moodle.example.org/a\r\nX: y",
        "https://",
    ],
)
def test_any_other_address_is_refused(address: str) -> None:
    with pytest.raises(ServiceAddressRefused):
        check_address(address, ISSUER, TOKEN_URL)


def test_the_scores_stand_before_the_query() -> None:
    column = "http://m.test/mod/lti/services.php/2/lineitems/112/lineitem?type_id=1"
    assert below(column, "scores") == (
        "http://m.test/mod/lti/services.php/2/lineitems/112/lineitem/scores?type_id=1"
    )


def test_a_filter_is_added_to_the_query_that_is_there() -> None:
    assert with_query("http://m.test/a?type_id=1", tag="a b") == "http://m.test/a?type_id=1&tag=a+b"
    assert with_query("http://m.test/a", tag="b") == "http://m.test/a?tag=b"

"""Which addresses a platform may make the tool ask (spec/lti.md §4, row 28)."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from lti_tool.platforms.fetching import AddressKind, FetchRefused, Policy, kind_of

OPEN = Policy(https_only=False)


@pytest.mark.parametrize(
    "address",
    [
        "93.184.215.14",
        "100.63.255.255",
        "172.32.0.1",
        "2606:2800:21f:cb07::1",
        "64:ff9b::5db8:d70e",
    ],
)
def test_a_public_address_is_open_to_everybody(address: str) -> None:
    assert kind_of(ip_address(address)) is AddressKind.PUBLIC


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.255.254",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "100.64.0.1",
        "100.127.255.255",
        "::1",
        "fc00::1",
        "fd12:3456:789a::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::",
        "2002:c0a8:101::1",
        "64:ff9b::7f00:1",
        "64:ff9b::10.0.0.1",
    ],
)
def test_a_private_address_is_closed_unless_the_settings_open_it(address: str) -> None:
    assert kind_of(ip_address(address)) is AddressKind.PRIVATE
    with pytest.raises(FetchRefused, match="private"):
        OPEN.check_ip("moodle.test", address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104  # to be refused
        "0.1.2.3",
        "169.254.169.254",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::127.0.0.1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "2001::1",
        "2001:db8::1",
        "3fff::1",
        "64:ff9b:1::1",
        "100::1",
        "5f00::1",
        "::ffff:169.254.169.254",
        "2002:a9fe:a9fe::",
        "64:ff9b::a9fe:a9fe",
    ],
)
def test_what_no_platform_has_stays_closed_whatever_the_settings(address: str) -> None:
    generous = Policy.of(("moodle.test", "0.0.0.0/0", "::/0"), https_only=False)

    assert kind_of(ip_address(address)) is AddressKind.FORBIDDEN
    with pytest.raises(FetchRefused, match="forbidden"):
        generous.check_ip("moodle.test", address)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "gopher://moodle.test/_x",
        "ftp://moodle.test/",
        "data:application/json,{}",
        "//moodle.test/",
        "moodle.test",
        "",
        "http://",
        "http:///certs",
        "http://moodle.test:0/",
        "http://moodle.test:99999/",
        "http://moodle.test:x/",
        "http://user@moodle.test/",
        "http://user:word@127.0.0.1/",
        "http://moodle.test\\@127.0.0.1/",
        "http://127.0.0.1%2f@moodle.test/",
        "http://moodle.test%00.evil.test/",
        "http://moodle.test/a b",
        "http://moodle.test/\r\nHost: evil",
        "http://moodle.test/\t",
        "http://mоodle.test/",  # a Cyrillic letter
        "http://[::1/",
        "http://moodle.test/" + "x" * 2000,
    ],
)
def test_an_address_of_another_form_is_refused_before_any_name_is_resolved(url: str) -> None:
    with pytest.raises(FetchRefused, match=r"form|scheme"):
        OPEN.check_url(url)


def test_plain_http_is_refused_in_production() -> None:
    with pytest.raises(FetchRefused, match="scheme"):
        Policy().check_url("http://moodle.test/certs")
    assert Policy().check_url("https://moodle.test/certs").netloc == "moodle.test"


def test_a_named_host_may_stand_at_a_private_address_and_no_other_host_may() -> None:
    policy = Policy.of(("Moodle.Asso.test",), https_only=True)

    policy.check_ip("moodle.asso.test", "192.168.1.20")
    policy.check_ip("MOODLE.asso.test.", "127.0.0.1")
    for other in ("asso.test", "x.moodle.asso.test", "moodle.asso.test.evil.test"):
        with pytest.raises(FetchRefused):
            policy.check_ip(other, "192.168.1.20")


def test_a_network_is_open_under_any_name_and_in_any_writing() -> None:
    policy = Policy.of(("10.0.0.0/8",), https_only=True)

    policy.check_ip("moodle.test", "10.9.8.7")
    policy.check_ip("moodle.test", "::ffff:10.9.8.7")
    with pytest.raises(FetchRefused):
        policy.check_ip("moodle.test", "192.168.1.1")
    with pytest.raises(FetchRefused):
        policy.check_ip("moodle.test", "::1")

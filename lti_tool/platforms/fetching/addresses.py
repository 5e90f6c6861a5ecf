"""Which addresses may be asked: pure judgement of URLs and of IP addresses, no network."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from lti_tool.platforms.fetching.errors import FetchRefused

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

LONGEST_URL = 2000
SOUND = re.compile(r"[\x21-\x7e]+")
"""Printable ASCII only; libraries disagree on what the rest means."""
OPENABLE = tuple(
    ip_network(network)
    for network in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "::1/128",
        "fc00::/7",
    )
)
"""Loopback, private (RFC 1918, RFC 4193) and shared (RFC 6598): where a Moodle may really stand."""
NEVER = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8",
        "169.254.0.0/16",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
    )
)
"""IANA's special registries, told here because Python's own table differs between releases."""
GLOBAL_UNICAST = IPv6Network("2000::/3")
NAT64 = IPv6Network("64:ff9b::/96")


class AddressKind(StrEnum):
    """What an IP address is to us."""

    PUBLIC = "public"
    PRIVATE = "private"
    """Only where the settings open it."""
    FORBIDDEN = "forbidden"
    """Never: link-local (the metadata of clouds), multicast, unspecified, reserved."""


def kind_of(address: Address) -> AddressKind:
    """Judge an IP address; one that carries an IPv4 address inside is judged by that one."""
    inner = _inside(address)
    if inner is not None:
        return kind_of(inner)
    if any(address in network for network in OPENABLE):
        return AddressKind.PRIVATE
    if any(address in network for network in NEVER):
        return AddressKind.FORBIDDEN
    if isinstance(address, IPv6Address) and address not in GLOBAL_UNICAST:
        return AddressKind.FORBIDDEN
    return AddressKind.PUBLIC


def _inside(address: Address) -> IPv4Address | None:
    """Return the IPv4 address that an IPv6 one stands for: mapped, 6to4 or NAT64."""
    if isinstance(address, IPv4Address):
        return None
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


@dataclass(frozen=True, slots=True)
class Policy:
    """What this installation lets through beside public addresses.

    Attributes:
        https_only: refuse plain http (production).
        private_hosts: names, in lower case, whose private addresses are open.
        private_networks: networks of private addresses that are open under any name.
        ca_file: certificates of authorities trusted beside the public ones.
    """

    https_only: bool = True
    private_hosts: frozenset[str] = frozenset()
    private_networks: tuple[Network, ...] = ()
    ca_file: Path | None = None

    @classmethod
    def of(
        cls, places: Collection[str], *, https_only: bool, ca_file: Path | None = None
    ) -> Policy:
        """Make it of host names and networks (CIDR), as the settings have checked them."""
        networks = tuple(ip_network(place) for place in places if "/" in place)
        hosts = frozenset(_name(place) for place in places if "/" not in place)
        return cls(https_only, hosts, networks, ca_file)

    def check_url(self, url: str) -> SplitResult:
        """Return the parts of an address that may be asked, as far as its text shows.

        Raises:
            FetchRefused: reason ``scheme`` or ``form``.
        """
        if len(url) > LONGEST_URL or not SOUND.fullmatch(url) or "\\" in url:
            raise FetchRefused("form")
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            raise FetchRefused("form") from None
        if parts.scheme not in ("http", "https") or (self.https_only and parts.scheme != "https"):
            raise FetchRefused("scheme", parts.scheme)
        if not host or port == 0 or "@" in parts.netloc or "%" in parts.netloc:
            raise FetchRefused("form")
        return parts

    def check_ip(self, host: str, literal: str) -> None:
        """Refuse an IP address that ``host`` gave and that must not be asked.

        Raises:
            FetchRefused: reason ``private`` or ``forbidden``.
        """
        address = ip_address(literal)
        kind = kind_of(address)
        if kind is AddressKind.PUBLIC:
            return
        if kind is AddressKind.PRIVATE and self._opens(host, address):
            return
        raise FetchRefused(kind.value, host)

    def _opens(self, host: str, address: Address) -> bool:
        if _name(host) in self.private_hosts:
            return True
        judged = _inside(address) or address
        return any(judged in network for network in self.private_networks)


def _name(host: str) -> str:
    return host.strip("[]").rstrip(".").lower()

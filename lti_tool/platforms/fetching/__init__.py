"""Requests to addresses that a platform gave: its keys, its token endpoint, its services.

Whoever writes such an address must not make this machine speak to its own network (SSRF). Hence
one road out: the name is resolved once, every address it gives is judged, the connection goes to an
address that was judged (DNS rebinding changes nothing), no redirect is followed, and size and time
are bounded. Certificates are verified by name as usual. docs/decisions/0015; spec/lti.md §4 row 28.
"""

from lti_tool.platforms.fetching.addresses import AddressKind, Policy, kind_of
from lti_tool.platforms.fetching.errors import FetchFailed, FetchRefused
from lti_tool.platforms.fetching.requesting import (
    Answer,
    Limits,
    check_address,
    configure_fetching,
    fetch,
)

__all__ = [
    "AddressKind",
    "Answer",
    "FetchFailed",
    "FetchRefused",
    "Limits",
    "Policy",
    "check_address",
    "configure_fetching",
    "fetch",
    "kind_of",
]

"""Requests to addresses that a platform gave: its keys, its token endpoint, its services.

Whoever writes such an address must not make this machine speak to its own network (SSRF). Hence
one road out: the name is resolved once, every address it gives is judged, the connection goes to an
address that was judged (DNS rebinding changes nothing), no redirect is followed, and size and time
are bounded. Certificates are verified by name as usual. ``moodle_client`` takes the same road with
connections that it keeps (``judged_connector``). docs/decisions/0015; spec/lti.md §4 row 28.
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
from lti_tool.platforms.fetching.webservices import judged_connector

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
    "judged_connector",
    "kind_of",
]

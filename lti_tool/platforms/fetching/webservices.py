"""The road out of ``moodle_client``: its connections are judged each time one is opened.

They stay open between calls as the client wishes; a kept one still goes where it was judged.
"""

from __future__ import annotations

import socket
from functools import partial
from typing import Any

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.retry import Retry

from lti_tool.platforms.fetching.addresses import Policy
from lti_tool.platforms.fetching.connection import JudgedAdapter, open_socket
from lti_tool.platforms.fetching.errors import FetchFailed, FetchRefused
from lti_tool.platforms.fetching.requesting import configured_policy
from moodle_client import AddressForbidden


def judged_connector(retries: Retry | int, total_timeout: float) -> HTTPAdapter:
    """Make what a ``moodle_client`` connects with, under the policy of this process.

    The client bounds the time of a body; the head of an answer is bounded here.
    """
    policy = configured_policy()
    return _ClientAdapter(
        policy, partial(_open, policy), retries=retries, head_seconds=total_timeout
    )


class _ClientAdapter(JudgedAdapter):
    def send(self, request: PreparedRequest, *args: Any, **values: Any) -> Response:
        try:
            return super().send(request, *args, **values)
        except FetchRefused as refused:
            reason = refused.reason
        raise AddressForbidden(reason=reason)


def _open(policy: Policy, host: str, connection: HTTPConnection) -> socket.socket:
    """Open the socket of a connection; failures are told as urllib3 does, which may repeat."""
    patience = float(connection.timeout or 0)
    try:
        return open_socket(host, connection.port, policy, lambda: patience)
    except FetchFailed as failed:
        reason = failed.reason
    if reason == "unresolved":
        raise NameResolutionError(host, connection, socket.gaierror(reason))
    if reason == "timeout":
        raise ConnectTimeoutError(connection, reason)
    raise NewConnectionError(connection, reason)

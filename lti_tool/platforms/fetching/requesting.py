"""One request to a platform's address, within limits, and its answer read to the end."""

from __future__ import annotations

import json as json_text
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import requests
from requests.structures import CaseInsensitiveDict
from urllib3.connection import HTTPConnection

from lti_tool.platforms.fetching.addresses import Policy
from lti_tool.platforms.fetching.connection import JudgedAdapter, Watch, open_socket, resolve
from lti_tool.platforms.fetching.errors import FetchFailed, FetchRefused
from lti_tool.settings import Settings
from moodle_client import certificate_fault

PIECE = 8192
_configured = [Policy()]
"""The policy of this process; nothing private and https only until the settings were read."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How patient a request is. Times in seconds.

    Attributes:
        connect: to open one connection.
        read: of silence while waiting.
        total: for connection and whole answer together (the DNS has its own time).
        size: bytes of the answer's body, once decompressed.
    """

    connect: float = 5.0
    read: float = 10.0
    total: float = 15.0
    size: int = 256 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever its status; a redirect is an answer like another."""

    status: int
    headers: Mapping[str, str]
    """Names in any case."""
    body: bytes = field(repr=False)

    @property
    def text(self) -> str:
        """The body as UTF-8; what is not is replaced."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """Return the body read as JSON.

        Raises:
            ValueError: it is not JSON.
        """
        try:
            return json_text.loads(self.body)
        except RecursionError:
            raise ValueError("nested too deeply") from None


def configure_fetching(settings: Settings) -> None:
    """Take the policy of this process from the settings."""
    _configured[0] = Policy.of(
        settings.private_platforms,
        https_only=settings.environment == "production",
        ca_file=settings.ca_file,
    )


def configured_policy() -> Policy:
    """Return the policy of this process."""
    return _configured[0]


def fetch(
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    data: Mapping[str, str] | bytes | str | None = None,
    json: object = None,
    limits: Limits = Limits(),
    policy: Policy | None = None,
) -> Answer:
    """Ask an address that a platform gave, and return its answer whatever the status.

    Holds no database; end your transaction first, as for every call that waits for the network.

    Args:
        url: where; http or https, no user name.
        method: HTTP method.
        headers: beside ``Accept: application/json``.
        data: form fields or a whole body.
        json: an object to send as JSON, instead of ``data``.
        limits: time and size.
        policy: another one than the settings' (tests).

    Raises:
        FetchRefused: the address may not be asked (``reason``: scheme, form, private, forbidden).
        FetchFailed: no whole answer (``reason``: unresolved, no-answer, tls, tls-…, timeout,
            too-slow, too-large).
    """
    policy = policy or _configured[0]
    host = policy.check_url(url).netloc
    headers = {"Accept": "application/json", "User-Agent": "Ancrage", **(headers or {})}
    try:
        prepared = requests.Request(method, url, headers=headers, data=data, json=json).prepare()
    except requests.RequestException:
        raise FetchRefused("form", host) from None
    with Watch(limits.total) as watch:
        adapter = JudgedAdapter(policy, partial(_open_watched, policy, watch))
        try:
            # Straight to the adapter: a session would follow redirects, read .netrc and proxies.
            answer = adapter.send(
                prepared,
                stream=True,
                timeout=(limits.connect, limits.read),
            )
            body = _read(answer, limits.size, watch, host)
        except requests.RequestException as error:
            raise _failure(error, watch, host) from None
        finally:
            adapter.close()
    return Answer(answer.status_code, CaseInsensitiveDict(answer.headers), body)


def check_address(url: str, *, policy: Policy | None = None) -> None:
    """Refuse an address that ``fetch`` would refuse; a name that has no address yet passes.

    Raises:
        FetchRefused: as for ``fetch``.
    """
    policy = policy or _configured[0]
    parts = policy.check_url(url)
    try:
        resolve(
            parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80), policy
        )
    except FetchFailed:
        return


def _open_watched(
    policy: Policy, watch: Watch, host: str, connection: HTTPConnection
) -> socket.socket:
    patience = float(connection.timeout or 0)
    sock = open_socket(host, connection.port, policy, lambda: min(patience, watch.left()))
    watch.keep(sock)
    return sock


def _read(answer: requests.Response, size: int, watch: Watch, host: str) -> bytes:
    body = bytearray()
    with answer:
        for piece in answer.iter_content(PIECE):
            body += piece
            if len(body) > size:
                raise FetchFailed("too-large", host)
            if watch.over:
                raise FetchFailed("too-slow", host)
    if watch.over:
        # A connection cut by the watch can look like the end of an answer without length.
        raise FetchFailed("too-slow", host)
    return bytes(body)


def _failure(error: requests.RequestException, watch: Watch, host: str) -> FetchFailed:
    if watch.over:
        return FetchFailed("too-slow", host)
    if isinstance(error, requests.exceptions.SSLError):
        fault = certificate_fault(error)
        return FetchFailed(f"tls-{fault}" if fault else "tls", host)
    return FetchFailed("timeout" if isinstance(error, requests.Timeout) else "no-answer", host)

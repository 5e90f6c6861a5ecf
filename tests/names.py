"""A name server of the test, for names that lead where a test wants, and change their mind."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pytest

Names = Callable[[str, list[str]], None]
"""Takes a name and its answers: each question takes the next one, the last one stays."""


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """Answer for the names that the test gives, several addresses in one text."""
    answers: dict[str, list[str]] = {}
    true = socket.getaddrinfo

    def resolve(host: str, port: int, *args: Any, **values: Any) -> Any:
        known = answers.get(host)
        if known is None:
            return true(host, port, *args, **values)
        answer = known.pop(0) if len(known) > 1 else known[0]
        found: list[Any] = []
        for address in answer.split():
            found += true(address, port, type=socket.SOCK_STREAM)
        return found

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return lambda host, given: answers.update({host: given})

"""A site on the loopback and a client that reads it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from moodle_client import MoodleClient, TransportOptions
from tests.contract.moodle_client.site import Site, running_site


@pytest.fixture(scope="session")
def running() -> Iterator[Site]:
    """One server for the whole run."""
    with running_site() as site:
        yield site


@pytest.fixture
def site(running: Site) -> Site:
    """The server, with nothing said yet."""
    running.reset()
    return running


@pytest.fixture
def moodle(site: Site) -> Iterator[MoodleClient]:
    """A client of that server; repetitions follow at once."""
    with MoodleClient(site.url, "TOKEN", options=TransportOptions(backoff=0)) as client:
        yield client

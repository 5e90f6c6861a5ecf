"""A Moodle on the loopback that answers each function with its recording."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from lti_tool.platforms.models import Site
from tests.contract.moodle_client.site import Site as Server
from tests.contract.moodle_client.site import running_site
from tests.factories import make_site
from tests.integration.platforms.recorded import TOKEN, RecordedMoodle


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One server for the whole run."""
    with running_site() as running:
        yield running


@pytest.fixture
def moodle(server: Server) -> RecordedMoodle:
    """The server, answering as the recorded site."""
    server.reset()
    return RecordedMoodle(server)


@pytest.fixture
def site(session: Session, moodle: RecordedMoodle) -> Site:
    """That Moodle, registered with a token."""
    made = make_site(session, moodle.url, token=TOKEN)
    made.token_set_at = made.created_at
    session.commit()
    return made

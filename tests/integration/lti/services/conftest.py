"""The demonstration's Moodle over HTTP, which reads the tool's keys from the test's database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.demo.moodle import DemoMoodle, running_moodle
from lti_tool.lti.models import ContextServices
from lti_tool.lti.services.connector import ServiceConnector
from lti_tool.lti.services.names import GRADEBOOK_SCOPES, ROSTER_SCOPES
from lti_tool.platforms.keys import key_set
from lti_tool.platforms.models import Registration
from tests.factories import make_course, make_site

CLIENT = "client-1"
COURSE = 2


@dataclass(frozen=True, slots=True)
class Peer:
    """The demonstration's Moodle, and the tool's rows about it."""

    site: DemoMoodle
    sessions: sessionmaker[Session]
    registration_id: int
    course_id: int

    def roster(self) -> ServiceConnector:
        """The tool's way to the members."""
        return ServiceConnector(self.sessions, self.registration_id, ROSTER_SCOPES)

    def gradebook(self) -> ServiceConnector:
        """The tool's way to the gradebook."""
        return ServiceConnector(self.sessions, self.registration_id, GRADEBOOK_SCOPES)

    @contextmanager
    def later(self, seconds: float, since: datetime | None = None) -> Iterator[None]:
        """Set the clocks of both, that many seconds ahead."""
        moment = (since or clock.now()) + timedelta(seconds=seconds)
        before, self.site.clock = self.site.clock, lambda: moment
        try:
            with clock.set_to(moment):
                yield
        finally:
            self.site.clock = before

    @property
    def members_url(self) -> str:
        """Where the members of the course are."""
        return f"{self.site.base_url}/mod/lti/services.php/CourseSection/{COURSE}/bindings/1/memberships"

    @property
    def lineitems_url(self) -> str:
        """Where the columns of the course are."""
        return f"{self.site.base_url}/mod/lti/services.php/{COURSE}/lineitems?type_id=1"


@pytest.fixture
def moodle(sessions: sessionmaker[Session]) -> Iterator[DemoMoodle]:
    """The demonstration's Moodle on a port of its own."""

    def tool_keys(_url: str) -> dict[str, object]:
        with sessions() as session:
            return dict(key_set(session))

    with running_moodle(
        tool_url="http://tool.localhost", client_id=CLIENT, fetch_keyset=tool_keys
    ) as site:
        yield site


@pytest.fixture
def peer(moodle: DemoMoodle, sessions: sessionmaker[Session]) -> Peer:
    """That Moodle, registered, with course 2 launched once."""
    with sessions.begin() as session:
        site = make_site(session, moodle.base_url)
        course = make_course(session, site, COURSE, idnumber="RMP-ADL-01")
        registration = session.query(Registration).filter_by(site_id=site.id).one()
        found = Peer(moodle, sessions, registration.id, course.id)
        session.add(
            ContextServices(
                course_id=course.id,
                registration_id=registration.id,
                memberships_url=found.members_url,
                lineitems_url=found.lineitems_url,
                scopes=list(GRADEBOOK_SCOPES),
                seen_at=clock.now(),
            )
        )
    return found

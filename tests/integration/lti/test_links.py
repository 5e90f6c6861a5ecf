"""What a launch leaves of its activity and of the services of its course."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.lti import links
from lti_tool.lti.models import ContextServices, Placement, ResourceLink
from lti_tool.lti.vocabulary import AGS_SCOPES, CLAIM, ENDPOINT, ROSTER
from lti_tool.platforms.models import Course, Registration
from tests.security.forge import INSTRUCTOR, LEARNER, Door

SERVICES = "http://moodle.localhost:8081/mod/lti/services.php"
OFFERED = {
    ENDPOINT: {
        "scope": list(AGS_SCOPES),
        "lineitems": f"{SERVICES}/2/lineitems?type_id=1",
        "lineitem": f"{SERVICES}/2/lineitems/104/lineitem?type_id=1",
    },
    ROSTER: {"context_memberships_url": f"{SERVICES}/CourseSection/2/bindings/1/memberships"},
}


def placed(placement: str = "action", **custom: str) -> dict[str, Any]:
    return OFFERED | {CLAIM + "custom": {"ancrage_placement": placement, **custom}}


def link_of(session: Session) -> ResourceLink:
    session.expire_all()
    return session.scalars(select(ResourceLink)).one()


def test_a_launch_records_its_activity_and_what_was_chosen_for_it(
    door: Door, session: Session, registration: Registration
) -> None:
    door.launch(
        placed(
            ancrage_domain="RMP-ADL-4", ancrage_origin="1", ancrage_history="1", ancrage_autre="x"
        )
    )

    link, course = link_of(session), session.scalars(select(Course)).one()
    assert link.deployment_id == registration.deployments[0].id
    assert (link.link_id, link.title, link.course_id) == ("1", "Mon parcours", course.id)
    assert link.placement == Placement.ACTION
    assert link.settings == {"domain": "RMP-ADL-4", "origin": "1"}
    assert link.copied_from == "1"
    assert link.lineitem_url == f"{SERVICES}/2/lineitems/104/lineitem?type_id=1"


def test_a_launch_records_the_services_of_its_course(
    door: Door, session: Session, registration: Registration
) -> None:
    door.launch(placed())

    services = session.scalars(select(ContextServices)).one()
    assert services.registration_id == registration.id
    assert services.memberships_url.endswith("/CourseSection/2/bindings/1/memberships")
    assert services.lineitems_url.endswith("/2/lineitems?type_id=1")
    assert services.scopes == list(AGS_SCOPES)


def test_a_launch_that_offers_nothing_records_no_services(door: Door, session: Session) -> None:
    door.launch()

    assert session.scalar(select(func.count()).select_from(ContextServices)) == 0
    link = link_of(session)
    assert (link.placement, link.settings, link.lineitem_url) == (None, {}, "")


def test_the_last_launch_is_the_one_that_counts(door: Door, session: Session) -> None:
    door.launch(placed(ancrage_domain="RMP-ADL-4"))
    door.launch({CLAIM + "custom": {"ancrage_placement": "path"}, ENDPOINT: {}})

    assert (link_of(session).placement, link_of(session).settings) == (Placement.PATH, {})
    services = session.scalars(select(ContextServices)).one()
    assert (services.memberships_url, services.lineitems_url, services.scopes) == ("", "", [])


def test_moments_are_kept_to_the_minute(door: Door, session: Session) -> None:
    moment = datetime(2026, 11, 20, 10, 30, 41, tzinfo=UTC)
    with time_machine.travel(moment, tick=False):
        door.launch(placed())
    with time_machine.travel(moment + timedelta(seconds=10), tick=False):
        door.launch(placed())

    assert link_of(session).seen_at == moment.replace(second=0)


def test_the_same_number_under_another_deployment_is_another_activity(
    door: Door, session: Session, registration: Registration
) -> None:
    from lti_tool.platforms.models import Deployment

    session.add(
        Deployment(
            registration_id=registration.id,
            deployment_id="2",
            created_at=registration.created_at,
        )
    )
    session.commit()
    door.launch(placed())
    door.launch(placed() | {"deployment_id": "2"})

    assert session.scalar(select(func.count()).select_from(ResourceLink)) == 2


class Said:
    """A log that remembers what it was told."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, dict[str, Any]]] = []

    def warning(self, event: str, **values: Any) -> None:
        self.lines.append((event, values))


def test_an_address_outside_the_platform_is_neither_kept_nor_logged(
    door: Door, session: Session, registration: Registration, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = Said()
    monkeypatch.setattr(links, "log", said)
    foreign = {ROSTER: {"context_memberships_url": "https://evil.test/members?secret=1"}}
    door.launch(placed() | foreign)

    services = session.scalars(select(ContextServices)).one()
    assert services.memberships_url == ""
    assert services.lineitems_url.startswith(SERVICES)
    assert said.lines == [
        (
            "launch.foreign_service",
            {"registration_id": registration.id, "claims": ["memberships_url"]},
        )
    ]


@pytest.mark.parametrize(
    ("placement", "roles", "landing"),
    [
        ("path", [LEARNER], "place=path"),
        ("action", [INSTRUCTOR], "place=action&domaine=RMP-ADL-4"),
    ],
)
def test_the_launch_carries_what_was_chosen_to_the_arrival(
    door: Door, session: Session, placement: str, roles: list[str], landing: str
) -> None:
    custom = {"ancrage_domain": "RMP-ADL-4"} if placement == "action" else {}
    answer = door.launch(placed(placement, **custom) | {"roles": roles})

    course = session.scalars(select(Course)).one()
    assert answer.location == f"/cours/{course.id}/arrivee?{landing}"

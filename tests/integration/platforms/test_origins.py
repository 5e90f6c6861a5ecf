"""Who may frame the tool is known at once here, and in the other processes before anyone waits."""

from __future__ import annotations

from contextlib import ExitStack
from types import SimpleNamespace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.platforms.models import Registration, RegistrationState, Site
from lti_tool.platforms.service import (
    add_registration,
    decide_registration,
    frame_ancestors,
    origins,
    register_site,
)
from lti_tool.store import reading
from tests.factories import make_site

MOODLE = "https://moodle.example.org"
IN_A_FRAME = {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "cross-site"}


class Clock(SimpleNamespace):
    """A clock that stands still until a test moves it."""

    moment = 1000.0

    def monotonic(self) -> float:
        return self.moment


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """What the memory of the origins takes for the time; nothing is remembered yet."""
    clock = Clock()
    monkeypatch.setattr(origins, "time", clock)
    origins.forget_origins()
    return clock


def register(session: Session, base_url: str = MOODLE, client_id: str = "client-1") -> Site:
    return register_site(
        session,
        actor_id=None,
        name="Moodle fictif",
        base_url=base_url,
        client_id=client_id,
        deployment_id="1",
    )


def decide(session: Session, *, accept: bool) -> None:
    registration = session.scalars(select(Registration)).one()
    decide_registration(
        session,
        actor_id=None,
        site_id=registration.site_id,
        registration_id=registration.id,
        accept=accept,
    )


def elsewhere(session: Session, state: RegistrationState) -> None:
    """Decide as another process does: this one is not told."""
    session.scalars(select(Registration)).one().state = state
    session.commit()


def framed_by(client: FlaskClient, **headers: str) -> list[str]:
    policy = client.get("/verifier", headers=headers).headers["Content-Security-Policy"]
    return policy.rpartition("frame-ancestors 'self'")[2].split()


def test_the_origins_of_the_sites_may_frame_the_tool_and_nothing_else(session: Session) -> None:
    assert frame_ancestors(session) == ()
    register(session, "https://moodle.example.org:8443/moodle")
    register(session, "http://moodle.localhost:8081", "client-2")
    assert frame_ancestors(session) == (
        "https://moodle.example.org:8443",
        "http://moodle.localhost:8081",
    )


def test_closing_and_opening_a_site_is_seen_at_once_in_this_process(
    client: FlaskClient, session: Session
) -> None:
    assert framed_by(client) == []
    site = register(session)
    assert framed_by(client) == [MOODLE]
    decide(session, accept=False)
    assert framed_by(client) == []
    decide(session, accept=True)
    assert framed_by(client) == [MOODLE]
    decide(session, accept=False)
    assert framed_by(client) == []
    add_registration(
        session, actor_id=None, site_id=site.id, client_id="client-2", deployment_id="1"
    )
    assert framed_by(client) == [MOODLE]


def test_a_request_that_began_before_the_act_does_not_bring_back_what_was(
    engine: Engine, session: Session, sessions: sessionmaker[Session]
) -> None:
    with sessions(bind=reading(engine)) as slow:
        assert slow.scalars(select(Site)).all() == []
        register(session)

        assert frame_ancestors(slow) == (MOODLE,)

    assert frame_ancestors(session) == (MOODLE,)


def test_a_reading_begun_before_the_act_is_not_kept(
    session: Session, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    true, found = origins._read, []

    def slow(engine: Engine) -> tuple[str, ...]:
        found.append(true(engine))
        if len(found) == 1:
            with sessions() as other:
                register(other)
        return found[-1]

    monkeypatch.setattr(origins, "_read", slow)

    assert frame_ancestors(session) == (MOODLE,)
    assert found == [(), (MOODLE,)]
    assert frame_ancestors(session) == (MOODLE,)


def test_a_slow_reading_does_not_replace_a_later_one(
    session: Session,
    sessions: sessionmaker[Session],
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    true, calls = origins._read, []

    def slow(engine: Engine) -> tuple[str, ...]:
        calls.append(1)
        found = true(engine)
        if len(calls) == 1:
            make_site(session, MOODLE)
            session.commit()
            clock.moment += 0.5
            with sessions() as other:
                assert frame_ancestors(other) == (MOODLE,)
        return found

    monkeypatch.setattr(origins, "_read", slow)
    with sessions() as first:
        assert frame_ancestors(first) == ()
    assert frame_ancestors(session) == (MOODLE,)


def test_what_another_process_decides_is_seen_after_a_second(
    client: FlaskClient, session: Session, clock: Clock
) -> None:
    register(session)
    for state, seen in ((RegistrationState.REFUSED, []), (RegistrationState.ACTIVE, [MOODLE])):
        before = framed_by(client)
        elsewhere(session, state)
        clock.moment += 0.9
        assert framed_by(client) == before
        clock.moment += 0.2
        assert framed_by(client) == seen


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_the_page_that_enters_a_frame_knows_what_another_process_has_just_accepted(
    client: FlaskClient, session: Session, site: str
) -> None:
    register(session)
    elsewhere(session, RegistrationState.PENDING)
    origins.forget_origins()
    assert framed_by(client) == []
    elsewhere(session, RegistrationState.ACTIVE)

    assert framed_by(client, **{**IN_A_FRAME, "Sec-Fetch-Site": site}) == [MOODLE]
    assert framed_by(client) == [MOODLE]


def test_pages_ask_the_database_once_a_second_and_not_each_time(
    client: FlaskClient, session: Session, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(session)
    true, asked = origins._read, []

    def count(engine: Engine) -> tuple[str, ...]:
        asked.append(1)
        return true(engine)

    monkeypatch.setattr(origins, "_read", count)
    for _ in range(5):
        framed_by(client)
        framed_by(client, **{"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "same-origin"})
        framed_by(client, **{"Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "cross-site"})
        client.get("/lti/jwks", headers=IN_A_FRAME)
    assert len(asked) == 1
    clock.moment += 1.1
    framed_by(client)
    assert len(asked) == 2


def test_requests_that_each_hold_a_connection_do_not_wait_for_one_another(
    session: Session, engine: Engine
) -> None:
    """A process with many threads, all of them at work."""
    make_site(session, base_url=MOODLE)
    session.commit()
    origins.forget_origins()
    threads = 20 if engine.dialect.name == "postgresql" else 10
    with ExitStack() as held:
        for _thread in range(threads):
            held.enter_context(reading(engine).connect()).execute(select(1))
        assert frame_ancestors(session) == (MOODLE,)


def test_a_database_that_does_not_answer_leaves_the_last_known_origins(
    session: Session, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(session)
    assert frame_ancestors(session) == (MOODLE,)
    clock.moment += 3600

    def broken(_engine: Engine) -> tuple[str, ...]:
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(origins, "_read", broken)
    assert frame_ancestors(session) == (MOODLE,)
    assert frame_ancestors(session, now=True) == (MOODLE,)

"""Deployments that nobody accepted: recorded once, in bounds, and opened by a coordinator alone."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.journal import entries_about
from lti_tool.lti.deployments import MAX_WAITING, touch
from lti_tool.people.models import BrowserSession, Person
from lti_tool.platforms.models import Deployment, Registration, RegistrationState
from lti_tool.platforms.service import decide_deployment
from tests.factories import make_site
from tests.security.forge import (
    BOTH_ENGINES,
    Door,
    private_key,
    public_jwk,
    publish,
    refused_with,
    registration_of,
    sign,
)
from tests.security.test_login_state import right_token


def deployments(session: Session) -> dict[str, RegistrationState]:
    found = {
        row.deployment_id: RegistrationState(row.state)
        for row in session.scalars(select(Deployment))
    }
    session.rollback()
    session.expire_all()
    return found


@BOTH_ENGINES
def test_an_unknown_deployment_waits_for_a_coordinator_and_is_recorded_once(
    door: Door, session: Session, registration: Registration
) -> None:
    first, again = (door.launch({"deployment_id": "7"}) for _ in range(2))

    assert refused_with(first, "LTI-DEPLOYMENT-UNKNOWN")
    assert refused_with(again, "LTI-DEPLOYMENT-INACTIVE")
    for answer in (first, again):
        page = answer.get_data(as_text=True).replace("\xa0", " ")
        assert "n° 7" in page
        assert "vous n’avez rien à refaire" in page
    assert deployments(session) == {"1": "active", "7": "pending"}
    waiting = session.scalars(select(Deployment).where(Deployment.deployment_id == "7")).one()
    [entry] = entries_about(session, "deployment", waiting.id)
    assert (entry.action, entry.actor_id) == ("deployment.announced", None)
    assert session.scalars(select(Person)).all() == []
    assert session.scalars(select(BrowserSession)).all() == []


@BOTH_ENGINES
def test_an_accepted_deployment_opens_and_a_refused_one_does_not(
    door: Door, session: Session, registration: Registration
) -> None:
    door.launch({"deployment_id": "7"})
    waiting = session.scalars(select(Deployment).where(Deployment.deployment_id == "7")).one()
    decide = {"actor_id": None, "site_id": registration.site_id, "deployment_pk": waiting.id}

    decide_deployment(session, **decide, accept=True)
    assert door.launch({"deployment_id": "7"}).status_code == 303

    decide_deployment(session, **decide, accept=False)
    assert refused_with(door.launch({"deployment_id": "7"}), "LTI-DEPLOYMENT-INACTIVE")


def test_a_deployment_refused_between_login_and_launch_opens_nothing(
    door: Door, session: Session
) -> None:
    state, nonce = door.login()
    session.scalars(select(Deployment)).one().state = RegistrationState.REFUSED
    session.commit()

    assert refused_with(door.post(state, right_token(nonce)), "LTI-DEPLOYMENT-INACTIVE")


@BOTH_ENGINES
def test_a_platform_cannot_fill_the_table_with_deployments(door: Door, session: Session) -> None:
    answers = [door.launch({"deployment_id": f"d{n}"}) for n in range(MAX_WAITING + 2)]

    assert all(refused_with(answer, "LTI-DEPLOYMENT-UNKNOWN") for answer in answers)
    assert "attend l’accord" in answers[0].get_data(as_text=True)
    assert "qui peut l’ajouter au site" in answers[-1].get_data(as_text=True)
    assert len(deployments(session)) == MAX_WAITING + 1


def test_a_token_that_nothing_proves_announces_no_deployment(door: Door, session: Session) -> None:
    door.launch({"deployment_id": "7"}, make=lambda c: sign(c, key=private_key("intrus")))
    door.launch({"deployment_id": "7", "aud": "autre"})

    assert deployments(session) == {"1": "active"}


def test_the_same_number_on_two_sites_is_two_deployments(door: Door, session: Session) -> None:
    other = registration_of(session, make_site(session, "http://autre.localhost:8082"))
    publish(session, other, public_jwk("autre", kid="cle-autre"))
    session.add(Deployment(registration_id=other.id, deployment_id="7", created_at=clock.now()))
    session.commit()

    assert refused_with(door.launch({"deployment_id": "7"}), "LTI-DEPLOYMENT-UNKNOWN")
    states = session.execute(
        select(Deployment.registration_id, Deployment.state).where(Deployment.deployment_id == "7")
    ).all()
    assert len(states) == 2
    assert (other.id, "active") in {tuple(row) for row in states}


def last_launches(session: Session) -> tuple[object, object]:
    session.rollback()
    session.expire_all()
    registration = session.scalars(select(Registration)).one()
    deployment = session.scalars(select(Deployment)).one()
    found = registration.launched_at, deployment.launched_at
    session.rollback()
    return found


@BOTH_ENGINES
def test_the_last_launch_is_noted_at_most_once_a_minute(door: Door, session: Session) -> None:
    start = clock.now().replace(microsecond=0)
    noted = []
    for seconds in (0, 59, 61):
        with time_machine.travel(start + timedelta(seconds=seconds), tick=False):
            assert door.launch().status_code == 303
        noted.append(last_launches(session))

    later = start + timedelta(seconds=61)
    assert noted == [(start, start), (start, start), (later, later)]


def test_a_refused_launch_does_not_count_as_an_accepted_one(door: Door, session: Session) -> None:
    session.scalars(select(Deployment)).one().state = RegistrationState.PENDING
    session.commit()

    door.launch()

    accepted, named = last_launches(session)
    assert accepted is None
    assert named is not None


@BOTH_ENGINES
def test_launches_of_the_same_second_do_not_wait_for_each_other(
    engine_name: str, sessions: sessionmaker[Session], registration: Registration, session: Session
) -> None:
    """On PostgreSQL a launch that finds the row held passes it by; SQLite has one writer anyway."""
    session.rollback()
    moment = clock.now()
    with sessions() as first:
        touch(first, Registration, registration, moment)
        if engine_name == "sqlite":
            first.commit()
        with sessions() as second:
            touch(second, Registration, registration, moment + timedelta(seconds=1))
            second.commit()
        first.commit()

    assert last_launches(session)[0] == moment

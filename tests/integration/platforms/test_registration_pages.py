"""Registrations and deployments on the page of their site: opened, closed, and never another site's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock, journal
from lti_tool.people.models import Role
from lti_tool.platforms.models import Deployment, Registration, RegistrationState, Site
from lti_tool.platforms.service import note_token_use, set_token
from tests.factories import MOMENT, make_grant, make_person, make_site, sign_in
from tests.reading import words_of

OTHER = "http://autre.localhost:8082"


@pytest.fixture
def coordinator(client: FlaskClient, session: Session) -> FlaskClient:
    """A browser with a coordinator at it."""
    person = make_person(session, "Zélie Fictive")
    make_grant(session, person, Role.COORDINATOR)
    sign_in(client, session, person)
    return client


@pytest.fixture
def here(session: Session) -> Site:
    """A site."""
    made = make_site(session)
    session.commit()
    return made


@pytest.fixture
def elsewhere(session: Session) -> Site:
    """Another site, all of whose values differ."""
    made = make_site(session, OTHER, token="b" * 32)
    registration = session.scalars(
        select(Registration).where(Registration.site_id == made.id)
    ).one()
    registration.client_id = "client-ailleurs"
    deployment = session.scalars(
        select(Deployment).where(Deployment.registration_id == registration.id)
    ).one()
    deployment.deployment_id = "4747"
    deployment.state = RegistrationState.PENDING
    session.commit()
    return made


def only_registration(session: Session, site: Site) -> Registration:
    """Read the only registration of a site afresh."""
    session.rollback()
    session.expire_all()
    return session.scalars(select(Registration).where(Registration.site_id == site.id)).one()


def test_a_registration_is_suspended_and_opened_again_and_the_journal_knows(
    coordinator: FlaskClient, session: Session, here: Site
) -> None:
    registration = only_registration(session, here)
    base = f"/coordination/sites/{here.id}"
    path = f"{base}/enregistrements/{registration.id}"
    session.commit()
    assert "Suspendre cet enregistrement" in words_of(coordinator.get(base))
    statuses = [
        coordinator.post(path, data={"decision": decision}).status_code
        for decision in ("refuse", "refuse")
    ]
    assert statuses == [303, 409]
    page = words_of(coordinator.get(base))
    assert "suspendu" in page
    assert "Rouvrir l’enregistrement" in page
    assert only_registration(session, here).state == RegistrationState.REFUSED
    session.commit()
    assert coordinator.post(path, data={"decision": "accept"}).status_code == 303
    assert only_registration(session, here).state == RegistrationState.ACTIVE
    entries = journal.entries_about(session, "registration", registration.id)
    assert [(e.action, e.basis["before"]) for e in entries] == [
        ("registration.refused", "active"),
        ("registration.accepted", "refused"),
    ]
    assert all(entry.actor_id is not None for entry in entries)


def test_a_suspended_registration_opens_nothing(
    coordinator: FlaskClient, session: Session, here: Site
) -> None:
    registration = only_registration(session, here)
    session.commit()
    coordinator.post(
        f"/coordination/sites/{here.id}/enregistrements/{registration.id}",
        data={"decision": "refuse"},
    )
    coordinator.set_cookie("ancrage_cookies", "1", domain="localhost")
    answer = coordinator.post(
        "/lti/login",
        data={
            "iss": here.base_url,
            "client_id": "client-1",
            "login_hint": "41",
            "target_link_uri": "http://tool.localhost/lti/launch",
        },
    )
    assert answer.status_code == 403
    assert "LTI-REGISTRATION-INACTIVE" in answer.text


def test_a_waiting_registration_is_told_on_the_list_and_can_be_refused(
    coordinator: FlaskClient, session: Session, here: Site
) -> None:
    registration = only_registration(session, here)
    registration.state = RegistrationState.PENDING
    session.commit()
    listed = words_of(coordinator.get("/coordination/sites"))
    assert "Un enregistrement attend votre décision." in listed
    assert "déploiement attend" not in listed
    page = words_of(coordinator.get(f"/coordination/sites/{here.id}"))
    assert "Accepter l’enregistrement" in page
    assert "Refuser l’enregistrement" in page


def test_waiting_deployments_come_first_with_the_day_they_were_seen(
    coordinator: FlaskClient, session: Session, here: Site
) -> None:
    session.add(
        Deployment(
            registration_id=only_registration(session, here).id,
            deployment_id="99",
            state=RegistrationState.PENDING,
            created_at=MOMENT,
            launched_at=MOMENT,
        )
    )
    session.commit()
    page = words_of(coordinator.get(f"/coordination/sites/{here.id}"))
    assert page.index("Déploiement 99<") < page.index("Déploiement 1<")
    assert "vu le 1" in page


def test_nothing_of_another_site_is_shown_on_a_page(
    coordinator: FlaskClient, here: Site, elsewhere: Site
) -> None:
    pages = {
        site.id: coordinator.get(f"/coordination/sites/{site.id}").text
        for site in (here, elsewhere)
    }
    for value in (OTHER, "client-ailleurs", "4747"):
        assert value in pages[elsewhere.id]
        assert value not in pages[here.id]
    assert "client-1" not in pages[elsewhere.id]


def test_what_belongs_to_another_site_is_not_found(
    coordinator: FlaskClient, session: Session, here: Site, elsewhere: Site
) -> None:
    foreign = only_registration(session, elsewhere)
    paths = [
        f"/coordination/sites/{here.id}/{noun}/{number}"
        for noun, number in (
            ("enregistrements", foreign.id),
            ("deploiements", foreign.deployments[0].id),
        )
    ]
    session.commit()
    for path in paths:
        for decision in ("accept", "refuse"):
            assert coordinator.post(path, data={"decision": decision}).status_code == 404
    again = only_registration(session, elsewhere)
    assert again.state == RegistrationState.ACTIVE
    assert again.deployments[0].state == RegistrationState.PENDING


def test_the_last_use_of_the_token_is_noted_at_most_hourly_and_forgotten_with_it(
    coordinator: FlaskClient, session: Session, here: Site
) -> None:
    set_token(session, actor_id=None, site_id=here.id, token="c" * 32)
    for minutes, noted in ((0, 0), (59, 0), (60, 60)):
        with clock.set_to(MOMENT + timedelta(minutes=minutes)):
            note_token_use(session, here.id)
        session.refresh(here)
        assert here.token_used_at == MOMENT + timedelta(minutes=noted)
        session.commit()
    page = words_of(coordinator.get(f"/coordination/sites/{here.id}"))
    assert "Dernière réponse de Moodle à ce jeton" in page
    assert "aucune encore" not in page.partition("Lancement depuis Moodle")[0]
    set_token(session, actor_id=None, site_id=here.id, token="d" * 32)
    assert here.token_used_at is None

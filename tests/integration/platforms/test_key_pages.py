"""The page of the tool's keys: state in words, replaced after a confirmation, never a private part."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import journal
from lti_tool.people.models import Role
from lti_tool.platforms.keys import make_key, signing_key
from lti_tool.platforms.models import KeyState, ToolKey
from tests.factories import make_grant, make_person, sign_in
from tests.reading import words_of

PAGE, REPLACE = "/coordination/cles", "/coordination/cles/remplacer"


@pytest.fixture
def coordinator(client: FlaskClient, session: Session) -> FlaskClient:
    """A browser with a coordinator at it."""
    person = make_person(session, "Zélie Fictive")
    make_grant(session, person, Role.COORDINATOR)
    sign_in(client, session, person)
    return client


@pytest.fixture
def active(session: Session) -> str:
    """The key that signs."""
    kid = signing_key(session).kid
    session.commit()
    return kid


def states(session: Session) -> list[str]:
    """The states, newest first."""
    session.expire_all()
    found = [str(s) for s in session.scalars(select(ToolKey.state).order_by(ToolKey.id.desc()))]
    session.rollback()
    return found


def test_without_a_key_the_page_says_that_one_will_come(coordinator: FlaskClient) -> None:
    page = words_of(coordinator.get(PAGE))
    assert "Aucune clé encore" in page
    assert "Remplacer maintenant" not in page


def test_the_page_says_which_key_signs_until_when_and_shows_nothing_private(
    coordinator: FlaskClient, session: Session, active: str
) -> None:
    answer = coordinator.get(PAGE)
    page = words_of(answer)
    for words in (active[:10], "signe", "remplacée le", "Oui, remplacer la clé"):
        assert words in page
    assert "PRIVATE" not in answer.text
    assert "BEGIN" not in answer.text


def test_the_confirmation_says_what_will_happen_with_and_without_a_waiting_key(
    coordinator: FlaskClient, session: Session, active: str
) -> None:
    assert "Moodle n’a pas encore lue" in words_of(coordinator.get(PAGE))
    make_key(session, KeyState.NEXT)
    session.commit()
    page = words_of(coordinator.get(PAGE))
    assert "suivante, déjà publiée" in page
    assert "signera tout de suite. L’ancienne reste publiée 14 jours" in page


def test_replacing_takes_one_press_and_a_second_press_changes_nothing(
    coordinator: FlaskClient, session: Session, active: str
) -> None:
    form = {"replacing": active}
    assert coordinator.post(REPLACE, data=form).status_code == 303
    again = coordinator.post(REPLACE, data=form)
    assert again.status_code == 409
    assert "PLT-KEY-TURNED" in again.text
    assert states(session) == ["active", "retired"]
    former = session.scalars(select(ToolKey.id).where(ToolKey.kid == active)).one()
    assert journal.entries_about(session, "tool_key", former)[-1].actor_id is not None


def test_after_a_theft_everything_former_is_erased(
    coordinator: FlaskClient, session: Session, active: str
) -> None:
    coordinator.post(REPLACE, data={"replacing": active, "stolen": "1"})
    assert states(session) == ["active", "gone"]
    assert "effacée" in words_of(coordinator.get(PAGE))


def test_nobody_but_a_coordinator_finds_the_keys(
    client: FlaskClient, session: Session, active: str
) -> None:
    sign_in(client, session, make_person(session, "Autre Fictif"))
    assert client.get(PAGE).status_code == 404
    assert client.post(REPLACE, data={"replacing": active}).status_code == 404
    assert states(session) == ["active"]

"""What the service account needs, ready to copy, and the role as a file: one source for all of it."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lti_tool.lti.registration.document import TOOL, registration_document
from lti_tool.people.models import Role
from lti_tool.platforms.service_account import needed_capabilities, needed_functions
from lti_tool.platforms.tool_addresses import manual_settings, tool_addresses
from tests.conftest import BASE_URL
from tests.factories import make_grant, make_person, sign_in
from tests.reading import words_of

PAGE, FILE = "/coordination/sites/compte-de-service", "/coordination/sites/role-ancrage.xml"
ROOT = Path(__file__).parents[3]


@pytest.fixture
def coordinator(client: FlaskClient, session: Session) -> FlaskClient:
    """A browser with a coordinator at it."""
    person = make_person(session, "Zélie Fictive")
    make_grant(session, person, Role.COORDINATOR)
    sign_in(client, session, person)
    return client


def test_every_capability_and_function_is_there_to_copy_with_what_it_is_for(
    coordinator: FlaskClient,
) -> None:
    page = coordinator.get(PAGE).text
    for right in (*needed_capabilities(), *needed_functions()):
        assert f'value="{right.name}"' in page
    assert "Presque aucun cours ne peut être lu." in words_of(coordinator.get(PAGE))


def test_the_file_of_the_role_is_the_one_of_the_documentation(coordinator: FlaskClient) -> None:
    answer = coordinator.get(FILE)
    assert answer.mimetype == "application/xml"
    assert "role-ancrage.xml" in answer.headers["Content-Disposition"]
    assert answer.text == (ROOT / "docs/moodle/role-ancrage.xml").read_text("utf-8")
    role = ET.fromstring(answer.data)  # noqa: S314  # our own file
    allowed = {item.text for item in role.iter("allow")}
    assert allowed == {right.name for right in needed_capabilities()}


def test_nobody_but_a_coordinator_finds_them(client: FlaskClient, session: Session) -> None:
    sign_in(client, session, make_person(session, "Autre Fictif"))
    assert [client.get(path).status_code for path in (PAGE, FILE)] == [404, 404]


def test_the_addresses_to_paste_are_those_that_answer(client: FlaskClient) -> None:
    ours = tool_addresses(BASE_URL)
    assert ours.redirect == ours.tool
    answers = {
        "tool": client.post(ours.tool),
        "login": client.post(ours.login),
        "key set": client.get(ours.key_set),
        "icon": client.get(ours.icon, buffered=True),
    }
    assert {name: answer.status_code for name, answer in answers.items()} == {
        "tool": 400,
        "login": 400,
        "key set": 200,
        "icon": 200,
    }


def test_a_tool_added_by_hand_is_given_what_registration_asks_for() -> None:
    asked, ours = registration_document(BASE_URL), tool_addresses(BASE_URL)
    tool = asked[TOOL]
    [deep] = [one for one in tool["messages"] if one["type"] == "LtiDeepLinkingRequest"]
    assert [ours.redirect] == asked["redirect_uris"]
    assert ours.login == asked["initiate_login_uri"]
    assert ours.tool == tool["target_link_uri"]
    assert ours.content_selection == deep["target_link_uri"]
    assert {one.key: one.value for one in manual_settings(BASE_URL)}["custom"].split("\n") == [
        f"{name}={value}" for name, value in tool["custom_parameters"].items()
    ]


def test_page_and_guide_give_every_field_of_the_form(coordinator: FlaskClient) -> None:
    answer = coordinator.get("/coordination/sites/ajouter")
    page, words = answer.text, words_of(answer)
    guide = (ROOT / "docs/installation.md").read_text("utf-8")
    rows = [line for line in guide.splitlines() if line.startswith("| **")]
    for one in manual_settings("https://ancrage.example.org"):
        here = one.value.replace("https://ancrage.example.org", BASE_URL)
        if one.choice:
            assert one.french in words
            assert one.value in words
        else:
            assert f'id="{one.key}" value="{here}"' in page
            assert f'data-copy="{one.key}"' in page
        [row] = [row for row in rows if row.startswith(f"| **{one.french}**")]
        assert one.english in row
        assert one.value in row

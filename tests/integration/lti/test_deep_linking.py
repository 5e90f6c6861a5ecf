"""A trainer chooses what to place; Moodle takes the answer; what is placed opens where it should."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta
from typing import Any

import jwt
import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.demo.moodle.sessions import COOKIE
from lti_tool.journal.models import JournalEntry
from lti_tool.lti.models import ContentSelection
from lti_tool.lti.vocabulary import CLAIM, DEEP_LINKING
from lti_tool.platforms.keys import key_set
from lti_tool.platforms.models import Course
from tests.contract.demo.launching import browser
from tests.contract.demo.recorded_site import recorded_site
from tests.contract.demo.recordings import recording
from tests.factories import make_domain, map_course
from tests.security.choosing import RETURN_URL, selection_claims
from tests.security.forge import INSTRUCTOR, LEARNER, Door

TRAINER = 63
ITEMS = DEEP_LINKING + "content_items"
TWO = {
    "place": ["path", "action"],
    "title_path": "Mon parcours",
    "title_action": "  Notre   passage à l’action ",
    "title_cohort": "Oubliée",
    "column": "1",
}


def open_choice(door: Door, **settings: Any) -> str:
    answer = door.launch(selection_claims(**settings))
    assert answer.status_code == 303
    return str(answer.location)


def post_form(page: Any) -> tuple[str, str]:
    """The address and the token that a page posts to the platform."""
    text = page.get_data(as_text=True)
    action = re.search(r'<form id="answer" action="([^"]+)"', text)
    token = re.search(r'name="JWT" value="([^"]+)"', text)
    assert action
    assert token
    return html.unescape(action[1]), token[1]


def claims_of(session: Session, token: str) -> dict[str, Any]:
    """The claims of an answer whose signature our public set verifies."""
    keys = {key["kid"]: key for key in key_set(session)["keys"]}
    session.rollback()
    key = jwt.PyJWK(keys[jwt.get_unverified_header(token)["kid"]]).key
    return jwt.decode(token, key, ["RS256"], audience="http://moodle.localhost:8081")


def test_the_page_shows_what_can_be_placed(door: Door) -> None:
    shown = door.client.get(open_choice(door)).get_data(as_text=True)

    for title in ("Mon parcours RMP-ADL", "Passage à l’action", "Certification", "Cohorte"):
        assert title in shown
    assert shown.count('type="checkbox" id="place-') == 4
    assert "rien n’est ajouté avant" in shown


def test_the_answer_has_the_shape_that_moodle_accepted(door: Door, session: Session) -> None:
    now = clock.now()
    address, token = post_form(door.client.post(open_choice(door), data=TWO))

    claims = claims_of(session, token)
    recorded = recording("lti", "deep-linking-response-two")["response_jwt_claims"]
    assert address == RETURN_URL
    assert set(claims) == set(recorded)
    assert (claims["iss"], claims["aud"]) == ("client-1", "http://moodle.localhost:8081")
    assert claims["iat"] < now.timestamp() < claims["exp"] < now.timestamp() + 400
    assert claims[CLAIM + "deployment_id"] == "1"
    for name in ("message_type", "version"):
        assert claims[CLAIM + name] == recorded[CLAIM + name]


def test_several_items_carry_their_title_their_settings_and_their_column(
    door: Door, session: Session
) -> None:
    _address, token = post_form(door.client.post(open_choice(door), data=TWO))

    path, action = claims_of(session, token)[ITEMS]
    settings = {"ancrage_origin": "2", "ancrage_history": "$Context.id.history"}
    assert (path["type"], path["title"]) == ("ltiResourceLink", "Mon parcours")
    assert path["custom"] == {"ancrage_placement": "path"} | settings
    assert action["title"] == "Notre passage à l’action"
    assert action["custom"] == {"ancrage_placement": "action"} | settings
    assert action["lineItem"] == {
        "label": "Notre passage à l’action",
        "scoreMaximum": 100,
        "resourceId": "ancrage-certified",
        "tag": "ancrage",
    }
    assert "lineItem" not in path
    assert not any("url" in item for item in (path, action))


def test_the_journal_says_who_placed_what(door: Door, session: Session) -> None:
    door.client.post(open_choice(door), data=TWO)

    entry = session.scalars(
        select(JournalEntry).where(JournalEntry.action == "content.chosen")
    ).one()
    assert entry.basis == {"placements": ["path", "action"]}


def test_giving_up_answers_with_an_empty_choice(door: Door, session: Session) -> None:
    _address, token = post_form(door.client.post(open_choice(door) + "/rien"))

    assert claims_of(session, token)[ITEMS] == []


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Cochez au moins une activité"),
        ({"place": ["administration"]}, "Cochez au moins une activité"),
        ({"place": ["path"], "title_path": "  "}, "Donnez un titre à cette activité."),
        (
            {"place": ["action"], "title_action": "Agir", "domain": "RMP-ADL-9"},
            "Choisissez un domaine pour lequel ce cours compte.",
        ),
    ],
)
def test_a_choice_that_cannot_be_sent_is_asked_again(
    door: Door, session: Session, fields: dict[str, Any], sentence: str
) -> None:
    place = open_choice(door)

    answer = door.client.post(place, data=fields)

    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)
    assert session.scalars(select(ContentSelection)).one().public_id in place


def test_a_platform_that_takes_one_item_gets_one(door: Door) -> None:
    place = open_choice(door, accept_multiple=None)
    assert 'type="radio" id="place-path"' in door.client.get(place).get_data(as_text=True)

    refused = door.client.post(place, data=TWO)

    assert refused.status_code == 422
    assert "n’en gardez qu’une" in refused.get_data(as_text=True)
    assert door.client.post(place, data=TWO | {"place": ["path"]}).status_code == 200


def test_a_platform_that_takes_no_column_gets_none(door: Door, session: Session) -> None:
    place = open_choice(door, accept_lineitem=False)
    assert "carnet de notes" not in door.client.get(place).get_data(as_text=True)

    _address, token = post_form(door.client.post(place, data=TWO))

    assert "lineItem" not in claims_of(session, token)[ITEMS][1]


def test_a_course_of_several_domains_lets_one_be_chosen(door: Door, session: Session) -> None:
    place = open_choice(door)
    course = session.scalars(select(Course)).one()
    for number in (4, 8):
        map_course(session, course, make_domain(session, number))
    session.commit()
    assert '<option value="RMP-ADL-8"' in door.client.get(place).get_data(as_text=True)

    _address, token = post_form(door.client.post(place, data=TWO | {"domain": "RMP-ADL-8"}))

    path, action = claims_of(session, token)[ITEMS]
    assert action["custom"]["ancrage_domain"] == "RMP-ADL-8"
    assert "ancrage_domain" not in path["custom"]


def test_a_choice_left_for_an_hour_is_over_and_forgotten(door: Door, session: Session) -> None:
    place = open_choice(door)
    with time_machine.travel(clock.now() + timedelta(hours=1, seconds=1), tick=False):
        answer = door.client.post(place, data=TWO)
        assert answer.status_code == 404
        assert "Ce choix est terminé" in answer.get_data(as_text=True)
        other = open_choice(door)

    left = session.scalars(select(ContentSelection.public_id)).all()
    assert [one in other for one in left] == [True]


def test_another_tab_does_not_end_a_choice(door: Door) -> None:
    place = open_choice(door)
    door.launch({"roles": [INSTRUCTOR], "context": {"id": "16", "label": "x", "title": "y"}})

    assert door.client.post(place, data=TWO).status_code == 200


def test_who_no_longer_teaches_the_course_no_longer_chooses(door: Door) -> None:
    place = open_choice(door)
    door.launch({"roles": [LEARNER]})

    assert door.client.post(place, data=TWO).status_code == 404


def test_moodle_takes_the_answer_and_a_saved_activity_opens_what_was_chosen(
    door: Door, session: Session
) -> None:
    _address, token = post_form(door.client.post(open_choice(door), data=TWO))
    keys = key_set(session)
    session.rollback()
    site = recorded_site(fetch_keyset=lambda _url: keys)
    site.client_id, site.clock = "client-1", clock.now
    client = browser(site, TRAINER)
    cookie = client.get_cookie(COOKIE)
    opened = site.sessions.find(cookie.value if cookie else "")
    assert opened
    page = client.post(
        f"/mod/lti/contentitem_return.php?course=2&id=1&sesskey={opened.sesskey}",
        data={"JWT": token},
    )
    assert page.status_code == 200, page.text
    filled = re.search(r'id="activity-form-values">(.*?)</script>', page.text, re.DOTALL)
    assert filled
    values = json.loads(filled[1])["multiple"]
    recorded = recording("lti", "deep-linking-response-one-nourl")["activity_form_values"]
    assert set(values[1]) == set(recorded)
    assert values[1]["typeid"] == recorded["typeid"]
    assert (values[1]["lineitemresourceid"], values[1]["lineitemtag"]) == (
        "ancrage-certified",
        "ancrage",
    )
    assert values[1]["instructorcustomparameters"] == (
        "ancrage_placement=action\nancrage_origin=2\nancrage_history=$Context.id.history"
    )

"""Deep linking: who may choose, where the answer may go, and what goes back unchanged (rows 26, 27)."""

from __future__ import annotations

import html
import re
from typing import Any

import jwt
import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.lti.models import ContentSelection
from lti_tool.lti.vocabulary import DEEP_LINKING, SETTINGS
from lti_tool.platforms.models import Registration
from tests.security.choosing import RETURN_URL, selection_claims
from tests.security.forge import LEARNER, Door, refused_with

PERSON_ADMINISTRATOR = "http://purl.imsglobal.org/vocab/lis/v2/person#Administrator"
INSTITUTION_ADMINISTRATOR = (
    "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator"
)


def chosen(door: Door, place: str, **fields: str) -> Any:
    """Post a choice of « Mon parcours » to the page of a selection."""
    return door.client.post(place, data={"place": "path", "title_path": "Mon parcours"} | fields)


def answered(page: Any) -> dict[str, Any]:
    """The claims of the answer that a page posts."""
    token = re.search(r'name="JWT" value="([^"]+)"', page.get_data(as_text=True))
    assert token, page.get_data(as_text=True)
    return jwt.decode(token[1], options={"verify_signature": False})


@pytest.mark.parametrize(
    "return_url",
    [
        None,
        "",
        7,
        "javascript:alert(1)",
        "JavaScript:alert(1)//moodle.localhost:8081",
        "data:text/html,x",
        "//moodle.localhost:8081/",
        "https://evil.test/return",
        "https://moodle.localhost:8081/return",
        "http://moodle.localhost:8082/return",
        "http://moodle.localhost:8081@evil.test/",
        "http://moodle.localhost:8081.evil.test/",
        "http://moodle.localhost:8081\\.evil.test/",
        'http://moodle.localhost:8081/"><script>alert(1)</script>',
        "http://moodle.localhost:8081/\nLocation: x",
    ],
)
def test_an_answer_never_goes_anywhere_but_to_the_platform(
    standing_door: Door, return_url: object
) -> None:
    answer = standing_door.launch(selection_claims(deep_link_return_url=return_url))

    assert refused_with(answer, "LTI-DEEP-LINKING-RETURN")


@pytest.mark.parametrize(
    "types", [None, [], ["link", "file"], "link", "ltiResourceLink", {"ltiResourceLink": True}]
)
def test_a_platform_that_takes_no_activity_is_told_so(standing_door: Door, types: object) -> None:
    assert refused_with(standing_door.launch(selection_claims(accept_types=types)), "LTI-MESSAGE")


@pytest.mark.parametrize("settings", [None, "x", [], {}])
def test_a_request_without_its_settings_is_refused(standing_door: Door, settings: object) -> None:
    answer = standing_door.launch(selection_claims() | {SETTINGS: settings})

    assert refused_with(answer, "LTI-MESSAGE")


@pytest.mark.parametrize("data", [7, {"a": 1}, "x" * 16_385, "x\x00y"])
def test_data_that_could_not_go_back_unchanged_is_refused(
    standing_door: Door, data: object
) -> None:
    assert refused_with(standing_door.launch(selection_claims(data=data)), "LTI-DEEP-LINKING")


@pytest.mark.parametrize(
    ("roles", "code"),
    [
        ([LEARNER], "LTI-DEEP-LINKING-ROLE"),
        (
            ["http://purl.imsglobal.org/vocab/lis/v2/membership/Learner#Instructor"],
            "LTI-DEEP-LINKING-ROLE",
        ),
        ([LEARNER, PERSON_ADMINISTRATOR], "LTI-DEEP-LINKING-ROLE"),
        ([PERSON_ADMINISTRATOR], "LTI-NO-COURSE-ROLE"),
        ([INSTITUTION_ADMINISTRATOR], "LTI-NO-COURSE-ROLE"),
    ],
)
def test_only_who_teaches_the_course_chooses(
    standing_door: Door, roles: list[str], code: str
) -> None:
    assert refused_with(standing_door.launch(selection_claims() | {"roles": roles}), code)


def test_an_administrator_who_teaches_the_course_chooses(door: Door) -> None:
    claims = selection_claims()
    answer = door.launch(claims | {"roles": [*claims["roles"], PERSON_ADMINISTRATOR]})

    assert answer.status_code == 303


def test_a_student_cannot_answer_in_the_place_of_the_trainer(
    app: Flask, door: Door, session: Session
) -> None:
    place = door.launch(selection_claims()).location
    student = Door(app.test_client())
    student.launch({"sub": "42", "roles": [LEARNER]})
    other_trainer = Door(app.test_client())
    other_trainer.launch(selection_claims() | {"sub": "43"})

    assert student.client.get(place).status_code == 404
    assert chosen(student, place).status_code == 404
    assert other_trainer.client.get(place).status_code == 404
    assert chosen(other_trainer, place).status_code == 404
    assert Door(app.test_client()).client.get(place).status_code in (401, 404)
    assert session.scalar(select(func.count()).select_from(ContentSelection)) == 2


@pytest.mark.parametrize("data", ["opaque", "", 'é « " > </script> & \u202e 字 {}', "x" * 16_384])
def test_data_goes_back_unchanged(door: Door, data: str) -> None:
    place = door.launch(selection_claims(data=data)).location

    assert answered(chosen(door, place))[DEEP_LINKING + "data"] == data


def test_without_data_none_goes_back(door: Door) -> None:
    place = door.launch(selection_claims()).location

    assert DEEP_LINKING + "data" not in answered(chosen(door, place))


def test_the_answer_may_be_posted_to_the_platform_alone(
    door: Door, registration: Registration
) -> None:
    place = door.launch(selection_claims()).location
    page = chosen(door, place)

    policy = page.headers["Content-Security-Policy"]
    assert "form-action http://moodle.localhost:8081;" in policy
    assert "script-src 'self';" in policy
    assert f'action="{html.escape(RETURN_URL)}"' in page.get_data(as_text=True)


def test_a_title_cannot_break_out_of_the_page_or_the_token(door: Door) -> None:
    place = door.launch(selection_claims()).location
    title = '"><script>alert(1)</script>'
    page = chosen(door, place, title_path=title)

    assert "<script>alert" not in page.get_data(as_text=True)
    assert answered(page)[DEEP_LINKING + "content_items"][0]["title"] == title


def test_a_choice_is_answered_once(door: Door, session: Session) -> None:
    place = door.launch(selection_claims()).location
    assert chosen(door, place).status_code == 200

    again = chosen(door, place)

    assert (again.status_code, "LTI-SELECTION-OVER" in again.get_data(as_text=True)) == (404, True)
    assert session.scalar(select(func.count()).select_from(ContentSelection)) == 0


def test_the_session_key_in_the_return_address_is_not_readable_in_the_database(
    door: Door, session: Session
) -> None:
    from sqlalchemy import text

    door.launch(selection_claims())

    stored = session.execute(text("SELECT return_url FROM content_selection")).scalar_one()
    assert "sesskey" not in stored

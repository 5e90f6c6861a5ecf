"""What a request for content must hold, whatever the library looked at before."""

from __future__ import annotations

from typing import Any

import pytest

from lti_tool.lti.errors import LtiRefused
from lti_tool.lti.selections import SelectionAsked, read_selection
from lti_tool.lti.vocabulary import SETTINGS
from lti_tool.people.models import CourseRole
from tests.security.choosing import RETURN_URL, selection_claims
from tests.unit.lti.test_recorded_tokens import recording

MOODLE = "http://moodle.localhost:8081"


def read(claims: Any, role: CourseRole = CourseRole.TRAINER) -> SelectionAsked:
    return read_selection(claims, role=role, origins={MOODLE})


def refusal(claims: Any) -> str:
    with pytest.raises(LtiRefused) as refused:
        read(claims)
    return refused.value.code


def test_the_recorded_request_is_read_whole() -> None:
    asked = read(recording("deep-linking-request")["id_token_claims"])

    assert asked.return_url.startswith(f"{MOODLE}/mod/lti/contentitem_return.php?course=2&id=1&")
    assert (asked.multiple, asked.columns, asked.data) == (True, True, None)
    assert asked.title == "Titre proposé"


def test_its_session_key_is_not_printed() -> None:
    asked = read(recording("deep-linking-request")["id_token_claims"])

    assert "sesskey" not in repr(asked)


@pytest.mark.parametrize("settings", [None, "x", [], {}, {"accept_types": []}])
def test_settings_that_cannot_be_used_are_refused(settings: object) -> None:
    assert refusal({SETTINGS: settings}) == "LTI-DEEP-LINKING"


@pytest.mark.parametrize("types", [None, "ltiResourceLink", {"ltiResourceLink": 1}, ["link"]])
def test_a_platform_must_take_activities(types: object) -> None:
    settings = {"accept_types": types, "deep_link_return_url": RETURN_URL}
    assert refusal({SETTINGS: settings}) == "LTI-DEEP-LINKING"


@pytest.mark.parametrize(("told", "multiple"), [(True, True), (False, False), ("true", False)])
def test_several_items_are_for_who_says_so(told: object, multiple: bool) -> None:
    assert read(selection_claims(accept_multiple=told)).multiple is multiple

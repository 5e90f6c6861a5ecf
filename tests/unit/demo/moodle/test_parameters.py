"""Parameters of the web services: PHP's arrays, Moodle's types, its silence."""

from __future__ import annotations

import pytest

from lti_tool.demo.moodle.webservice.errors import WebServiceError
from lti_tool.demo.moodle.webservice.parameters import (
    MAX_INPUT_VARS,
    Int,
    Many,
    Struct,
    Text,
    php_form,
)

OPTIONS = Struct(
    {
        "courseid": Int(),
        "options": Many(Struct({"name": Text(), "value": Text()}), default=[]),
    }
)


def test_brackets_become_nested_values() -> None:
    form = php_form([("courseid", "2"), ("options[0][name]", "limit"), ("options[0][value]", "5")])
    assert OPTIONS.read(form) == {
        "courseid": 2,
        "options": [{"name": "limit", "value": "5"}],
    }


def test_empty_brackets_are_numbered_as_php_does() -> None:
    assert php_form([("ids[]", "4"), ("ids[]", "7")]) == {"ids": {"0": "4", "1": "7"}}


def test_php_drops_what_is_beyond_its_limit_without_a_word() -> None:
    pairs = [(f"values[{number}]", str(number)) for number in range(MAX_INPUT_VARS + 500)]
    assert len(php_form(pairs)["values"]) == MAX_INPUT_VARS


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"courseid": "quatre"},
        {"courseid": ""},
        {"courseid": "2", "inconnu": "1"},
        {"courseid": "2", "options": "x"},
        {"courseid": {"0": "2"}},
        {"courseid": "2", "options": {"0": {"name": "limit"}}},
    ],
)
def test_an_ill_formed_call_never_says_which_parameter(form: dict[str, object]) -> None:
    with pytest.raises(WebServiceError) as raised:
        OPTIONS.read(form)
    assert raised.value.document()["errorcode"] == "invalidparameter"

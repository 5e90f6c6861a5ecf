"""Every finding of a check is told in plain words: what is missing, what it breaks, what to do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lti_tool.platforms.findings import describe
from lti_tool.platforms.rights import CAPABILITY_EFFECTS, FUNCTION_EFFECTS
from lti_tool.platforms.service.access import NEEDED
from moodle_client import FindingCode


def finding(code: FindingCode, **values: Any) -> dict[str, Any]:
    """A finding as it comes back from the database."""
    empty = {"function": None, "capabilities": [], "error": None}
    return json.loads(json.dumps({"code": str(code), **empty, **values}))


@pytest.mark.parametrize("code", list(FindingCode))
def test_each_code_says_what_is_missing_what_it_breaks_and_what_to_do(code: FindingCode) -> None:
    text = describe(
        finding(
            code,
            function="gradereport_user_get_grade_items",
            capabilities=["moodle/grade:viewall", "gradereport/user:view"],
            error="MOODLE-INVALID-TOKEN",
        )
    )
    parts = (text.missing, text.effect, text.remedy)
    assert all(part.endswith(".") for part in parts)
    assert len(set(parts)) == 3
    assert not any("%(" in part or "None" in part for part in parts)


@pytest.mark.parametrize("code", list(FindingCode))
def test_a_finding_without_details_is_told_too(code: FindingCode) -> None:
    text = describe(finding(code))
    assert text.missing
    assert text.effect
    assert text.remedy


def test_a_missing_capability_names_it_and_what_goes_wrong_without_it() -> None:
    text = describe(
        finding(
            FindingCode.MISSING_CAPABILITY,
            function="core_course_get_courses",
            capabilities=["moodle/course:viewhiddencourses"],
        )
    )
    assert "moodle/course:viewhiddencourses" in text.missing
    assert "un seul cours est caché" in text.effect
    assert "moodle/course:viewhiddencourses" in text.remedy


def test_a_site_that_does_not_answer_says_why() -> None:
    text = describe(finding(FindingCode.NO_ANSWER, error="MOODLE-INVALID-TOKEN"))
    assert "ne reconnaît pas le jeton" in text.effect
    assert text.blocking


def test_an_unknown_right_still_says_that_something_breaks() -> None:
    text = describe(finding(FindingCode.MISSING_CAPABILITY, capabilities=["local/other:thing"]))
    assert "local/other:thing" in text.missing
    assert "incomplète" in text.effect


def test_each_function_that_the_check_needs_says_what_it_is_for() -> None:
    assert {str(function) for function in NEEDED} <= set(FUNCTION_EFFECTS)


def test_each_capability_of_those_functions_says_what_it_is_for() -> None:
    needed = {name for function in NEEDED for name in function.capabilities}
    assert needed <= set(CAPABILITY_EFFECTS)


def test_every_capability_that_a_check_can_name_has_what_breaks_without_it() -> None:
    named = {capability for function in NEEDED for capability in function.capabilities}
    assert named <= set(CAPABILITY_EFFECTS)
    assert all(str(effect).endswith(".") for effect in CAPABILITY_EFFECTS.values())

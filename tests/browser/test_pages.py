"""Every main page, on a phone and on a desk: nothing overflows, axe-core finds nothing, it is light."""

from __future__ import annotations

import pytest
from playwright.sync_api import Response

from tests.browser.conftest import Visitor
from tests.browser.looking import faults, weight
from tests.browser.places import ANYONE, CASTS
from tests.browser.visit import COMMUNICATION, PHONE, WIDE, Visit

pytestmark = pytest.mark.browser

LIGHT = 100_000
MOODLE_PAGES = (
    "/",
    "/my/courses.php",
    "/course/view.php?id=2",
    "/grade/report/grader/index.php?id=2",
)


def faults_of(visit: Visit, addresses: list[str]) -> dict[str, list[str]]:
    """Return the faults of each page at both widths; nothing for a page without any."""
    found = {}
    for address in addresses:
        visit.page.goto(address)
        for size in (WIDE, PHONE):
            visit.page.set_viewport_size(size)
            found[f"{address} at {size['width']}"] = faults(visit.page)
    return {where: what for where, what in found.items() if what}


@pytest.mark.parametrize("name", CASTS)
def test_the_pages_of_each_person_are_sound_at_both_widths(visitor: Visitor, name: str) -> None:
    visit = visitor()
    addresses = CASTS[name].addresses(visit)
    assert faults_of(visit, [visit.demonstration.tool + path for path in addresses]) == {}


def test_the_pages_of_anyone_are_sound_at_both_widths(visitor: Visitor) -> None:
    visit = visitor()
    assert faults_of(visit, [visit.demonstration.tool + path for path in ANYONE]) == {}


def test_the_pages_of_the_demonstration_are_sound_at_both_widths(visitor: Visitor) -> None:
    visit = visitor().enter("formateur1")
    assert faults_of(visit, [visit.demonstration.moodle + path for path in MOODLE_PAGES]) == {}


def test_the_first_page_of_a_learner_is_light(visitor: Visitor) -> None:
    visit = visitor()
    answers: list[Response] = []
    visit.context.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108  # Playwright marks its handlers
    visit.enter("apprenant01", COMMUNICATION)
    ours = [one for one in answers if one.url.startswith(visit.demonstration.tool)]
    assert any(one.request.resource_type == "stylesheet" for one in ours)
    assert weight(ours) < LIGHT

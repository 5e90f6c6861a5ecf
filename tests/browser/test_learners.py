"""Learners whose grade is not a plain number read the truth, and never a mark that is not theirs."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.acts.learner import answer_the_notice, expect_criterion
from tests.browser.conftest import Visitor
from tests.browser.visit import COMMUNICATION

pytestmark = pytest.mark.browser

TOTAL = "Note totale"


@pytest.mark.parametrize(
    ("username", "status", "said", "never"),
    [
        ("apprenant32", "en attente", "Pas encore noté", "Lu :"),
        ("apprenant31", "à reprendre", "Lu : 0 %", "Pas encore noté"),
        ("apprenant33", "en attente", "", "80"),
    ],
    ids=["not graded yet", "a real zero", "a hidden grade"],
)
def test_a_learner_reads_what_is_known_of_their_grade(
    visitor: Visitor, username: str, status: str, said: str, never: str
) -> None:
    visit = visitor().enter(username, COMMUNICATION)
    answer_the_notice(visit)
    expect_criterion(visit, TOTAL, status, text=said)
    criterion = visit.tool.locator("li.criterion", has_text=TOTAL).last
    expect(criterion).not_to_contain_text(never)

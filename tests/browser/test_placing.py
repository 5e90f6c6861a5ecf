"""A trainer places two activities in a course of the demonstration; a learner opens each."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.browser.visit import COMMUNICATION, FRAME, Visit

pytestmark = pytest.mark.browser
ACTION = "Agir dans ma ville"
CERTIFICATE = "Mon certificat fictif"


def place_two(visit: Visit) -> None:
    """Choose two activities in the tool, then save them in Moodle."""
    page = visit.page
    page.get_by_role("link", name="Ajouter une activité Ancrage").click()
    expect(visit.tool.get_by_role("heading", level=1)).to_have_text("Ajouter une activité Ancrage")
    for label, place, title in (
        ("Passage à l’action", "action", ACTION),
        ("Certification", "certification", CERTIFICATE),
    ):
        visit.tool.get_by_label(label, exact=True).check()
        visit.tool.locator(f"#title_{place}").fill(title)
    visit.tool.get_by_label("Ajouter une colonne sur 100 au carnet de notes").check()
    visit.tool.get_by_role("button", name="Ajouter au cours").click()
    expect(visit.tool.get_by_text(ACTION)).to_be_visible()
    visit.tool.get_by_role("button", name="Enregistrer et revenir au cours").click()


def open_activity(page: Page, name: str) -> None:
    """Open a placed activity from the page of the course."""
    page.get_by_role("link", name="Cours", exact=True).click()
    page.get_by_role("link", name=name).click()


def test_two_activities_placed_at_once_open_what_was_chosen(visitor: Visitor) -> None:
    trainer = visitor().enter("formateur1", COMMUNICATION)
    place_two(trainer)
    expect(trainer.page.get_by_role("link", name=ACTION)).to_be_visible()
    open_activity(trainer.page, ACTION)
    expect(trainer.page.frame_locator(FRAME).get_by_role("heading", level=1)).to_have_text(
        "Preuves à valider"
    )

    learner = visitor().enter("apprenant01", COMMUNICATION)
    for name, heading in ((ACTION, "Mes preuves"), (CERTIFICATE, "Mon parcours RMP-ADL")):
        open_activity(learner.page, name)
        expect(learner.page.frame_locator(FRAME).get_by_role("heading", level=1)).to_have_text(
            heading
        )


def test_a_trainer_who_gives_up_adds_nothing(visitor: Visitor) -> None:
    trainer = visitor().enter("formateur1", COMMUNICATION)
    trainer.page.get_by_role("link", name="Ajouter une activité Ancrage").click()
    trainer.tool.get_by_role("button", name="Ne rien ajouter").click()
    expect(
        trainer.tool.get_by_text("Rien n’a été choisi : le cours ne change pas.")
    ).to_be_visible()

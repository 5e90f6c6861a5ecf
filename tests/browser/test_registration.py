"""A Moodle is connected in three clicks: pasted link, « Relier ce Moodle », « Activer »; then launched."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.browser.visit import WELCOME

pytestmark = pytest.mark.browser


def test_a_moodle_is_connected_in_three_clicks_and_launches_with_the_new_registration(
    visitor: Visitor,
) -> None:
    coordinator = visitor().enter("coordination1", WELCOME)
    coordinator.go("/coordination/sites/invitations")
    coordinator.page.get_by_label("Site", exact=False).select_option(index=1)
    coordinator.page.get_by_label("Pour qui").fill("Campus de démonstration")
    coordinator.page.get_by_role("button", name="Créer un lien d’invitation").click()
    link = coordinator.page.get_by_label("Lien d’invitation").input_value()
    assert link.startswith(coordinator.demonstration.tool + "/lti/register/")

    moodle = visitor()
    moodle.page.goto(moodle.demonstration.moodle)
    moodle.page.get_by_role("button", name="Gérer les outils").click()
    moodle.page.get_by_label("URL de l’outil…").fill(link)
    moodle.page.get_by_role("button", name="Ajouter LTI Advantage").click()
    frame = moodle.page.frame_locator("#registration")
    expect(frame.locator("main")).to_contain_text("leur adresse de courriel")
    frame.get_by_role("button", name="Relier ce Moodle").click()
    expect(frame.locator("main")).to_contain_text("Activer")
    frame.get_by_role("button", name="Revenir à Moodle").click()
    expect(moodle.page.locator("#registration")).to_have_count(0)
    moodle.page.get_by_role("button", name="Activer").click()
    tried = moodle.page.get_by_role("link", name="Essayer dans").get_attribute("href")

    learner = visitor().enter("apprenant01", WELCOME)
    learner.page.goto(f"{learner.demonstration.moodle}{tried}")
    learner.page.wait_for_url(f"{learner.demonstration.tool}/**")
    expect(learner.page.locator(".site-footer bdi")).to_be_visible()

    coordinator.go("/coordination/sites/invitations")
    expect(coordinator.page.locator("main")).to_contain_text("a servi")
    again = visitor()
    again.go(link.removeprefix(again.demonstration.tool))
    expect(again.page.locator("main")).to_contain_text("LTI-REGISTRATION-LINK-USED")


def decide_all(page: Page, before: str, button: str) -> None:
    """Press a button of each registration of the site, until none is left."""
    page.goto(page.url.partition("#")[0])
    while page.get_by_text(before).count():
        page.get_by_text(before).first.click()
        if button != before:
            page.locator("details[open]").get_by_role("button", name=button).click()
        expect(page.locator(".flash")).to_be_visible()
        page.goto(page.url.partition("#")[0])


def test_whoever_opens_an_activity_of_a_suspended_moodle_reads_why_in_its_frame(
    visitor: Visitor,
) -> None:
    coordinator = visitor().enter("coordination1", WELCOME)
    coordinator.go("/coordination/sites/1")
    learner = visitor().enter("apprenant01", WELCOME)
    decide_all(coordinator.page, "Suspendre cet enregistrement", "Oui, suspendre")
    try:
        learner.page.reload()
        expect(learner.tool.get_by_role("heading", level=1)).to_have_text(
            "La coordination a fermé cet accès à l’outil"
        )
        expect(learner.tool.locator("main")).to_contain_text("LTI-REGISTRATION-INACTIVE")
    finally:
        decide_all(coordinator.page, "Rouvrir l’enregistrement", "Rouvrir l’enregistrement")
    learner.page.reload()
    learner.wait()

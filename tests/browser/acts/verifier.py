"""Anyone who was handed a code: no account, no cookie, no name."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.visit import Visit


def verify(visit: Visit, code: str) -> str:
    """Type a code on the public page; return the words of the answer."""
    visit.go("/verifier")
    visit.page.get_by_label("Code de vérification").fill(code)
    visit.page.get_by_role("button", name="Vérifier").click()
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Vérification d’un certificat")
    return visit.page.locator("main").inner_text()

"""What the coordination does with a script and without: copying values, replacing a key."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.visit import WELCOME, Visit

pytestmark = pytest.mark.browser


def coordinator_at(visitor: Visitor, path: str) -> Visit:
    """Open a page of the coordination, alone in its tab."""
    visit: Visit = visitor().enter("coordination1", WELCOME)
    assert visit.go(path).status == 200
    return visit


def test_a_value_to_paste_in_moodle_is_copied_by_its_button_and_the_button_says_so(
    visitor: Visitor,
) -> None:
    visit = coordinator_at(visitor, "/coordination/sites/ajouter")
    visit.context.grant_permissions(["clipboard-read", "clipboard-write"])
    field = visit.page.get_by_label("URL d’initiation de connexion")
    row = visit.page.locator(".copy-field", has=field)
    row.get_by_role("button").click()
    expect(row.get_by_role("button")).to_have_text("Copié")
    copied = visit.page.evaluate("navigator.clipboard.readText()")
    assert copied == field.input_value() == f"{visit.demonstration.tool}/lti/login"
    assert not field.is_editable()


def test_a_key_is_replaced_after_a_confirmation_that_says_what_it_does(visitor: Visitor) -> None:
    visit = coordinator_at(visitor, "/lti/jwks")  # as a platform does: the first key is made
    visit.go("/coordination/cles")
    page = visit.page
    first = page.locator("table tbody tr").first
    expect(first).to_contain_text("signe")
    former = first.locator("code").inner_text()
    confirm = page.get_by_role("button", name="Oui, remplacer la clé")
    expect(confirm).to_be_hidden()
    page.get_by_text("Remplacer maintenant").click()
    expect(page.locator("#rotation")).to_contain_text("reste publiée 14 jours")
    confirm.click()
    expect(page.locator(".flash")).to_contain_text("signe désormais")
    rows = page.locator("table tbody tr")
    expect(rows.filter(has_text=former)).to_contain_text("retirée, encore publiée")
    expect(rows.filter(has_text="remplacée le")).not_to_contain_text(former)


def test_the_diagnosis_asks_the_site_and_says_what_is_well(visitor: Visitor) -> None:
    visit = coordinator_at(visitor, "/coordination/sites/1/diagnostic")
    page = visit.page
    page.get_by_role("button", name="Interroger Moodle").click()
    well = page.locator("section", has=page.get_by_role("heading", name="Ce qui va bien"))
    for words in ("Le site répond.", "Les deux horloges s’accordent.", "toutes les fonctions"):
        expect(well).to_contain_text(words)

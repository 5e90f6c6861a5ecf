"""The partner lead: their own people, without marks; the levels to confirm, blind."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.visit import Visit

MARK = re.compile(r"\d+(?:,\d+)?\s*(?:%|/\s*\d+|sur\s+(?:10|20|100|130)\b)")
"""What a mark looks like: a share, or points on a scale."""


def read_cohort(visit: Visit, person: str, standing: str) -> None:
    """Find someone of the association, by domain and status; there is no mark on the page."""
    page = visit.tool
    visit.follow("Ma cohorte")
    page.get_by_role("textbox", name="Nom", exact=True).fill(person)
    with visit.arriving():
        page.get_by_role("button", name="Filtrer").click()
    lines = page.get_by_role("row").filter(has_text=person)
    expect(
        lines.filter(has_text=re.compile(r"RMP-ADL.1(?!\d)")).filter(has_text=standing)
    ).to_have_count(1)
    shown = page.locator("main").inner_text()
    assert not MARK.search(shown), MARK.search(shown)


def confirm_blind(visit: Visit, person: str, domain: str, level: str) -> None:
    """Say what was seen for one person, with nothing shown of what anyone else said."""
    page = visit.tool
    visit.follow("Ancrage à confirmer")
    card = page.locator("fieldset", has_text=person).filter(has_text=f"{domain} ").first
    expect(card).to_be_visible()
    assert "réponse" not in card.inner_text().lower()
    card.get_by_label("Niveau que vous avez constaté").select_option(label=level)
    page.get_by_role("button", name="Enregistrer mes réponses").click()
    expect(page.locator(".flash")).to_contain_text("Réponse enregistrée")


def expect_established(visit: Visit, person: str, domain: str, level: str) -> None:
    """Find the level that the two answers establish, then the chart and its table."""
    page = visit.tool
    line = page.get_by_role("row").filter(has_text=person).filter(has_text=domain)
    expect(line).to_contain_text(level)
    chart = page.locator("figure.chart").first
    expect(chart.get_by_role("img")).to_be_visible()
    chart.get_by_text("Voir le tableau").click()
    expect(chart.get_by_role("table")).to_be_visible()

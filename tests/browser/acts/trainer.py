"""The trainer: the gradebook, the refresh, the evidence, the proposals."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.browser.visit import Visit

SLOW = 30_000
"""Milliseconds for background work."""


def change_grade(visit: Visit, person: str, item: str, grade: str) -> None:
    """Type a grade in the gradebook of the course, then come back to the course."""
    page = visit.page
    page.get_by_role("link", name="Notes", exact=True).click()
    page.get_by_label(re.compile(f"^{person}, {item}")).fill(grade)
    page.get_by_role("button", name="Enregistrer les notes").click()
    expect(page.locator("main")).to_contain_text("1 note enregistrée")
    page.get_by_role("link", name="Cours", exact=True).click()
    visit.wait()


def refresh_grades(visit: Visit) -> None:
    """Ask for a reading, watch it, and open its result."""
    page = visit.tool
    page.get_by_role("button", name="Actualiser les notes").click()
    job = page.get_by_role("group", name="Lecture des notes")
    expect(job).to_be_visible()
    expect(job).to_contain_text("Terminé", timeout=SLOW)
    visit.frame.goto(visit.frame.url)
    expect(page.locator("main")).to_contain_text("Notes lues à l’instant")


def learner_line(visit: Visit, name: str) -> Locator:
    """Look a learner up in the table of « Ce cours »."""
    page = visit.tool
    visit.follow("Ce cours")
    page.get_by_role("textbox", name="Nom", exact=True).fill(name)
    with visit.arriving():
        page.get_by_role("button", name="Filtrer").click()
    line = page.get_by_role("row").filter(has_text=name)
    expect(line).to_have_count(1)
    return line


def review(visit: Visit, title: str, author: str, decision: str, reason: str = "") -> None:
    """Decide on one evidence of the queue."""
    page = visit.tool
    visit.follow("Preuves à valider")
    card = page.locator("li.card-item").filter(has_text=author).filter(has_text=title)
    card.get_by_role("link", name=title).click()
    page.get_by_role("group", name="Décision").get_by_label(decision, exact=True).check()
    page.get_by_label("Motif").fill(reason)
    page.get_by_role("button", name="Enregistrer la décision").click()
    expect(page.locator(".flash")).to_contain_text("Votre décision est enregistrée")


def approve(visit: Visit, name: str) -> None:
    """Approve the proposal of one person, criteria read."""
    page = visit.tool
    visit.follow("Propositions")
    proposal = page.locator("article", has=page.get_by_role("heading", name=name))
    expect(page.get_by_role("heading", level=1)).to_have_text("Propositions de certification")
    visit.until(proposal, SLOW)
    proposal.get_by_text("Les critères, un par un").click()
    expect(proposal.locator(".criterion .status-success").first).to_be_visible()
    proposal.get_by_role("button", name="Approuver").click()
    expect(page.locator(".flash")).to_be_visible()
    expect(page.locator("article", has=page.get_by_role("heading", name=name))).to_have_count(0)

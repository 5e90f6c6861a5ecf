"""The learner: choices, path, evidence, certificate, levels over time."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.visit import Visit

CHOICES = ("Suivi de l’ancrage", "Partage avec mon association", "Recherche", "Page publique")


@dataclass(frozen=True, slots=True)
class Action:
    """A real action of advocacy, as a learner tells it."""

    title: str
    day: str
    role: str
    outcome: str = ""


def answer_the_notice(visit: Visit, accepted: tuple[str, ...] = ()) -> None:
    """Answer the separate choices of a first opening; nothing is ticked beforehand."""
    page = visit.tool
    expect(page.get_by_role("heading", level=1)).to_have_text("Bienvenue")
    for label in CHOICES:
        expect(page.get_by_label(label)).not_to_be_checked()
    for label in accepted:
        page.get_by_label(label).check()
    page.get_by_role("button", name="Enregistrer mes choix et continuer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mon parcours RMP-ADL")


def open_path(visit: Visit) -> None:
    """Open « Mon parcours »."""
    visit.follow("Mon parcours")
    expect(visit.tool.get_by_role("heading", level=1)).to_have_text("Mon parcours RMP-ADL")


def expect_criterion(visit: Visit, label: str, status: str, *, text: str = "") -> None:
    """Find one criterion of the course's domain in this state."""
    criterion = visit.tool.locator("li.criterion", has_text=label).last
    expect(criterion.locator(".status")).to_have_text(status)
    if text:
        expect(criterion).to_contain_text(text)


def add_action(visit: Visit, action: Action) -> None:
    """Give an action as evidence, after a try that forgets everything."""
    page = visit.tool
    visit.follow("Mes preuves")
    page.get_by_role("link", name="Ajouter une preuve").click()
    page.get_by_role("button", name="Envoyer la preuve").click()
    expect(page.get_by_role("alert")).to_contain_text("à corriger")
    expect(page.get_by_role("alert")).to_be_focused()  # nothing moves any more
    page.get_by_label("Action réelle de plaidoyer").check()
    page.get_by_label("Titre").fill(action.title)
    page.get_by_label("Date", exact=True).fill(action.day)
    page.get_by_label("Ce que vous avez fait vous-même").fill(action.role)
    page.get_by_label("Ce qui a changé").fill(action.outcome)
    page.get_by_role("button", name="Envoyer la preuve").click()
    expect(page.locator("li.card-item", has_text=action.title)).to_contain_text("en attente")


def complete_action(visit: Visit, title: str, asked: str, added: str) -> None:
    """Read what the trainer asks and send the evidence again."""
    page = visit.tool
    visit.follow("Mes preuves")
    page.get_by_role("link", name=title).click()
    expect(page.locator("main")).to_contain_text(asked)
    page.get_by_label("Ce qui a changé").fill(added)
    page.get_by_role("button", name="Envoyer à nouveau").click()
    expect(page.locator("li.card-item", has_text=title)).to_contain_text("en attente")


def download_certificate(visit: Visit, folder: Path) -> Path:
    """Download the certificate of this course's domain; return where it was kept."""
    open_path(visit)
    button = visit.tool.get_by_role("link", name="Télécharger le certificat").first
    with visit.page.expect_download() as waiting:
        button.click()
    kept = folder / waiting.value.suggested_filename
    waiting.value.save_as(kept)
    return kept


def verification_address(visit: Visit) -> str:
    """Return the address to give to whom wants to verify the certificate."""
    visit.tool.get_by_text("Le faire vérifier").first.click()
    return visit.tool.get_by_label("Adresse à donner").first.input_value()


def answer_wave(visit: Visit, *, uses: str, actions: str, autonomy: str, transmission: str) -> None:
    """Answer the four questions of the wave that is open."""
    page = visit.tool
    visit.follow("Mon ancrage")
    page.get_by_role("link", name="Répondre").first.click()
    page.get_by_role("group", name="Combien de fois").get_by_label(uses, exact=True).check()
    page.get_by_label("Dans combien d’actions distinctes").fill(actions)
    page.get_by_role("group", name="Comment l’avez-vous").get_by_label(autonomy, exact=True).check()
    page.get_by_role("group", name="L’avez-vous transmise").get_by_label(
        transmission, exact=True
    ).check()
    page.get_by_role("button", name="Envoyer ma réponse").click()
    expect(page.locator(".flash")).to_be_visible()

"""The coordinator: the site and its token, the mapping of the courses, the partners, a new lead."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.visit import Visit


def check_the_site(visit: Visit) -> None:
    """Read what identifies the site; check the token, which is never shown."""
    page = visit.tool
    visit.follow("Sites Moodle")
    page.get_by_role("link", name="Campus du plaidoyer (démonstration)").click()
    main = page.locator("main")
    for shown in (visit.demonstration.moodle, "ancrage-demo", "Déploiement 1"):
        expect(main).to_contain_text(shown)
    token = (visit.demonstration.data / "moodle" / "moodle-service-token.txt").read_text().strip()
    assert token
    assert token not in main.inner_html()
    page.get_by_role("button", name="Vérifier l’accès").click()
    expect(page.locator(".flash")).to_be_visible()
    expect(main.locator("dl div", has_text="Accès vérifié")).to_contain_text("à l’instant")
    assert token not in main.inner_html()


def map_from_the_suggestion(visit: Visit, course: str, domain: str, reason: str) -> None:
    """Read why the tool suggests ``domain`` for ``course``; confirm this one; see it in the grid."""
    page = visit.tool
    visit.follow("Cartographie")
    expect(page.get_by_role("heading", name="Cartographie des cours")).to_be_visible()
    holes = page.locator("section", has=page.get_by_role("heading", name="Domaines sans cours"))
    expect(holes).to_contain_text(domain)
    page.get_by_role("link", name="Relire les suggestions").click()
    card = page.locator("li.card-item", has_text=course)
    expect(card).to_contain_text(domain)
    expect(card).to_contain_text(reason)
    card.get_by_role("button", name="Confirmer celle-ci").click()
    expect(page.locator(".flash")).to_be_visible()
    visit.follow("Cartographie")
    row = page.get_by_role("row").filter(has_text=course)
    expect(row.locator("abbr")).to_have_count(1)
    expect(row).not_to_contain_text("aucun domaine")


def grant_a_lead(visit: Visit, association: str, person: str) -> None:
    """Open an association from the list and make one of its members a lead."""
    page = visit.tool
    visit.follow("Partenaires")
    page.get_by_role("link", name=association).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(association)
    members = page.get_by_label("Choisir parmi les membres")
    chosen = members.locator("option", has_text=person).get_attribute("value")
    members.select_option(chosen)
    page.get_by_role("button", name="Donner le rôle de référent·e").click()
    leads = page.locator("section", has=page.get_by_role("heading", name="Référent·es"))
    expect(leads.locator("li.card-item", has_text=person)).to_be_visible()

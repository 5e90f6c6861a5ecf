"""The main pages of each person, for the passes that look at all of them."""

from __future__ import annotations

from dataclasses import dataclass

from tests.browser.visit import COMMUNICATION, WELCOME, Visit

COORDINATION = "/coordination"


@dataclass(frozen=True, slots=True)
class Cast:
    """Someone to enter as, and the pages that they open; ``{here}`` is their space."""

    username: str
    course: str
    pages: tuple[str, ...]
    links: tuple[tuple[str, str], ...] = ()
    """Page, and the selector of a link on it that leads to one page more."""

    def addresses(self, visit: Visit) -> list[str]:
        """Enter, and return the address of every page."""
        visit.enter(self.username, self.course)
        here = _space(visit.path)
        found = [page.format(here=here) for page in self.pages]
        for page, selector in self.links:
            visit.go(page.format(here=here))
            address = visit.page.locator(selector).first.get_attribute("href")
            assert address
            found.append(address)
        return found


CASTS = {
    "coordinator": Cast(
        "coordination1",
        WELCOME,
        (
            "/coordination",
            "/coordination/cartographie",
            "/coordination/cartographie/suggestions",
            "/coordination/partenaires",
            "/coordination/travaux",
            "/coordination/partenaires/ajouter",
            "/coordination/partenaires/cohortes",
            "/coordination/sites",
            "/coordination/sites/ajouter",
            "/coordination/sites/1",
            "/coordination/sites/1/diagnostic",
            "/coordination/sites/compte-de-service",
            "/coordination/sites/invitations",
            "/coordination/cles",
            "/coordination/acces?q=fictive",
        ),
        (
            ("/coordination/cartographie", ".table-grid tbody a"),
            ("/coordination/partenaires", "main table a"),
            ("/coordination/partenaires", "main table a[href$=propositions]"),
        ),
    ),
    "trainer": Cast(
        "formateur1",
        COMMUNICATION,
        ("{here}/formation", "{here}/preuves", "{here}/propositions", "{here}/carnet"),
        (("{here}/preuves", "main .card-item a"),),
    ),
    "learner": Cast(
        "apprenant01",
        COMMUNICATION,
        (
            "{here}/parcours",
            "{here}/mes-preuves",
            "{here}/mes-preuves/nouvelle",
            "{here}/ancrage",
            "/bienvenue",
            "/mes-donnees",
            "/mes-donnees/relier",
            "/acces",
        ),
        (
            ("{here}/mes-preuves", "main .card-item a"),
            ("{here}/ancrage", ".next-action a"),
        ),
    ),
    "lead": Cast("referent1", WELCOME, ("{here}", "{here}/ancrage", "/")),
}
ANYONE = ("/verifier", "/verifier/AAAAABBBBBCCCCCDDDDDEEEEEF", "/nulle-part")


def _space(path: str) -> str:
    """Return ``/cours/1`` of ``/cours/1/parcours?job=x``, ``/association/x`` of itself."""
    return "/".join(path.partition("?")[0].split("/")[:3])

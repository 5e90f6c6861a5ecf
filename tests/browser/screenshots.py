"""Takes the pictures of docs/images from a demonstration: ``python -m tests.browser.screenshots``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from tests.browser.acts import learner
from tests.browser.album import Album
from tests.browser.chromium import chromium, find_chromium
from tests.browser.demonstration import Demonstration, running_demonstration
from tests.browser.visit import COMMUNICATION, WELCOME, Visit

FOLDER = Path(__file__).parents[2] / "docs" / "images"
DESK = ViewportSize(width=1280, height=800)
MOBILE = ViewportSize(width=390, height=780)
PORT = 8000
"""That of `make demo`, when it is free: pictures show addresses."""
PATIENCE = 90.0
"""Seconds given to background work; a busy machine needs many."""
SCREEN = 1100
"""Pixels of a picture that shows the first screen of a long page."""
ACTION = {
    "Titre": "Audition devant le conseil municipal fictif",
    "Date": "2026-05-05",  # the same in every order: a Chromium may speak English only
    "Ce que vous avez fait vous-même": "J’ai recueilli six témoignages et porté la parole du groupe.",
    "Ce qui a changé": "Le conseil a inscrit la question à son ordre du jour.",
}


def main() -> int:
    """Take every picture; return the exit code."""
    path = find_chromium()
    if path is None:
        print("no Chromium found; name one in ANCRAGE_TEST_BROWSER")
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        chromium(playwright, path) as browser,
        running_demonstration(Path(folder), PORT) as demonstration,
    ):
        Photographer(browser, demonstration, Album(FOLDER), Path(folder)).take_all()
    weight = sum(picture.stat().st_size for picture in FOLDER.glob("*.png"))
    print(f"{len(list(FOLDER.glob('*.png')))} pictures, {weight / 1e6:.1f} MB")
    return 0


class Photographer:
    """Goes from person to person with the camera."""

    def __init__(
        self, browser: Browser, demonstration: Demonstration, album: Album, folder: Path
    ) -> None:
        self.browser = browser
        self.demonstration = demonstration
        self.album = album
        self.folder = folder

    def take_all(self) -> None:
        """Take every picture."""
        self.take_front_page()
        self.take_beginner()
        address = self.take_holder()
        self.take_verification(address)
        self.take_trainer()
        self.take_coordinator()
        self.take_three_clicks()
        self.take_lead()

    def take_front_page(self) -> None:
        """The people of the demonstration."""
        with self._visit() as visit:
            visit.page.goto(self.demonstration.moodle)
            self.album.keep("demo-accueil", visit.page, tallest=SCREEN, shaded=True)

    def take_beginner(self) -> None:
        """A learner who is not there yet: path in the course, alone, on a phone; an evidence."""
        with self._visit() as visit:
            visit.enter("apprenant36", COMMUNICATION)
            learner.answer_the_notice(visit, ("Suivi de l’ancrage",))
            visit.open_course(COMMUNICATION)
            visit.page.wait_for_load_state("networkidle")
            self.album.keep("parcours", visit.page)
            path = visit.path
            self._open(visit, path)
            self.album.keep("apprenant-parcours", visit.page, tallest=SCREEN)
            visit.page.set_viewport_size(MOBILE)
            self._open(visit, path)
            self.album.keep("parcours-mobile", visit.page, tallest=SCREEN)
            visit.page.set_viewport_size(DESK)
            self._open(visit, path.replace("/parcours", "/mes-preuves/nouvelle"))
            visit.page.get_by_label("Action réelle de plaidoyer").check()
            for label, words in ACTION.items():
                field = visit.page.get_by_label(label, exact=label == "Date")
                field.fill(words)
            self.album.keep("apprenant-preuve", visit.page)

    def take_holder(self) -> str:
        """A learner with certificates; return the address that verifies the newest."""
        with self._visit() as visit:
            visit.enter("apprenant01", COMMUNICATION)
            file = learner.download_certificate(visit, self.folder)
            self.album.keep_certificate("certificat", file)
            address = learner.verification_address(visit)
            path = visit.path
            self._open(visit, path)
            card = visit.page.locator("article.panel").first
            for words in ("Le faire vérifier", "Mon nom n’est pas affiché"):
                card.get_by_text(words).click()
            self.album.keep_part("apprenant-certificat", card)
            self._open(visit, path.replace("/parcours", "/ancrage"))
            self.album.keep("apprenant-ancrage", visit.page, tallest=SCREEN)
        return address

    def take_verification(self, address: str) -> None:
        """What anyone sees who was handed the code."""
        for name, size in (("verification", DESK), ("verification-mobile", MOBILE)):
            with self._visit(size) as visit:
                visit.page.goto(address)
                self.album.keep(name, visit.page, tallest=SCREEN)

    def take_trainer(self) -> None:
        """The course, the evidence, the proposals."""
        with self._visit() as visit:
            visit.enter("formateur1", COMMUNICATION)
            here = visit.path.removesuffix("/formation")
            self._open(visit, f"{here}/formation")
            self.album.keep("formation-cours", visit.page)
            self._open(visit, f"{here}/preuves")
            visit.page.locator("main .card-item a").first.click()
            visit.page.get_by_role("heading", name="Votre décision").wait_for()
            self.album.keep("formation-preuves", visit.page)
            self._open(visit, f"{here}/propositions")
            visit.page.get_by_text("Les critères, un par un").first.click()
            self.album.keep("formation-propositions", visit.page)
            self._publish(visit, here)
            self._place(visit)

    def _publish(self, visit: Visit, here: str) -> None:
        self._open(visit, f"{here}/carnet")
        visit.page.get_by_role("button", name="Publier dans Moodle").first.click()
        weigh = visit.page.get_by_role("button", name="Vérifier à nouveau le poids")
        weigh.wait_for(timeout=1000 * PATIENCE)
        self._set_weight()
        weigh.click()
        over = visit.page.get_by_role("button", name="Publier à nouveau maintenant")
        over.wait_for(timeout=1000 * PATIENCE)
        self.album.keep("formation-publication", visit.page, tallest=SCREEN)

    def _set_weight(self) -> None:
        """Take the column out of the course total, in the gradebook of Moodle."""
        with self._visit() as moodle:
            moodle.enter("formateur1", COMMUNICATION)
            course = moodle.page.url.partition("id=")[2]
            base = moodle.demonstration.moodle
            moodle.page.goto(f"{base}/grade/edit/tree/index.php?id={course}")
            moodle.page.get_by_label("Poids de Certification RMP-ADL").fill("0")
            moodle.page.get_by_role("button", name="Enregistrer les poids").click()

    def _place(self, visit: Visit) -> None:
        visit.open_course(COMMUNICATION)
        visit.page.get_by_role("link", name="Ajouter une activité Ancrage").click()
        visit.tool.get_by_role("button", name="Ne rien ajouter").wait_for()
        self._open(visit, visit.path)
        for place in ("Passage à l’action", "Certification"):
            visit.page.get_by_label(place, exact=True).check()
        self.album.keep("formation-placer", visit.page, tallest=SCREEN)

    def take_coordinator(self) -> None:
        """The dashboard, the mapping, the site, the partners."""
        pages = {
            "coordination-tableau": "",
            "coordination-cartographie": "/cartographie",
            "coordination-site": "/sites/1",
            "coordination-cles": "/cles",
            "coordination-partenaires": "/partenaires",
        }
        long_pages = {
            "coordination-rapport": "/sites/1/rapport",
            "coordination-travaux": "/travaux",
        }
        with self._visit() as visit:
            visit.enter("coordination1", WELCOME)
            visit.page.request.get(f"{self.demonstration.tool}/lti/jwks")  # makes the first key
            for name, page in pages.items():
                self._open(visit, f"/coordination{page}")
                self.album.keep(name, visit.page)
            for name, page in long_pages.items():
                self._open(visit, f"/coordination{page}")
                self.album.keep(name, visit.page, tallest=SCREEN)
            self._open(visit, "/coordination/partenaires")
            visit.page.get_by_role("row").get_by_role("link", name="2", exact=True).first.click()
            visit.page.get_by_role("heading", name="Propositions des cohortes").wait_for()
            self.album.keep("coordination-propositions", visit.page, tallest=SCREEN)
            self._open(visit, "/coordination/sites/1/diagnostic")
            visit.page.get_by_role("button", name="Interroger Moodle").click()
            visit.page.get_by_role("heading", name="Ce qui va bien").wait_for()
            self.album.keep("coordination-diagnostic", visit.page, tallest=SCREEN)

    def take_three_clicks(self) -> None:
        """The tool on the tool management page of Moodle: what it asks for, before « Activer »."""
        with self._visit() as visit, self._visit() as moodle:
            visit.enter("coordination1", WELCOME)
            self._open(visit, "/coordination/sites/invitations")
            visit.page.get_by_label("Site", exact=False).select_option(index=1)
            visit.page.get_by_role("button", name="Créer un lien d’invitation").click()
            link = visit.page.get_by_label("Lien d’invitation").input_value()
            moodle.page.goto(self.demonstration.moodle)
            moodle.page.get_by_role("button", name="Gérer les outils").click()
            moodle.page.get_by_label("URL de l’outil…").fill(link)
            moodle.page.get_by_role("button", name="Ajouter LTI Advantage").click()
            frame = moodle.page.frame_locator("#registration")
            frame.get_by_role("button", name="Relier ce Moodle").wait_for()
            moodle.page.wait_for_load_state("networkidle")
            self.album.keep("coordination-relier", moodle.page, tallest=SCREEN)

    def take_lead(self) -> None:
        """The association's people, the levels to confirm."""
        with self._visit() as visit:
            visit.enter("referent1", WELCOME)
            here = visit.path
            self._open(visit, here)
            self.album.keep("partenaire-cohorte", visit.page, tallest=SCREEN)
            self._open(visit, f"{here}/ancrage")
            self.album.keep("partenaire-ancrage", visit.page)

    def _visit(self, size: ViewportSize = DESK) -> Visit:
        return Visit(self.browser, self.demonstration, size=size)

    def _open(self, visit: Visit, path: str) -> None:
        visit.go(path)
        visit.page.wait_for_load_state("networkidle")


if __name__ == "__main__":
    sys.exit(main())

"""The whole street, through the frame of the course page: from a launch to an anchored skill.

Woodly stands just under 60 % and has given nothing yet; the rest is told by the people themselves.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.browser.acts import coordinator, lead, learner, trainer, verifier
from tests.browser.acts.learner import Action
from tests.browser.conftest import Visitor
from tests.browser.visit import COMMUNICATION, WELCOME, Visit

pytestmark = pytest.mark.browser

WOODLY = "Woodly Imajinè-Batis"
ASSOCIATION = "Asosyasyon Fiktif & Zanmi (Port-au-Prince)"
ACTION = Action(
    title="Rencontre avec la mairie fictive",
    day=(date.today() - timedelta(days=5)).isoformat(),  # noqa: DTZ011  # the learner's own day
    role="J’ai porté la parole du groupe.",
)
DETAIL = "Dites ce que la mairie a répondu."
OUTCOME = "La mairie fictive ouvre une permanence."


def test_a_coordinator_connects_maps_and_grants(visitor: Visitor) -> None:
    visit = visitor().enter("coordination1", WELCOME)
    expect(visit.tool.get_by_role("heading", level=1)).to_have_text("Tableau de bord")
    coordinator.check_the_site(visit)
    visit.follow("Coordination")
    coordinator.map_from_the_suggestion(
        visit,
        course="Gestion pédagogique du plaidoyer",
        domain="RMP-ADL 13",
        reason="numéro d’identification du cours est « RMP-ADL-13 »",
    )
    coordinator.grant_a_lead(visit, "Association Teranga Fictive (Dakar)", "Éloïse Exemple")


def test_from_a_launch_to_a_verified_certificate_and_a_confirmed_level(
    visitor: Visitor, tmp_path: Path
) -> None:
    woodly = visitor().enter("apprenant36", COMMUNICATION)
    learner.answer_the_notice(woodly, ("Suivi de l’ancrage", "Partage avec mon association"))
    learner.expect_criterion(woodly, "Note totale", "à reprendre", text="59,9 %")
    expect(woodly.tool.get_by_role("img", name="Mon parcours sur les 15 domaines")).to_be_visible()
    learner.add_action(woodly, ACTION)

    solene = visitor().enter("formateur1", COMMUNICATION)
    expect(trainer.learner_line(solene, WOODLY)).to_contain_text("à reprendre")
    trainer.review(solene, ACTION.title, WOODLY, "Demander un complément", DETAIL)
    learner.complete_action(woodly, ACTION.title, DETAIL, OUTCOME)
    trainer.review(solene, ACTION.title, WOODLY, "Valider")

    trainer.change_grade(solene, WOODLY, "Devoir 2", "80")
    trainer.refresh_grades(solene)
    expect(solene.tool.locator("main")).to_contain_text("changées")
    trainer.approve(solene, WOODLY)
    expect(trainer.learner_line(solene, WOODLY)).to_contain_text("certification délivrée")

    certificate = learner.download_certificate(woodly, tmp_path)
    _expect_certificate(certificate, certificate.stem)
    _expect_verified(visitor(), learner.verification_address(woodly), certificate.stem)
    _expect_anchored(woodly, visitor().enter("referent4", WELCOME))


def _expect_certificate(path: Path, number: str) -> None:
    content = path.read_bytes()
    assert content.startswith(b"%PDF-")
    words = " ".join(PdfReader(path).pages[0].extract_text().split())
    for said in ("Woodly", number, "RMP-ADL"):
        assert said in words


def _expect_verified(anyone: Visit, address: str, number: str) -> None:
    code = address.rpartition("/")[2]
    said = verifier.verify(anyone, code.lower())
    for shown in ("certificat valide", "Communication, libération de la parole", number):
        assert shown in said
    for hidden in ("Woodly", "Imajinè", "Zanmi", "mairie"):
        assert hidden not in said
    assert "certificat inconnu" in verifier.verify(anyone, "A" * len(code))
    assert anyone.context.cookies() == []


def _expect_anchored(woodly: Visit, evens: Visit) -> None:
    learner.answer_wave(
        woodly,
        uses="1 fois",
        actions="1",
        autonomy="Seul·e, comme je l’ai apprise",
        transmission="Non",
    )
    expect(evens.tool.get_by_role("heading", level=1)).to_have_text("Ma cohorte")
    lead.read_cohort(evens, WOODLY, "certifié")
    lead.confirm_blind(
        evens, WOODLY, "RMP-ADL\N{NO-BREAK SPACE}1", "1 · Essayé en situation réelle"
    )
    lead.expect_established(evens, WOODLY, "RMP-ADL\N{NO-BREAK SPACE}1", "1 · Essayé")
    woodly.follow("Mon ancrage")
    expect(woodly.tool.locator("main")).to_contain_text("confirmé par deux personnes")

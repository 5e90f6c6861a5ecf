"""The trainer publishes outcomes in Moodle's gradebook, and reads the list of the course."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.visit import COMMUNICATION, Visit

pytestmark = pytest.mark.browser
LONG = 60_000
"""Milliseconds for background work, and for scores that stand one second apart."""


def trainer_at_gradebook(visitor: Visitor) -> Visit:
    """Open the publication of the course from the page of the course."""
    visit: Visit = visitor().enter("formateur1", COMMUNICATION)
    visit.tool.get_by_role("link", name="Régler la publication").click()
    visit.tool.get_by_role("heading", level=1, name="Carnet de notes de Moodle").wait_for()
    return visit


def test_the_progress_that_a_trainer_publishes_stands_in_the_gradebook_of_moodle(
    visitor: Visitor,
) -> None:
    visit = trainer_at_gradebook(visitor)
    column = visit.tool.locator("section", has=visit.tool.locator("#colonne-progress"))
    expect(column).to_contain_text("non publiée")
    column.get_by_role("button", name="Publier dans Moodle").click()
    # The page says it by itself when the work is over; nothing was sent.
    expect(column.get_by_text("en attente du poids")).to_be_visible(timeout=LONG)
    expect(column).to_contain_text("aucune note n’est transmise")
    expect(column).not_to_contain_text("notes transmises")

    moodle = visitor().enter("formateur1", COMMUNICATION)
    course = re.search(r"id=(\d+)", moodle.page.url)
    assert course
    grades = f"{moodle.demonstration.moodle}/grade/report/grader/index.php?id={course[1]}"
    moodle.page.goto(grades)
    totals = moodle.page.locator("td.total").all_inner_texts()
    moodle.page.get_by_role("link", name="Configuration du carnet de notes").click()
    moodle.page.get_by_label("Poids de Progression RMP-ADL").fill("0")
    moodle.page.get_by_role("button", name="Enregistrer les poids").click()
    expect(moodle.page.get_by_text("Poids enregistrés.")).to_be_visible()

    column.get_by_role("button", name="Vérifier à nouveau le poids").click()
    over_here = column.get_by_text("La colonne ne compte pas dans le total du cours.")
    expect(over_here).to_be_visible(timeout=LONG)
    # The demonstration has a learner whose enrolment is suspended: theirs is not sent.
    over = re.compile(r"État\s:\s\d+ notes transmises(, (une|\d+) non transmises?)?\.")
    visit.until(column.get_by_text(over), LONG)
    row = column.locator("tbody tr").filter(has_text="transmise").first
    name = row.locator("th").inner_text().strip()
    given = row.get_by_role("cell").first.inner_text().replace("%", "").strip()

    moodle.page.goto(grades)
    assert moodle.page.locator("td.total").all_inner_texts() == totals
    titles = moodle.page.locator("thead th").all_inner_texts()
    place = next(i for i, title in enumerate(titles) if "Progression RMP-ADL" in title)
    line = moodle.page.locator("tbody tr").filter(has_text=name).first
    cell = line.locator("th, td").nth(place)
    shown = cell.get_by_role("textbox").input_value()
    assert float(shown.replace(",", ".").strip() or "nan") == pytest.approx(
        float(given.replace(",", ".")), abs=0.01
    )


def test_a_publication_that_is_stopped_says_so_and_can_go_on(visitor: Visitor) -> None:
    visit = trainer_at_gradebook(visitor)
    column = visit.tool.locator("section", has=visit.tool.locator("#colonne-certified"))
    with visit.arriving():
        column.get_by_role("button", name="Publier dans Moodle").click()
    visit.until(column.get_by_text("en attente du poids"), LONG)
    column.get_by_role("button", name="Arrêter la publication").click()
    expect(column).to_contain_text("Publication arrêtée le")
    expect(column.get_by_role("button", name="Reprendre la publication")).to_be_visible()


def test_the_list_of_the_course_is_read_when_the_trainer_asks(visitor: Visitor) -> None:
    visit = visitor().enter("formateur1", COMMUNICATION)
    panel = visit.tool.locator("section", has=visit.tool.locator("#liste"))
    with visit.arriving():
        panel.get_by_role("button", name="Actualiser la liste").click()
    visit.until(panel.get_by_text(re.compile(r"\d+ personnes inscrites")), LONG)

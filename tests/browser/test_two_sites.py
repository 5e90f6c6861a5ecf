"""Tool and platform on two sites over HTTPS, in a browser that refuses cookies."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Download, FrameLocator, Page, expect
from sqlalchemy import select

from lti_tool.people.models import BrowserSession
from tests.browser.acts.learner import Action, add_action, answer_the_notice
from tests.browser.blocking import (
    EVERY_COOKIE_OF_THE_TOOL,
    THIRD_PARTY,
    tab_of,
)
from tests.browser.conftest import Opener
from tests.browser.two_sites import WITNESS, TwoSites
from tests.browser.visit import COMMUNICATION

pytestmark = pytest.mark.browser

PODCAST = "ADL-07 Podcast"
ACTION = Action("Audition fictive", "2026-05-05", "J’ai porté la parole du groupe.", "Inscrit.")


def cookies_in_a_frame(page: Page, sites: TwoSites) -> str:
    """What the tool's origin gets back of two cookies that it set in a frame of this page."""
    for _turn in range(2):
        page.evaluate(
            """async (address) => {
                document.getElementById("witness")?.remove();
                const frame = document.createElement("iframe");
                frame.id = "witness";
                frame.src = address;
                await new Promise((done) => { frame.onload = done; document.body.append(frame); });
            }""",
            sites.tool + WITNESS,
        )
    return page.frame_locator("#witness").locator("p").inner_text()


def test_the_browser_really_refuses_third_party_cookies_but_partitioned_ones(
    opened: Opener, sites: TwoSites
) -> None:
    visit = opened(THIRD_PARTY)
    visit.page.goto(sites.moodle)

    framed = cookies_in_a_frame(visit.page, sites)
    visit.page.goto(sites.tool + WITNESS)
    visit.page.goto(sites.tool + WITNESS)

    assert "a_part=1" in framed
    assert "ordinaire" not in framed
    assert "ordinaire=1" in visit.page.locator("p").inner_text()


def test_a_connection_that_says_nothing_makes_nobody_wait(sites: TwoSites) -> None:
    """Browsers open some in advance."""
    anyone = ssl.create_default_context()
    anyone.check_hostname = False
    anyone.verify_mode = ssl.CERT_NONE
    with ExitStack() as stack:
        for port in sites.ports:
            stack.enter_context(socket.create_connection(("127.0.0.1", port)))
        for port in sites.ports:
            asked = http.client.HTTPSConnection("127.0.0.1", port, timeout=30, context=anyone)
            stack.callback(asked.close)
            asked.request("GET", "/")
            assert asked.getresponse().status < 500


def test_launch_form_and_download_work_with_third_party_cookies_refused(opened: Opener) -> None:
    visit = opened(THIRD_PARTY)
    visit.enter("apprenant36", COMMUNICATION)
    answer_the_notice(visit, ("Suivi de l’ancrage",))
    add_action(visit, ACTION)
    expect(visit.tool.get_by_role("status").first).to_contain_text("Votre preuve est envoyée")

    expect_own_data(visit.page, visit.tool, "Audition fictive")


def test_two_tabs_on_two_courses_never_mix_with_third_party_cookies_refused(
    opened: Opener,
) -> None:
    visit = opened(THIRD_PARTY)
    visit.enter("apprenant01", COMMUNICATION)
    answer_the_notice(visit)
    other = tab_of(visit)
    other.open_course(PODCAST)
    assert visit.path != other.path
    for one, course in ((visit, "Communication"), (other, "Podcast"), (visit, "Communication")):
        one.follow("Mes preuves")
        expect(one.tool.locator(".brand-where")).to_contain_text(course)
    add_action(other, Action("Épisode fictif", "2026-05-05", "J’ai écrit et lu.", "Diffusé."))
    visit.follow("Mes preuves")
    expect(visit.tool.locator("main")).to_contain_text("rien donné dans ce cours")


def test_a_second_person_never_inherits_with_third_party_cookies_refused(
    opened: Opener,
) -> None:
    visit = opened(THIRD_PARTY)
    visit.enter("apprenant01", COMMUNICATION)
    left_open = visit.frame.url
    visit.page.get_by_role("button", name="Changer de personne").click()
    visit.enter("apprenant13", COMMUNICATION)
    expect(visit.tool.locator(".site-footer")).to_contain_text("أحمد")
    visit.frame.goto(left_open)
    expect(visit.tool.locator(".site-footer")).to_contain_text("أحمد")
    assert "Aïssatou" not in visit.frame.content()


def test_every_cookie_refused_opens_nothing_in_moodle_and_says_how(
    opened: Opener, sites: TwoSites
) -> None:
    """Moodle has no storage: the new tab is proposed, which this browser refuses too."""
    visit = opened(EVERY_COOKIE_OF_THE_TOOL)
    visit.page.goto(sites.moodle)
    visit.page.locator('form:has(input[value="apprenant01"])').first.get_by_role("button").click()
    visit.page.goto(f"{sites.moodle}/my/courses.php")
    visit.page.get_by_role("link").filter(has_text=COMMUNICATION).click()

    with visit.context.expect_page() as opening:
        visit.tool.get_by_role("link", name="Ouvrir dans un nouvel onglet").click()

    expect(opening.value.locator("main")).to_contain_text("Autorisez les cookies pour")


@pytest.mark.parametrize(("place", "person"), [("_parent", 43), ("freres", 44)])
def test_without_any_cookie_the_platform_keeps_the_proof_and_the_page_the_session(
    opened: Opener, sites: TwoSites, place: str, person: int
) -> None:
    visit = opened(EVERY_COOKIE_OF_THE_TOOL)
    visit.page.goto(f"{sites.storing}/cours/1?stockage={place}&personne={person}")
    visit.wait()
    answer_the_notice(visit)
    add_action(visit, ACTION)
    expect(visit.tool.get_by_role("status").first).to_contain_text("Votre preuve est envoyée")
    visit.follow("Mon parcours")
    expect(visit.tool.get_by_role("heading", level=1)).to_have_text("Mon parcours RMP-ADL")
    expect_own_data(visit.page, visit.tool, "Audition fictive")

    frame = visit.frame
    assert "eyJ" not in frame.url
    assert frame.url.startswith(f"{sites.tool}/mes-donnees")
    assert cookies_in_a_frame(visit.page, sites) == ""
    keeper = next(
        (one for one in visit.page.frames if one.name == "stockage"), visit.page.main_frame
    )
    asked = keeper.evaluate("asked")
    assert {one["origin"] for one in asked} == {sites.tool}
    assert {"lti.put_data", "lti.get_data"} <= {one["subject"] for one in asked}
    # Reloading loses the bearer, which lived in the page alone.
    frame.goto(frame.url)
    expect(visit.tool.get_by_role("heading", level=1)).to_have_text("Session terminée")


def test_without_any_cookie_back_and_a_refused_form_work(opened: Opener, sites: TwoSites) -> None:
    visit = opened(EVERY_COOKIE_OF_THE_TOOL)
    visit.page.goto(f"{sites.storing}/cours/1?personne=42")
    visit.wait()
    answer_the_notice(visit)
    visit.follow("Mes preuves")
    heading = visit.tool.get_by_role("heading", level=1)
    expect(heading).to_have_text("Mes preuves")
    visit.frame.evaluate("history.back()")
    expect(heading).to_have_text("Mon parcours RMP-ADL")
    visit.follow("Mes preuves")
    visit.tool.get_by_role("link", name="Ajouter une preuve").click()
    visit.tool.get_by_label("Titre").fill("Commencée")
    end_every_session(sites)
    visit.tool.get_by_role("button", name="Envoyer la preuve").click()
    expect(visit.tool.get_by_role("alert")).to_contain_text("La session de cette page est terminée")
    expect(visit.tool.get_by_label("Titre")).to_have_value("Commencée")


def test_without_any_cookie_two_tabs_and_two_people_never_mix(
    opened: Opener, sites: TwoSites
) -> None:
    visit = opened(EVERY_COOKIE_OF_THE_TOOL)
    visit.page.goto(f"{sites.storing}/cours/1?personne=41")
    visit.wait()
    other = tab_of(visit)
    other.page.goto(f"{sites.storing}/cours/7?personne=42")
    other.wait()

    for one, name in ((visit, "Séverine Fictive"), (other, "Awa Fictive"), (visit, "Séverine")):
        one.tool.get_by_role("link", name="Mes données").click()
        expect(one.tool.get_by_role("heading", level=1)).to_have_text("Mes données")
        expect(one.tool.locator(".site-footer")).to_contain_text(name)
        one.frame.evaluate("history.back()")
        expect(one.tool.get_by_role("heading", level=1)).not_to_have_text("Mes données")


@pytest.mark.parametrize("place", ["muet", "autre"])
def test_a_storage_that_keeps_nothing_opens_nothing_and_says_how(
    opened: Opener, sites: TwoSites, place: str
) -> None:
    visit = opened(EVERY_COOKIE_OF_THE_TOOL)
    before = sessions(sites)

    visit.page.goto(f"{sites.storing}/cours/1?stockage={place}")

    failed = visit.tool.locator("#storage-failed")
    expect(failed).to_be_visible()
    expect(failed).to_contain_text("nouvel onglet")
    assert sessions(sites) == before


def expect_own_data(page: Page, tool: FrameLocator, held: str) -> None:
    """Download one's own data from the frame, and find ``held`` in it."""
    tool.get_by_role("link", name="Mes données").click()
    expect(tool.get_by_role("heading", level=1)).to_have_text("Mes données")
    with page.expect_download() as downloading:
        tool.get_by_role("link", name="Télécharger mes données").click()
    download: Download = downloading.value
    assert download.suggested_filename.endswith(".json")
    content = Path(download.path()).read_text("utf-8")
    assert held in content
    assert json.loads(content)


def sessions(sites: TwoSites) -> int:
    with sites.parts.sessions() as session:
        return len(session.scalars(select(BrowserSession.id)).all())


def end_every_session(sites: TwoSites) -> None:
    with sites.parts.sessions() as session:
        for row in session.scalars(select(BrowserSession)):
            session.delete(row)
        session.commit()

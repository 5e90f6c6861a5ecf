"""One person, two sites: linking both accounts through the screens, inside each platform's page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import ViewportSize, expect
from sqlalchemy import select

from lti_tool.people.models import Account, BrowserSession, Person
from tests.browser.acts.learner import answer_the_notice
from tests.browser.blocking import EVERY_COOKIE_OF_THE_TOOL, THIRD_PARTY, FramedVisit, tab_of
from tests.browser.conftest import Opener
from tests.browser.looking import OVERFLOWING
from tests.browser.two_sites import TwoSites
from tests.browser.visit import COMMUNICATION, PHONE, WIDE

pytestmark = pytest.mark.browser


def open_in_moodle(opened: Opener, username: str, size: ViewportSize = WIDE) -> FramedVisit:
    """Enter the first platform and open the tool in a course."""
    visit = opened(THIRD_PARTY)
    visit.page.set_viewport_size(size)
    visit.enter(username, COMMUNICATION)
    answer_the_notice(visit)
    return visit


def open_elsewhere(visit: FramedVisit, sites: TwoSites, person: str) -> FramedVisit:
    """Open the tool from the other platform, in another tab of the same browser."""
    other = tab_of(visit)
    other.page.set_viewport_size(visit.page.viewport_size or WIDE)
    launch(other, sites, person)
    answer_the_notice(other)
    return other


def launch(visit: FramedVisit, sites: TwoSites, person: str) -> None:
    """Open the course of the other platform, its frame as wide as its page."""
    visit.page.goto(f"{sites.storing}/cours/1?personne={person}")
    visit.page.evaluate("document.getElementById('contentframe').style.width = '100%'")
    visit.wait()


def open_linking(visit: FramedVisit) -> None:
    """Go to « Relier un autre compte » by the links, and find that it fits the screen."""
    visit.tool.get_by_role("banner").get_by_role("link", name="Mes données").click()
    visit.tool.get_by_role("link", name="Relier un autre compte").click()
    expect(visit.tool.get_by_role("heading", level=1)).to_have_text("Relier un autre compte")
    expect_to_fit(visit)


def expect_to_fit(visit: FramedVisit) -> None:
    assert visit.frame.evaluate(OVERFLOWING) == []


def ask_code(visit: FramedVisit, button: str = "Demander un code") -> str:
    """Ask for a code and read it where it is shown, this once."""
    visit.tool.get_by_role("button", name=button, exact=True).click()
    shown = visit.tool.get_by_label("Code à saisir depuis l’autre compte")
    expect(shown).to_have_value(re.compile(r"^[0-9A-Z]{4}-[0-9A-Z]{4}$"))
    expect_to_fit(visit)
    return shown.input_value()


def give_back(visit: FramedVisit, code: str) -> None:
    visit.tool.get_by_label("Code donné par l’autre compte").fill(code)
    visit.tool.get_by_role("button", name="Demander à relier").click()


def reload(visit: FramedVisit) -> None:
    visit.frame.goto(visit.frame.url)


def persons(sites: TwoSites, *names: str) -> list[int]:
    """Who holds the accounts of these names."""
    with sites.parts.sessions() as session:
        return list(session.scalars(select(Account.person_id).where(Account.full_name.in_(names))))


@pytest.mark.parametrize(
    ("size", "username", "number", "name"),
    [
        (WIDE, "apprenant36", "41", "Séverine Fictive"),
        (PHONE, "apprenant01", "43", "Moussa Fictif"),
    ],
    ids=["wide", "phone"],
)
def test_a_person_links_two_accounts_and_each_site_shows_one_path(
    opened: Opener,
    sites: TwoSites,
    size: ViewportSize,
    username: str,
    number: str,
    name: str,
) -> None:
    first = open_in_moodle(opened, username, size)
    mine = first.tool.locator(".site-footer bdi").inner_text()
    open_linking(first)
    lost = ask_code(first)
    # What a reload leaves: a code is in progress, not to be shown again, to replace or to cancel.
    open_linking(first)
    main = first.tool.locator("main")
    expect(main).to_contain_text("Un code est en cours")
    expect(main).to_contain_text("ne peut pas le montrer à nouveau")
    assert lost not in main.inner_text()
    code = ask_code(first, "Demander un autre code")

    second = open_elsewhere(first, sites, number)
    open_linking(second)
    give_back(second, lost)
    expect(second.tool.get_by_role("alert")).to_contain_text("un plus récent l’a remplacé")
    expect_to_fit(second)
    give_back(second, code)
    expect(second.tool.get_by_role("status")).to_contain_text("Votre demande est faite")
    expect(second.tool.locator("main")).to_contain_text("Votre demande attend l’autre compte")
    expect(second.tool.get_by_role("button", name="relier ces comptes")).to_have_count(0)

    open_linking(first)
    expect(main).to_contain_text(mine)
    expect(main).to_contain_text(name)
    first.tool.get_by_role("button", name="C’est bien moi : relier ces comptes").click()
    expect(first.tool.get_by_role("status")).to_contain_text("Vos deux comptes sont reliés")
    expect_to_fit(first)
    assert len(set(persons(sites, mine, name))) == 1

    reload(second)
    expect(second.tool.get_by_role("heading", level=1)).to_have_text("Session terminée")
    launch(second, sites, number)
    second.tool.get_by_role("banner").get_by_role("link", name="Mes données").click()
    accounts = second.tool.get_by_role("table", name="Vos comptes Moodle").locator("tbody tr")
    expect(accounts).to_have_count(2)


def test_a_code_that_was_cancelled_or_is_one_s_own_links_nothing(
    opened: Opener, sites: TwoSites
) -> None:
    first = open_in_moodle(opened, "apprenant02")
    open_linking(first)
    code = ask_code(first)
    give_back(first, code)
    expect(first.tool.get_by_role("alert")).to_contain_text("depuis le compte où vous êtes")
    first.tool.get_by_role("button", name="Annuler ce code").click()
    expect(first.tool.get_by_role("status")).to_contain_text("Le code est annulé")

    second = open_elsewhere(first, sites, "42")
    open_linking(second)
    give_back(second, code)

    expect(second.tool.get_by_role("alert")).to_contain_text("Aucun code en cours")
    assert merged(sites, "Awa Fictive-Stockage") is None


def test_two_people_of_one_site_are_not_linked(opened: Opener, sites: TwoSites) -> None:
    first = open_in_moodle(opened, "apprenant03")
    open_linking(first)
    code = ask_code(first)
    neighbour = open_in_moodle(opened, "apprenant04")
    open_linking(neighbour)

    give_back(neighbour, code)

    expect(neighbour.tool.get_by_role("alert")).to_contain_text("Deux comptes du même site")
    expect_to_fit(neighbour)


def test_a_request_that_was_refused_is_closed_on_both_sides(
    opened: Opener, sites: TwoSites
) -> None:
    first = open_in_moodle(opened, "apprenant05")
    open_linking(first)
    code = ask_code(first)
    second = open_elsewhere(first, sites, "44")
    open_linking(second)
    give_back(second, code)
    open_linking(first)

    first.tool.get_by_role("button", name="Refuser").click()

    expect(first.tool.get_by_role("status")).to_contain_text("Aucun compte n’a été relié")
    reload(second)
    expect(second.tool.locator("main")).not_to_contain_text("attend l’autre compte")
    assert merged(sites, "Ndèye Fictive") is None


def test_leaving_the_frame_ends_the_tab_that_was_opened_from_it(
    opened: Opener, sites: TwoSites
) -> None:
    visit = open_in_moodle(opened, "apprenant06")
    with visit.context.expect_page() as opening:
        visit.tool.get_by_role("button", name="Ouvrir dans un nouvel onglet").click()
    tab = opening.value
    heading = tab.get_by_role("heading", level=1)
    expect(heading).to_have_text("Mon parcours RMP-ADL")

    with visit.page.expect_navigation(url=f"{sites.moodle}/course/view.php?id=*"):
        visit.tool.get_by_role("button", name="Quitter vers le cours").click()

    tab.reload()
    expect(heading).to_have_text("Session terminée")


def test_leaving_works_for_a_session_kept_by_the_page(opened: Opener, sites: TwoSites) -> None:
    visit = opened(EVERY_COOKIE_OF_THE_TOOL)
    launch(visit, sites, "42")
    before = sessions(sites)

    with visit.page.expect_navigation(url=f"{sites.storing}/course/view.php?id=*"):
        visit.tool.get_by_role("button", name="Quitter vers le cours").click()

    assert sessions(sites) == before - 1


def merged(sites: TwoSites, name: str) -> int | None:
    """Whom the person of this account turned out to be."""
    with sites.parts.sessions() as session:
        return session.scalars(
            select(Person.merged_into_id)
            .join(Account, Account.person_id == Person.id)
            .where(Account.full_name == name)
        ).one()


def sessions(sites: TwoSites) -> int:
    with sites.parts.sessions() as session:
        return len(session.scalars(select(BrowserSession.id)).all())

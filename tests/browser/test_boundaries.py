"""What the browser does besides the story: addresses typed by hand, Back, two people, two tabs."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.conftest import Visitor
from tests.browser.visit import COMMUNICATION, FRAME, WELCOME, Visit

pytestmark = pytest.mark.browser


def expect_nothing_there(visit: Visit, path: str) -> None:
    """Type an address and find the same page as for one that does not exist."""
    assert visit.go(path).status == 404, path
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Page introuvable")


def test_a_lead_types_the_address_of_another_association_and_finds_nothing(
    visitor: Visitor,
) -> None:
    first, second = (visitor().enter(name, WELCOME) for name in ("referent1", "referent2"))
    own, other = first.path, second.path
    assert own != other
    assert first.go(own).status == 200
    for path in (other, f"{other}/ancrage", f"{other}/cohorte.csv", f"{other}?nom=a"):
        expect_nothing_there(first, path)


def test_a_learner_types_the_addresses_of_others_and_finds_nothing(visitor: Visitor) -> None:
    visit = visitor().enter("apprenant01", COMMUNICATION)
    course = visit.path.removesuffix("/parcours")
    for path in ("/formation", "/preuves", "/propositions"):
        expect_nothing_there(visit, course + path)
    for path in ("/coordination", "/coordination/acces", "/cours/999/parcours"):
        expect_nothing_there(visit, path)


def test_a_launch_sent_twice_is_explained_and_leads_back(visitor: Visitor) -> None:
    visit = visitor()
    sent: list[dict[str, str]] = []

    def keep(answer: Response) -> None:
        asked = answer.request
        if asked.method == "POST" and asked.url.endswith("/lti/launch"):
            sent.append(dict(asked.post_data_json))

    visit.context.on("response", keep)
    visit.enter("apprenant01", COMMUNICATION)
    assert len(sent) == 1
    _post(visit.page, f"{visit.demonstration.tool}/lti/launch", sent[0])
    main = visit.page.locator("main")
    expect(main).to_contain_text("Ce lancement a déjà servi ou a expiré")
    expect(main).to_contain_text("Ce que vous aviez enregistré est conservé")
    expect(main).to_contain_text("ouvrez à nouveau l’activité")


def test_a_hint_that_was_spent_is_said_by_moodle_and_opens_nothing(visitor: Visitor) -> None:
    visit = visitor()
    asked: list[str] = []
    visit.context.on(
        "request", lambda one: asked.append(one.url) if "/mod/lti/auth.php?" in one.url else None
    )
    visit.enter("apprenant01", COMMUNICATION)
    visit.page.goto(asked[0])  # as Back does, to the page that answered the login
    expect(visit.page.locator("body")).to_contain_text("Requête non valide")
    visit.open_course(COMMUNICATION)
    expect(visit.tool.locator(".site-footer")).to_contain_text("Aïssatou")


def test_a_session_of_moodle_that_ended_is_explained(visitor: Visitor) -> None:
    visit = visitor()
    visit.enter("apprenant01", COMMUNICATION)
    launch = visit.page.locator(FRAME).get_attribute("src")
    visit.page.get_by_role("button", name="Changer de personne").click()
    visit.page.goto(visit.demonstration.moodle + (launch or ""))
    main = visit.page.locator("main")
    expect(main).to_contain_text("Moodle n’a pas terminé l’ouverture")
    expect(main).to_contain_text("Reconnectez-vous à Moodle")
    expect(main).to_contain_text("LTI-PLATFORM-ERROR")


def test_back_and_reload_after_a_launch_in_a_tab_lose_nobody(visitor: Visitor) -> None:
    visit = visitor().enter("apprenant01", COMMUNICATION)
    with visit.context.expect_page() as opening:
        visit.page.get_by_role("link", name="Ouvrir dans un nouvel onglet").click()
    tab = opening.value
    heading = tab.get_by_role("heading", level=1)
    expect(heading).to_have_text("Mon parcours RMP-ADL")
    tab.reload()
    expect(heading).to_have_text("Mon parcours RMP-ADL")
    tab.get_by_role("link", name="Mes preuves", exact=True).click()
    expect(heading).to_have_text("Mes preuves")
    tab.go_back()
    expect(heading).to_have_text("Mon parcours RMP-ADL")
    tab.get_by_role("button", name="Quitter vers le cours").click()
    expect(tab.get_by_role("heading", level=1).first).to_contain_text("Communication")


def test_the_tool_follows_into_a_tab_of_its_own(visitor: Visitor) -> None:
    visit = visitor().enter("apprenant01", COMMUNICATION)
    with visit.context.expect_page() as opening:
        visit.tool.get_by_role("button", name="Ouvrir dans un nouvel onglet").click()
    expect(opening.value.get_by_role("heading", level=1)).to_have_text("Mon parcours RMP-ADL")
    expect(opening.value.locator(".site-footer")).to_contain_text("Aïssatou")


def test_a_second_person_in_the_same_browser_never_sees_the_first(visitor: Visitor) -> None:
    visit = visitor().enter("apprenant01", COMMUNICATION)
    left_open = visit.context.new_page()
    left_open.goto(visit.demonstration.tool + visit.path)
    expect(left_open.locator(".site-footer")).to_contain_text("Aïssatou")
    visit.page.get_by_role("button", name="Changer de personne").click()
    visit.enter("apprenant13", COMMUNICATION)
    expect(visit.tool.locator(".site-footer")).to_contain_text("أحمد")
    left_open.reload()
    expect(left_open.locator(".site-footer")).to_contain_text("أحمد")
    assert "Aïssatou" not in left_open.content()


def test_two_tabs_on_two_courses_both_work(visitor: Visitor) -> None:
    visit = visitor().enter("apprenant01", COMMUNICATION)
    other = Visit(visit.browser, visit.demonstration, tab_of=visit)
    other.open_course("ADL-07 Podcast")
    for one, course in ((visit, "Communication"), (other, "Podcast"), (visit, "Communication")):
        one.follow("Mes preuves")
        expect(one.tool.get_by_role("heading", level=1)).to_have_text("Mes preuves")
        expect(one.tool.locator(".brand-where")).to_contain_text(course)
        one.follow("Mon parcours")
        expect(one.tool.locator("main .lead")).to_contain_text(course)


def test_the_language_is_changed_and_changed_back(visitor: Visitor) -> None:
    visit = visitor().enter("apprenant01", COMMUNICATION)
    page = visit.tool.locator("html")
    for button, language in (("English", "en"), ("Français", "fr")):
        visit.tool.get_by_role("button", name=button).click()
        expect(page).to_have_attribute("lang", language)
        assert visit.path.endswith("/parcours")
    anyone = visitor()
    for language in ("en", "fr"):
        assert anyone.go(f"/verifier?lang={language}").status == 200
        expect(anyone.page.locator("html")).to_have_attribute("lang", language)


def _post(page: Page, address: str, fields: dict[str, str]) -> None:
    """Send a form as a browser does that is asked to send it again."""
    with page.expect_navigation():
        page.evaluate(
            """([action, fields]) => {
                const form = document.createElement("form");
                form.method = "post";
                form.action = action;
                for (const [name, value] of Object.entries(fields)) {
                    const field = document.createElement("input");
                    field.name = name;
                    field.value = value;
                    form.append(field);
                }
                document.body.append(form);
                form.submit();
            }""",
            [address, fields],
        )

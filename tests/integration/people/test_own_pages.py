"""One's own data, choices, language and way out, through a browser."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.people.models import (
    BrowserSession,
    Consent,
    CourseRole,
    Person,
    Purpose,
    Role,
    SessionCourse,
)
from lti_tool.people.new_tab import new_ticket, redeem_ticket
from lti_tool.people.service import consent_given, has_answered_notice, own_data_section
from tests.factories import make_course, make_grant, make_partner, make_person, make_site, sign_in
from tests.reading import words_of


def test_my_data_shows_what_is_held_and_nobody_else(client: FlaskClient, session: Session) -> None:
    site = make_site(session)
    person = make_person(session, "Awa Fictive", site, "4007")
    person.accounts[0].idnumber = "ADH-2026-007"
    make_person(session, "Binta Imaginaire", site, "4008")
    make_grant(session, person, Role.PARTNER_LEAD, make_partner(session))
    sign_in(client, session, person)
    page = words_of(client.get("/mes-donnees"))
    for held in ("Awa Fictive", "4007", "ADH-2026-007", "Moodle fictif", "Association Fictive"):
        assert held in page
    assert "Référent·e partenaire" in page
    assert "Refuser ne change rien à votre formation ni à votre certification" in page
    assert "Imaginaire" not in page
    assert "4008" not in page


def test_my_data_leave_as_a_file(client: FlaskClient, session: Session) -> None:
    site = make_site(session)
    person = make_person(session, "Awa Fictive", site, "4007")
    make_person(session, "Binta Imaginaire", site, "4008")
    sign_in(client, session, person)
    client.post("/mes-donnees/consentements", data={"purpose": "research", "given": "no"})
    answer = client.get("/mes-donnees.json")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"
    data = answer.get_json()
    assert data["identity"]["full_name"] == "Awa Fictive"
    assert [account["subject"] for account in data["accounts"]] == ["4007"]
    assert [(row["purpose"], row["given"]) for row in data["consents"]] == [("research", False)]
    assert "token" not in words_of(answer)
    assert "Imaginaire" not in words_of(answer)


def test_two_rooms_cannot_fill_one_section_of_my_data() -> None:
    with pytest.raises(ValueError, match="identity"):
        own_data_section("identity")(lambda _session, _person_id: None)


def test_a_consent_is_given_then_withdrawn(client: FlaskClient, session: Session) -> None:
    person = make_person(session)
    sign_in(client, session, person)
    for given, kept in (("yes", True), ("no", False)):
        answer = client.post(
            "/mes-donnees/consentements", data={"purpose": "anchoring", "given": given}
        )
        assert answer.status_code == 303
        assert consent_given(session, person.id, Purpose.ANCHORING) is kept
        session.commit()
    assert len(session.scalars(select(Consent)).all()) == 2


def test_a_choice_that_is_none_is_refused(client: FlaskClient, session: Session) -> None:
    sign_in(client, session, make_person(session))
    for form in ({}, {"purpose": "sale", "given": "yes"}, {"purpose": "research", "given": "1"}):
        assert client.post("/mes-donnees/consentements", data=form).status_code == 422
    assert session.scalars(select(Consent)).all() == []


def test_the_welcome_has_nothing_ticked_and_says_that_refusing_costs_nothing(
    client: FlaskClient, session: Session
) -> None:
    sign_in(client, session, make_person(session))
    page = words_of(client.get("/bienvenue?next=/cours/3/parcours"))
    assert page.count('type="checkbox"') == len(Purpose)
    assert " checked" not in page
    assert "Refuser ne change rien à votre formation ni à votre certification" in page
    assert 'value="/cours/3/parcours"' in page


def test_what_is_not_ticked_at_the_welcome_is_refused(
    client: FlaskClient, session: Session
) -> None:
    person = make_person(session)
    sign_in(client, session, person)
    answer = client.post(
        "/bienvenue", data={"purposes": ["anchoring"], "next": "/cours/3/parcours"}
    )
    assert (answer.status_code, answer.location) == (303, "/cours/3/parcours")
    assert {purpose: consent_given(session, person.id, purpose) for purpose in Purpose} == {
        Purpose.ANCHORING: True,
        Purpose.SHARE_WITH_PARTNER: False,
        Purpose.RESEARCH: False,
        Purpose.PUBLIC_PAGE: False,
    }
    assert has_answered_notice(session, person.id)


def test_the_welcome_never_leads_to_another_site(client: FlaskClient, session: Session) -> None:
    sign_in(client, session, make_person(session))
    answer = client.post("/bienvenue", data={"next": "//evil.example.org"})
    assert answer.status_code == 303
    assert answer.location == "/"
    page = words_of(client.get("/bienvenue?next=https://evil.example.org"))
    assert 'name="next" value="/"' in page
    assert 'value="https://evil' not in page


def test_a_person_keeps_their_language(client: FlaskClient, session: Session) -> None:
    person = make_person(session)
    sign_in(client, session, person)
    answer = client.post("/langue", data={"locale": "en", "next": "/mes-donnees"})
    assert (answer.status_code, answer.location) == (303, "/mes-donnees")
    session.expire_all()
    assert session.get_one(Person, person.id).locale == "en"
    assert '<html lang="en"' in words_of(client.get("/mes-donnees"))


def test_somebody_without_session_keeps_their_language_in_a_cookie(client: FlaskClient) -> None:
    answer = client.post("/langue", data={"locale": "en", "next": "https://evil.example.org/"})
    assert answer.location == "/"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("ancrage_locale=en")
    for attribute in ("Secure", "SameSite=None", "Partitioned", "HttpOnly"):
        assert attribute in cookie
    assert client.post("/langue", data={"locale": "xx"}).status_code == 422


RETURNS = {
    "": "http://moodle.localhost:8081/course/view.php?id=7",
    "https://evil.example.org/": "http://moodle.localhost:8081/course/view.php?id=7",
    "http://moodle.localhost:8081.evil.org/": "http://moodle.localhost:8081/course/view.php?id=7",
    "http://moodle.localhost:8081/mod/lti/return.php": "http://moodle.localhost:8081/mod/lti/return.php",
}


def ticket_of(client: FlaskClient, path: str, button: str = "Quitter vers le cours") -> str:
    """What the form of a page posts to leave."""
    for form in re.findall(
        r'<form[^>]*action="/quitter".*?</form>', client.get(path).text, re.DOTALL
    ):
        if button in form:
            found = re.search(r'name="ticket" value="([^"]+)"', form)
            assert found is not None
            return found[1]
    raise AssertionError(f"no form to leave on {path}")


def test_leaving_ends_the_session_and_leads_back_to_the_course(
    client: FlaskClient, session: Session
) -> None:
    course, person = make_course(session, make_site(session), 7), make_person(session)
    for return_url, expected in RETURNS.items():
        sign_in(client, session, person, {course.id: CourseRole.LEARNER})
        session.scalars(select(SessionCourse)).one().return_url = return_url
        session.commit()
        answer = client.post("/quitter", data={"ticket": ticket_of(client, "/mes-donnees")})
        assert (answer.status_code, answer.location) == (303, expected)
        assert client.get("/mes-donnees").status_code == 401
        assert session.scalars(select(BrowserSession.id)).all() == []
        session.commit()
        session.expunge_all()


def test_leaving_needs_no_cookie_and_ends_the_tabs_opened_from_the_frame(
    app: Flask, session: Session
) -> None:
    """A form posted to the whole window carries another cookie than the frame, or none."""
    course, person = make_course(session, make_site(session)), make_person(session)
    frame, tab, nobody = (app.test_client() for _one in range(3))
    browser = sign_in(frame, session, person, {course.id: CourseRole.LEARNER})
    token = redeem_ticket(session, new_ticket(browser.id, keys_of(app)), keys_of(app))
    with tab.session_transaction() as cookie:
        cookie["sid"] = token
    ticket = ticket_of(frame, "/mes-donnees")
    assert tab.get("/mes-donnees").status_code == 200

    assert nobody.post("/quitter", data={"ticket": ticket}).status_code == 303

    assert frame.get("/mes-donnees").status_code == tab.get("/mes-donnees").status_code == 401
    assert nobody.post("/quitter", data={"ticket": ticket}).status_code == 200


def test_leaving_one_course_keeps_the_tab_on_another(client: FlaskClient, session: Session) -> None:
    site, person = make_site(session), make_person(session)
    first, second = make_course(session, site, 7), make_course(session, site, 8)
    both = dict.fromkeys((first.id, second.id), CourseRole.LEARNER)
    sign_in(client, session, person, both)

    answer = client.post(
        "/quitter", data={"ticket": ticket_of(client, f"/cours/{first.id}/ancrage")}
    )

    assert answer.location.endswith("?id=7")
    kept = session.scalars(select(SessionCourse.course_id)).all()
    assert kept == [second.id]
    session.rollback()
    every = ticket_of(client, "/mes-donnees", "Terminer ma session")
    client.post("/quitter", data={"ticket": every})
    assert client.get("/mes-donnees").status_code == 401


@pytest.mark.parametrize("ticket", ["", "x", "WyJhIiwxXQ.AAAA", "é\x00"])
def test_a_ticket_of_another_hand_ends_nothing(
    client: FlaskClient, session: Session, ticket: str
) -> None:
    browser = sign_in(client, session, make_person(session))

    client.post("/quitter", data={"ticket": ticket})
    client.post("/quitter", data={"ticket": new_ticket(browser.id, keys_of(client.application))})

    assert client.get("/mes-donnees").status_code == 200


def keys_of(app: Flask) -> list[str]:
    return [*reversed(app.config["SECRET_KEY_FALLBACKS"] or []), app.config["SECRET_KEY"]]


def test_leaving_without_a_session_says_how_to_come_back(client: FlaskClient) -> None:
    answer = client.post("/quitter")
    assert (answer.status_code, answer.location) == (200, None)
    assert "ouvrez à nouveau l’outil depuis votre cours Moodle" in words_of(answer)


def test_own_pages_need_a_session(client: FlaskClient) -> None:
    for path in ("/mes-donnees", "/mes-donnees.json", "/bienvenue", "/acces", "/"):
        assert client.get(path).status_code == 401
    for path in ("/mes-donnees/consentements", "/bienvenue", "/acces"):
        assert client.post(path).status_code == 401


def test_every_form_of_one_s_own_pages_is_protected(app: Flask, session: Session) -> None:
    browser = app.test_client()
    sign_in(browser, session, make_person(session))
    for path in ("/mes-donnees/consentements", "/bienvenue", "/langue", "/acces"):
        assert browser.post(path).status_code == 400


def test_a_person_without_space_is_told_how_to_open_one(
    client: FlaskClient, session: Session
) -> None:
    sign_in(client, session, make_person(session))
    page = words_of(client.get("/"))
    assert "Aucun espace n’est ouvert pour vous" in page
    assert 'href="/acces"' in page


def test_a_person_with_several_spaces_chooses(client: FlaskClient, session: Session) -> None:
    person = make_person(session)
    make_grant(session, person, Role.COORDINATOR)
    make_grant(session, person, Role.PARTNER_LEAD, make_partner(session))
    sign_in(client, session, person)
    page = words_of(client.get("/"))
    assert "Ma cohorte" in page
    assert 'href="/coordination"' in page

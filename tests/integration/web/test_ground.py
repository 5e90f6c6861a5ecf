"""The ground of every page: declared access, headers, errors, health, static files."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from lti_tool.errors import LtiToolError
from lti_tool.people.models import CourseRole, Role
from tests.factories import make_course, make_grant, make_partner, make_person, make_site, sign_in


def test_every_view_declares_who_may_see_it(app: Flask) -> None:
    undeclared = [
        endpoint
        for endpoint, view in app.view_functions.items()
        if endpoint != "static" and not hasattr(view, "access_check")
    ]
    assert undeclared == []


def test_a_view_that_declares_nothing_is_refused(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/oubliee", "forgotten", lambda: "secret")
    answer = client.get("/oubliee")
    assert answer.status_code == 404
    assert b"secret" not in answer.data


def test_public_views_are_these_and_no_others(app: Flask) -> None:
    public = {
        endpoint
        for endpoint, view in app.view_functions.items()
        if endpoint != "static" and view.access_check is None
    }
    assert public == {
        "credentials.verify",
        "credentials.verify_form",
        "lti.jwks",
        "lti.key",
        "lti.launch",
        "lti.login",
        "people.leave",
        "people.open_new_tab",
        "people.set_locale",
        "registration.begin",
        "registration.register",
        "web.healthz",
        "web.metrics",
        "web.readyz",
    }


def test_without_a_session_a_page_says_how_to_begin_one(client: FlaskClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 401
    assert "Ouvrez à nouveau l’outil depuis votre cours" in answer.text
    assert "ANC-401" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/coordination",
        "/coordination/sites",
        "/coordination/partenaires",
        "/coordination/cartographie",
        "/coordination/acces",
    ],
)
@pytest.mark.parametrize("who", ["learner", "trainer", "lead"])
def test_a_coordinators_page_does_not_exist_for_others(
    client: FlaskClient, session: Session, path: str, who: str
) -> None:
    site = make_site(session)
    course = make_course(session, site)
    person = make_person(session, site=site)
    if who == "lead":
        make_grant(session, person, Role.PARTNER_LEAD, make_partner(session))
    sign_in(
        client,
        session,
        person,
        {course.id: CourseRole("trainer" if who == "trainer" else "learner")},
    )
    assert client.get(path).status_code == 404


def test_only_registered_platforms_may_frame_the_tool(
    client: FlaskClient, session: Session
) -> None:
    make_site(session, "https://moodle.example.test/lms")
    session.commit()
    policy = client.get("/healthz").headers["Content-Security-Policy"]
    assert "frame-ancestors 'self' https://moodle.example.test;" in policy + ";"
    assert "'unsafe-inline'" not in policy
    assert "script-src 'self'" in policy


def test_no_page_carries_an_inline_script_or_style(client: FlaskClient) -> None:
    for path in ("/", "/verifier", "/nulle-part"):
        page = client.get(path).text
        assert not re.search(r"<script(?![^>]*\bsrc=)", page)
        assert " style=" not in page
        assert not re.search(r"\son\w+=", page)


def test_an_unknown_address_is_a_page_with_a_code(client: FlaskClient) -> None:
    answer = client.get("/nulle-part")
    assert answer.status_code == 404
    assert "ANC-404" in answer.text


def test_a_crash_shows_a_code_and_no_trace(app: Flask, client: FlaskClient) -> None:
    def crash() -> str:
        raise ZeroDivisionError("secret of the machine")

    crash.access_check = None  # type: ignore[attr-defined]  # functions carry attributes
    app.add_url_rule("/panne", "crash", crash)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = client.get("/panne")
    assert answer.status_code == 500
    assert LtiToolError.code in answer.text
    assert "secret of the machine" not in answer.text


def test_a_form_without_its_token_is_refused_and_says_so(app: Flask, session: Session) -> None:
    browser = app.test_client()
    person = make_person(session)
    sign_in(browser, session, person)
    answer = browser.post("/mes-donnees/consentements", data={"anchoring": "1"})
    assert answer.status_code == 400
    assert "WEB-CSRF" in answer.text


def test_health_says_that_the_process_answers_and_readiness_that_tables_are_there(
    client: FlaskClient, session: Session
) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200
    revision = session.scalar(text("SELECT version_num FROM alembic_version"))
    session.execute(text("DELETE FROM alembic_version"))
    session.commit()
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    session.execute(text("INSERT INTO alembic_version VALUES (:found)"), {"found": revision})
    session.commit()


def test_the_session_cookie_is_partitioned_where_the_tool_is_framed_by_another_site(
    client: FlaskClient, session: Session
) -> None:
    person = make_person(session)
    sign_in(client, session, person)
    answer = client.post("/langue", data={"locale": "en", "next": "/"})
    cookies = [value for name, value in answer.headers if name == "Set-Cookie"]
    framed = [value for value in cookies if value.startswith("ancrage_session=")]
    for value in framed:
        assert "HttpOnly" in value
        assert "Secure" in value
        assert "SameSite=None" in value
        assert "Partitioned" in value


def test_english_is_spoken_to_those_who_ask_for_it(client: FlaskClient) -> None:
    assert client.get("/nulle-part", headers={"Accept-Language": "en"}).text.count('lang="en"')
    assert client.get("/nulle-part", headers={"Accept-Language": "wo, ar"}).text.count('lang="fr"')

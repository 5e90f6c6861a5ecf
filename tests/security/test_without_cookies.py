"""A browser that keeps no cookie: the platform holds the proof of the login, the page the session."""

from __future__ import annotations

import re
import string
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from flask import Flask, flash, redirect
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.lti.models import LoginAttempt
from lti_tool.lti.storage import storage_target
from lti_tool.people.models import BrowserSession
from lti_tool.web.access import signed_in
from lti_tool.web.page_memory import GOOD_FOR, HEADER, ONWARD
from tests.conftest import BASE_URL
from tests.security.forge import Door, launch_claims, login_form, refused_with, sign

STORAGE = {"lti_storage_target": "_parent"}

ALPHABET = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"


class Cookieless:
    """A browser without cookies in the frame of a platform that has a storage."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client(use_cookies=False)
        self.bearer = ""

    def login(self) -> tuple[dict[str, str], str, str]:
        """Begin a login; return what the page puts in the storage, the state and the nonce."""
        answer = self.client.post("/lti/login", data=login_form(**STORAGE, by_storage="1"))
        page = data_of(answer)
        asked = dict(re.findall(r"(state|nonce)=([^&]+)", page["onward"]))
        return page, asked["state"], asked["nonce"]

    def token(self, nonce: str, **changes: Any) -> str:
        return sign(launch_claims(clock.now(), nonce, changes))

    def come_back(
        self, state: str, token: str, kept: str, origin: str | None = BASE_URL, **others: Any
    ) -> Any:
        """Post what the page got back from the storage."""
        headers = {"Origin": origin} if origin else {}
        form = {"state": state, "id_token": token, "kept": kept}
        return self.client.post("/lti/launch", data=form | others, headers=headers)

    def enter(self) -> str:
        """Enter; return the path of the first page."""
        kept, state, nonce = self.login()
        page = data_of(self.come_back(state, self.token(nonce), kept["proof"]))
        self.bearer = page["bearer"]
        return page["onward"]

    def ask(self, path: str, bearer: str | None = None, **form: str) -> Any:
        """Ask for a page as its script does, following what it is told, with the newest bearer."""
        answer = self._once(path, bearer or self.bearer, form)
        while onward := answer.headers.get(ONWARD):
            answer = self._once(onward, self.bearer, {})
        return answer

    def _once(self, path: str, bearer: str, form: dict[str, str]) -> Any:
        headers = {"Authorization": f"Bearer {bearer}"}
        if form:
            answer = self.client.post(path, data=form, headers=headers)
        else:
            answer = self.client.get(path, headers=headers)
        self.bearer = answer.headers.get(HEADER, self.bearer)
        return answer


def data_of(answer: Any) -> dict[str, str]:
    """The data that a page gives to its script."""
    assert answer.status_code == 200, answer.get_data(as_text=True)
    page = answer.get_data(as_text=True)
    element = re.search(r'<div id="(?:platform-storage|page-memory)"[^>]*>', page)
    assert element, page
    return {
        name: unescape(value) for name, value in re.findall(r'data-(\w+)="([^"]*)"', element[0])
    }


@pytest.fixture
def browser(app: Flask, door: Door) -> Cookieless:
    app.config["WTF_CSRF_ENABLED"] = True
    return Cookieless(app)


def test_the_storage_is_proposed_only_where_the_platform_has_one(browser: Cookieless) -> None:
    with_storage = browser.client.post("/lti/login", data=login_form(**STORAGE))
    without = browser.client.post("/lti/login", data=login_form())
    in_a_tab = browser.client.get("/lti/login", query_string=login_form(**STORAGE, new_tab="1"))

    assert "cookie-storage" in with_storage.get_data(as_text=True)
    assert "cookie-storage" not in without.get_data(as_text=True)
    assert "cookie-storage" not in in_a_tab.get_data(as_text=True)


@pytest.mark.parametrize("named", ["_top", "_blank", "_self", "", "a b", "x" * 201, '"><b>', "é"])
def test_a_storage_that_no_frame_can_be_is_none(browser: Cookieless, named: str) -> None:
    form = login_form(lti_storage_target=named, by_storage="1")

    answer = browser.client.post("/lti/login", data=form)

    assert storage_target(form) is None
    assert "data-proof" not in answer.get_data(as_text=True)


def test_the_proof_goes_to_the_origin_that_authorizes_and_to_no_other(browser: Cookieless) -> None:
    page, state, _nonce = browser.login()

    assert page["origin"] == "http://moodle.localhost:8081"
    assert page["target"] == "_parent"
    assert page["onward"].startswith("http://moodle.localhost:8081/mod/lti/auth.php?")
    assert state not in (page["proof"], page["key"])
    assert page["proof"] not in page["onward"]


def test_a_launch_whose_proof_the_platform_kept_enters_without_any_cookie(
    browser: Cookieless, session: Session
) -> None:
    kept, state, nonce = browser.login()
    token = browser.token(nonce)

    asked = browser.client.post("/lti/launch", data={"state": state, "id_token": token})
    page = data_of(asked)
    assert page == {name: kept[name] for name in ("target", "origin", "key")}
    assert session.scalars(select(BrowserSession)).all() == []
    session.rollback()

    entered = browser.come_back(state, token, kept["proof"])

    assert data_of(entered)["onward"].startswith("/cours/")
    assert all("Max-Age=0" in one for one in entered.headers.getlist("Set-Cookie"))
    assert len(session.scalars(select(BrowserSession)).all()) == 1


def test_a_launch_without_the_right_proof_opens_nothing(
    browser: Cookieless, session: Session
) -> None:
    kept, state, nonce = browser.login()
    other, _state, _nonce = browser.login()
    token = browser.token(nonce)

    for proof in ("", "x", state, other["proof"], kept["proof"][:-1], kept["proof"].upper() + "é"):
        assert refused_with(browser.come_back(state, token, proof), "LTI-STATE-BROWSER"), proof
    assert session.scalars(select(BrowserSession)).all() == []


@pytest.mark.parametrize("origin", [None, "null", "https://evil.test", f"{BASE_URL}.evil.test"])
def test_another_site_cannot_post_a_proof_that_it_knows(
    browser: Cookieless, session: Session, origin: str | None
) -> None:
    """Login CSRF: the attacker's own login, proof included, posted in the victim's browser."""
    kept, state, nonce = browser.login()

    answer = browser.come_back(state, browser.token(nonce), kept["proof"], origin)

    assert refused_with(answer, "LTI-STATE-BROWSER")
    assert session.scalars(select(BrowserSession)).all() == []


def test_a_login_kept_by_a_cookie_has_no_other_proof(
    door: Door, browser: Cookieless, session: Session
) -> None:
    state, nonce = door.login(**STORAGE)

    answer = browser.client.post(
        "/lti/launch", data={"state": state, "id_token": browser.token(nonce)}
    )

    assert refused_with(answer, "LTI-STATE-BROWSER")
    assert session.scalars(select(LoginAttempt)).one().storage_target is None


def test_a_proof_serves_once(browser: Cookieless) -> None:
    kept, state, nonce = browser.login()
    token = browser.token(nonce)
    browser.come_back(state, token, kept["proof"])

    assert refused_with(browser.come_back(state, token, kept["proof"]), "LTI-STATE-USED")


def test_an_error_of_the_platform_is_told_kindly_without_cookies_too(browser: Cookieless) -> None:
    _kept, state, _nonce = browser.login()

    answer = browser.client.post("/lti/launch", data={"state": state, "error": "login_required"})

    assert refused_with(answer, "LTI-PLATFORM-ERROR")


def test_a_page_without_cookies_reads_and_sends_a_form(browser: Cookieless) -> None:
    first = browser.ask(browser.enter())
    page = first.get_data(as_text=True)
    assert "Séverine" in page
    assert "Set-Cookie" not in first.headers
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token

    sent = browser.ask("/langue", locale="en", next="/mes-donnees", csrf_token=token[1])

    assert sent.status_code == 200
    assert 'lang="en"' in sent.get_data(as_text=True)
    assert "Set-Cookie" not in sent.headers


def test_a_form_without_its_csrf_token_is_refused_with_a_bearer_too(browser: Cookieless) -> None:
    browser.ask(browser.enter())

    assert refused_with(browser.ask("/langue", locale="en"), "WEB-CSRF")


def test_what_was_just_done_is_told_after_a_redirection(browser: Cookieless, app: Flask) -> None:
    @app.get("/essai")
    @signed_in
    def trial() -> Any:
        flash("C’est enregistré.", "success")
        return redirect("/mes-donnees", 303)

    browser.enter()

    assert "C’est enregistré." in browser.ask("/essai").get_data(as_text=True)
    assert "C’est enregistré." not in browser.ask("/mes-donnees").get_data(as_text=True)


def test_a_bearer_is_good_for_ten_minutes_and_each_answer_brings_a_new_one(
    browser: Cookieless,
) -> None:
    start = clock.now()
    browser.enter()
    first = browser.bearer
    nearly = GOOD_FOR - timedelta(seconds=5)

    with time_machine.travel(start + nearly, tick=False):
        assert browser.ask("/session").status_code == 204
    with time_machine.travel(start + 2 * nearly, tick=False):
        assert browser.ask("/session").status_code == 204
        old = browser.ask("/session", bearer=first)
        assert old.status_code == 401
        assert HEADER not in old.headers


def test_a_bearer_ends_with_its_session(browser: Cookieless, session: Session) -> None:
    browser.enter()
    for row in session.scalars(select(BrowserSession)):
        session.delete(row)
    session.commit()

    assert browser.ask("/mes-donnees").status_code == 401


def test_a_bearer_and_a_cookie_do_not_serve_for_each_other(
    app: Flask, door: Door, browser: Cookieless
) -> None:
    door.launch()
    cookie = door.client.get_cookie("ancrage_session")
    assert cookie
    browser.enter()
    other = app.test_client()
    other.set_cookie("ancrage_session", browser.bearer)

    assert door.client.get("/mes-donnees").status_code == 200
    assert browser.ask("/mes-donnees", bearer=cookie.value).status_code == 401
    assert other.get("/mes-donnees").status_code == 401


def test_a_bearer_is_read_instead_of_a_cookie_never_beside_it(
    door: Door, browser: Cookieless
) -> None:
    door.launch()

    for bearer in ("", "x", "a.b.c", "é"):
        answer = door.client.get("/mes-donnees", headers={"Authorization": f"Bearer {bearer}"})
        assert answer.status_code == 401, bearer


def test_a_bearer_changed_in_one_letter_is_worth_nothing(browser: Cookieless) -> None:
    browser.enter()
    right = browser.bearer
    for place in range(0, len(right), 7):
        # Half an alphabet further: the last letter of a part has low bits that say nothing.
        letter = ALPHABET[(ALPHABET.find(right[place]) + 32) % 64]
        changed = right[:place] + letter + right[place + 1 :]
        assert browser.ask("/session", bearer=changed).status_code == 401


def test_no_address_carries_the_bearer_or_the_proof(browser: Cookieless) -> None:
    kept, state, nonce = browser.login()
    page = browser.come_back(state, browser.token(nonce), kept["proof"]).get_data(as_text=True)
    held = re.search(r'data-bearer="([^"]+)"', page)
    assert held
    browser.bearer = held[1]

    for text in (page, browser.ask("/mes-donnees").get_data(as_text=True)):
        for address in re.findall(r'(?:href|src|action)="([^"]*)"', text):
            assert browser.bearer not in address
            assert kept["proof"] not in address


def test_two_pages_without_cookies_never_mix(app: Flask, door: Door, browser: Cookieless) -> None:
    other = Cookieless(app)
    here = browser.enter()
    kept, state, nonce = other.login()
    course = {"id": "3", "label": "ADL-02", "title": "Autre cours"}
    token = other.token(nonce, sub="42", name="Autre Fictive", context=course)
    page = data_of(other.come_back(state, token, kept["proof"]))
    other.bearer = page["bearer"]

    assert "Séverine" in browser.ask(here).get_data(as_text=True)
    assert "Autre Fictive" in other.ask(page["onward"]).get_data(as_text=True)
    assert other.ask(here).status_code == 404
    assert browser.ask(page["onward"]).status_code == 404

"""Behind a proxy that ends TLS, where the application itself sees plain http: rows 19 and 21."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lti_tool import clock
from lti_tool.app import create_app
from lti_tool.settings import Settings
from lti_tool.web.runtime import Runtime
from tests.security.forge import Door, launch_claims, login_form, refused_with, sign

PUBLIC = "https://ancrage.example.test"
LAUNCH = f"{PUBLIC}/lti/launch"
FORWARDED = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "ancrage.example.test"}
Browser = Callable[[], "Proxied"]


class Proxied:
    """A browser that reaches the tool through the proxy; cookies are carried by hand."""

    def __init__(self, client: Any, headers: dict[str, str]) -> None:
        self.client, self.headers = client, headers
        self.cookies: dict[str, str] = {"ancrage_cookies": "1"}

    def post(self, path: str, form: dict[str, str]) -> Any:
        carried = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self.client.post(path, data=form, headers={**self.headers, "Cookie": carried})
        for header in answer.headers.getlist("Set-Cookie"):
            name, _is, value = header.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def login(self) -> tuple[str, str]:
        answer = self.post("/lti/login", login_form(target_link_uri=LAUNCH))
        asked = dict(
            one.split("=", 1) for one in answer.headers["Location"].split("?")[1].split("&")
        )
        return asked["state"], asked["nonce"]

    def launch(self, state: str, nonce: str) -> Any:
        token = sign(launch_claims(clock.now(), nonce, {"target_link_uri": LAUNCH}))
        return self.post("/lti/launch", {"state": state, "id_token": token})


@pytest.fixture(params=[0, 1], ids=["proxy not declared", "proxy declared"])
def browser(
    request: pytest.FixtureRequest, settings: Settings, parts: Runtime, door: Door
) -> Browser:
    """A new browser each time, with and without ``ANCRAGE_TRUSTED_PROXIES``."""
    behind = settings.model_copy(update={"base_url": PUBLIC, "trusted_proxies": request.param})
    fields = {name: getattr(parts, name) for name in Runtime.__slots__}
    app = create_app(behind, Runtime(**(fields | {"settings": behind})))
    return lambda: Proxied(app.test_client(use_cookies=False), FORWARDED)


def test_a_launch_through_the_proxy_enters(browser: Browser) -> None:
    person = browser()

    assert person.launch(*person.login()).status_code == 303
    assert any(name.startswith("__Host-ancrage_login_") for name in person.cookies)


def test_state_and_token_carried_to_another_browser_open_nothing(browser: Browser) -> None:
    victim, thief = browser(), browser()
    state, nonce = victim.login()

    for cookies in ({}, {"ancrage_cookies": "1"}, {"ancrage_login": state}):
        thief.cookies = dict(cookies)
        assert refused_with(thief.launch(state, nonce), "LTI-STATE-BROWSER")
    assert "ancrage_session" not in thief.cookies


def test_what_once_entered_does_not_enter_again_from_another_browser(browser: Browser) -> None:
    victim, thief = browser(), browser()
    state, nonce = victim.login()
    victim.launch(state, nonce)

    assert refused_with(thief.launch(state, nonce), "LTI-STATE-USED")


def test_headers_of_a_stranger_change_neither_cookies_nor_addresses(
    settings: Settings, parts: Runtime, door: Door
) -> None:
    """Without a declared proxy, what a browser says of itself counts for nothing."""
    direct = settings.model_copy(update={"base_url": PUBLIC, "trusted_proxies": 0})
    fields = {name: getattr(parts, name) for name in Runtime.__slots__}
    app = create_app(direct, Runtime(**(fields | {"settings": direct})))
    liar = Proxied(
        app.test_client(use_cookies=False),
        {"X-Forwarded-Proto": "http", "X-Forwarded-Host": "evil.test"},
    )

    answer = liar.post("/lti/login", login_form(target_link_uri=LAUNCH))

    assert "evil.test" not in answer.headers["Location"]
    assert all("Secure" in one for one in answer.headers.getlist("Set-Cookie"))

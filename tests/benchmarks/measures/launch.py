"""Complete valid launches through the whole application: the login's answer and the token's.

The platform's own share (signing the token) is left out. Keys are warm: nothing may go out.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Event
from typing import Any, Protocol

from flask.testing import FlaskClient

from lti_tool import clock
from tests.benchmarks.figures import Figure, ratio
from tests.benchmarks.installations import Installation, each_engine
from tests.benchmarks.size import Size
from tests.benchmarks.stopwatch import Company, Stopwatch
from tests.factories import make_site
from tests.security.forge import Door, launch_claims, public_jwk, publish, registration_of, sign

LIMIT_MS = 50.0
PEOPLE = 40
ASKS = ("socket.connect", "socket.getaddrinfo")
_heard: list[str] = []
_listening = Event()


class Opened(Protocol):
    """A tool in which a browser can be opened."""

    def browser(self) -> FlaskClient:
        """A browser without session."""


def measure(size: Size) -> Iterator[Figure]:
    """Launch people in turn, each seen before, on each engine."""
    with each_engine(size) as installations:
        for tool in installations:
            yield from _measure(tool, size)


def _measure(tool: Installation, size: Size) -> Iterator[Figure]:
    with tool.parts.sessions() as session:
        publish(session, registration_of(session, make_site(session)), public_jwk())
    people = min(PEOPLE, size.launches)
    for number in range(people):
        launch_once(tool, number)
    health = tool.browser()
    launches, pages, company = [], [], Company()
    with outbound_calls() as calls:
        for turn in range(size.launches):
            launches.append(launch_once(tool, turn % people))
            pages.append(_show(health, "/healthz"))
    name = tool.engine_name
    cpu = [watch.cpu for watch in launches]
    yield Figure(
        f"a launch, {name}",
        "ms",
        tuple(1000 * watch.elapsed for watch in launches),
        limit=LIMIT_MS,
        judged="p95",
        others=company.others(),
    )
    yield Figure(f"a launch, {name}: CPU", "ms", tuple(1000 * used for used in cpu))
    yield Figure(f"launches in a second of one core, {name}", "/s", (len(cpu) / sum(cpu),))
    yield ratio(f"a launch beside an empty page, {name}", cpu, [watch.cpu for watch in pages])
    yield Figure(f"calls going out during launches, {name}", "", (float(len(calls)),), limit=0)


def launch_once(tool: Opened, number: int) -> Stopwatch:
    """Log person ``number`` in and launch; the platform's share is left out."""
    browser = tool.browser()
    # Each from an address of their own: no limit of requests is reached.
    browser.environ_base["REMOTE_ADDR"] = f"10.0.0.{number + 1}"
    door = Door(browser)
    watch = Stopwatch()
    with watch:
        state, nonce = door.login(login_hint=str(number))
    token = sign(launch_claims(clock.now(), nonce, _person(number)))
    with watch:
        answer = door.post(state, token)
    if answer.status_code != 303:
        raise RuntimeError(f"a launch was refused: {answer.status_code}")
    return watch


def _person(number: int) -> dict[str, Any]:
    return {"sub": str(number), "name": f"Apprenante Fictive {number}", "lis": None}


def _show(browser: FlaskClient, address: str) -> Stopwatch:
    with Stopwatch() as watch:
        browser.get(address)
    return watch


@contextmanager
def outbound_calls() -> Iterator[list[str]]:
    """Collect the names asked for and connections made by Python code in the block."""
    _install_ear()
    _heard.clear()
    _listening.set()
    try:
        yield _heard
    finally:
        _listening.clear()


@cache
def _install_ear() -> None:
    """Install the hook once: an audit hook cannot be taken off, only told not to listen."""
    sys.addaudithook(_hear)


def _hear(event: str, _arguments: object) -> None:
    if event in ASKS and _listening.is_set():
        _heard.append(event)

"""The browser and the demonstration, shared by the tests of this folder."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.blocking import FramedVisit, blocking_browser
from tests.browser.chromium import chromium, find_chromium
from tests.browser.demonstration import Demonstration, running_demonstration
from tests.browser.two_sites import TwoSites, running_two_sites
from tests.browser.visit import Visit
from tests.conftest import leave_out

Visitor = Callable[..., Visit]
Opener = Callable[[dict[str, Any]], FramedVisit]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell what the browsers showed when a test failed."""
    report = yield
    if report.when == "call" and report.failed:
        report.sections += [
            ("what a browser shows", visit.shown())
            for visit in Visit.all
            if not visit.page.is_closed()
        ]
    return report


@pytest.fixture(scope="session")
def browser_path() -> str:
    """Where the system's Chromium is."""
    path = find_chromium()
    if path is None:
        leave_out("browser", "browser tests: no Chromium and no ANCRAGE_TEST_BROWSER")
    return path


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What drives every browser of this process: it may be started only once."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright, browser_path: str) -> Iterator[Browser]:
    """The system's Chromium."""
    with chromium(playwright, browser_path) as running:
        yield running


@pytest.fixture(scope="session")
def demonstration(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Demonstration]:
    """A demonstration that this run alone uses."""
    with running_demonstration(tmp_path_factory.mktemp("demonstration")) as running:
        yield running


@pytest.fixture
def visitor(browser: Browser, demonstration: Demonstration) -> Iterator[Visitor]:
    """Open the browser of one person; closed after the test, nothing complained of."""
    opened: list[Visit] = []

    def open_visit(**details: object) -> Visit:
        visit = Visit(browser, demonstration, **details)  # type: ignore[arg-type]  # fields of Visit by name
        opened.append(visit)
        return visit

    yield open_visit
    for visit in opened:
        visit.context.close()
    assert [complaint for visit in opened for complaint in visit.complaints] == []


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoSites]:
    """Two platforms and the tool, each on a site of its own, for the tests of one module."""
    with running_two_sites(tmp_path_factory.mktemp("two-sites")) as running:
        yield running


@pytest.fixture
def opened(
    playwright: Playwright, browser_path: str, sites: TwoSites, tmp_path: Path
) -> Iterator[Opener]:
    """Open a browser with preferences; closed after the test, nothing complained of."""
    visits: list[FramedVisit] = []
    with ExitStack() as stack:

        def open_browser(preferences: dict[str, Any]) -> FramedVisit:
            folder = tmp_path / f"browser-{len(visits)}"
            context = stack.enter_context(
                blocking_browser(playwright, browser_path, folder, sites, preferences)
            )
            visit = FramedVisit(None, sites, opened=context)  # type: ignore[arg-type]  # addresses only
            visits.append(visit)
            return visit

        yield open_browser
        assert [complaint for visit in visits for complaint in visit.complaints] == []

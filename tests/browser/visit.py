"""One person at their own browser: enters the demonstration's Moodle, opens the tool in a course.

Everything that the browser complains of is kept, so that a test can say that there was nothing.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import InitVar, dataclass, field
from types import TracebackType
from typing import ClassVar
from weakref import WeakSet

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Frame,
    FrameLocator,
    Locator,
    Page,
    Response,
    ViewportSize,
    expect,
)

from tests.browser.demonstration import Demonstration

WIDE = ViewportSize(width=1280, height=900)
PHONE = ViewportSize(width=360, height=740)
FRAME = "#contentframe"
WELCOME = "ADL-00 Accueil"
COMMUNICATION = "ADL-01 Communication"
PATIENCE = 30_000
"""Milliseconds for a page; a busy machine needs more than a quick one."""
SHOWN = 600
"""Characters of a frame told after a failure."""
expect.set_options(timeout=PATIENCE)


@dataclass(eq=False)
class Visit:
    """A browser of its own: cookies, pages and complaints of one person."""

    all: ClassVar[WeakSet[Visit]] = WeakSet()

    browser: Browser
    demonstration: Demonstration
    size: ViewportSize = field(default_factory=lambda: WIDE)
    language: str = "fr-FR"
    complaints: list[str] = field(default_factory=list)
    tab_of: InitVar[Visit | None] = None
    """Given, this is another tab of the same browser."""
    context: BrowserContext = field(init=False)
    page: Page = field(init=False)

    def __post_init__(self, tab_of: Visit | None) -> None:
        """Open the browser, or a tab of it, on an empty page."""
        self.context = tab_of.context if tab_of else self._open_browser()
        self.page = self.context.new_page()
        self.all.add(self)

    def __enter__(self) -> Visit:
        """Return the visit."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Close the browser of this person."""
        self.context.close()

    @property
    def tool(self) -> FrameLocator:
        """The tool, inside the frame of the course page."""
        return self.page.frame_locator(FRAME)

    @property
    def frame(self) -> Frame:
        """The frame of the tool, to know its address or to go to another."""
        return next(one for one in self.page.frames if one.url.startswith(self.demonstration.tool))

    @property
    def path(self) -> str:
        """Path of the page that the tool shows in the frame."""
        return self.frame.url.removeprefix(self.demonstration.tool)

    def enter(self, username: str, course: str = "") -> Visit:
        """Become this person from the front page; then open ``course`` if one is named."""
        self.page.goto(self.demonstration.moodle)
        form = self.page.locator(f'form:has(input[value="{username}"])').first
        if not form.is_visible():
            self.page.locator("details.everyone > summary").click()
        form.get_by_role("button").click()
        self.page.wait_for_url(re.compile(r"/(my/courses|course/view)\.php"))
        here = self.page.locator(".breadcrumb", has_text=course) if course else None
        if here is not None and here.count():
            self.wait()
        elif course:
            self.open_course(course)
        return self

    def open_course(self, shortname: str) -> Visit:
        """Open a course from « Mes cours » and wait for the tool inside it."""
        self.page.goto(f"{self.demonstration.moodle}/my/courses.php")
        self.page.get_by_role("link").filter(has_text=shortname).click()
        self.wait()
        return self

    def wait(self) -> None:
        """Wait until the tool knows who is there and shows a page of theirs."""
        self.tool.locator(".site-footer bdi").wait_for()

    def follow(self, name: str) -> None:
        """Follow one of the links to a space of the tool, and wait for its page."""
        with self.arriving():
            self.tool.locator(".site-nav").get_by_role("link", name=name, exact=True).click()

    @contextmanager
    def arriving(self) -> Iterator[None]:
        """Wait for the page of the tool that the block asks for.

        It may be the page that is shown already: only its arrival tells it from the old one. And a
        link that is followed while another page is on its way may lead nowhere.
        """
        frame = self.frame
        with self.page.expect_event("framenavigated", lambda one: one == frame):
            yield
        frame.wait_for_load_state()

    def until(self, wanted: Locator, patience: float) -> None:
        """Reload the page of the tool until background work has made ``wanted`` appear."""
        limit = time.monotonic() + patience / 1000
        while not wanted.count() and time.monotonic() < limit:
            self.frame.goto(self.frame.url)
        wanted.wait_for()

    def go(self, path: str) -> Response:
        """Open an address of the tool outside the frame, as typed in the address bar."""
        response = self.page.goto(self.demonstration.tool + path)
        assert response is not None
        return response

    def shown(self) -> str:
        """Say what this browser shows and complained of, for whoever reads of a failure."""
        lines = [f"complaints: {self.complaints}"]
        for frame in self.page.frames:
            try:
                words = " ".join(frame.locator("body").inner_text(timeout=1000).split())
            except Error as error:
                words = f"unreadable: {error.message}"
            lines.append(f"{frame.url}\n  {words[:SHOWN]}")
        return "\n".join(lines)

    def _open_browser(self) -> BrowserContext:
        context = self.browser.new_context(
            viewport=self.size, locale=self.language, timezone_id="Europe/Paris"
        )
        context.set_default_timeout(PATIENCE)
        context.on("console", self._console)
        context.on("response", self._response)
        context.on("weberror", lambda one: self.complaints.append(f"script: {one.error}"))
        return context

    def _response(self, response: Response) -> None:
        asked_for = response.request.resource_type == "document"
        if response.status >= (500 if asked_for else 400):
            self.complaints.append(f"{response.status}: {response.url}")

    def _console(self, message: ConsoleMessage) -> None:
        # The status of a page is for the test to judge; see _response for the rest.
        if message.text.startswith("Failed to load resource"):
            return
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text} ({message.location['url']})")

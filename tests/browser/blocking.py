"""A browser of one's own that refuses cookies: those of third parties, or every one of the tool's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Playwright, Response

from tests.browser.chromium import ARGUMENTS
from tests.browser.two_sites import TOOL, TwoSites
from tests.browser.visit import PATIENCE, Visit

THIRD_PARTY: dict[str, Any] = {
    "profile": {"cookie_controls_mode": 1, "block_third_party_cookies": True}
}
EVERY_COOKIE_OF_THE_TOOL: dict[str, Any] = {
    "profile": {"content_settings": {"exceptions": {"cookies": {f"{TOOL}:443,*": {"setting": 2}}}}}
}
"""The setting « never allowed » of one site, as Chromium writes it."""


@contextmanager
def blocking_browser(
    playwright: Playwright, path: str, folder: Path, sites: TwoSites, preferences: dict[str, Any]
) -> Iterator[BrowserContext]:
    """Run a browser with these preferences until the block ends."""
    profile = folder / "Default"
    profile.mkdir(parents=True)
    (profile / "Preferences").write_text(json.dumps(preferences), encoding="utf-8")
    context = playwright.chromium.launch_persistent_context(
        folder,
        executable_path=path,
        args=[*ARGUMENTS, *sites.flags],
        locale="fr-FR",
        timezone_id="Europe/Paris",
        viewport={"width": 1280, "height": 900},
    )
    context.set_default_timeout(PATIENCE)
    try:
        yield context
    finally:
        context.close()


@dataclass(eq=False)
class FramedVisit(Visit):
    """A visit, or one tab of it, in a browser opened beforehand."""

    opened: BrowserContext | None = field(default=None)

    def _open_browser(self) -> BrowserContext:
        assert self.opened is not None
        self.opened.on("console", self._console)
        self.opened.on("response", self._response)
        self.opened.on("weberror", lambda one: self.complaints.append(f"script: {one.error}"))
        return self.opened

    def _response(self, response: Response) -> None:
        # Without cookies, pages come by fetch: their status is for the test to judge, as ever.
        if response.request.resource_type != "fetch" or response.status >= 500:
            super()._response(response)


def tab_of(visit: FramedVisit) -> FramedVisit:
    """Another tab of the same browser."""
    return FramedVisit(
        visit.browser, visit.demonstration, complaints=visit.complaints, tab_of=visit
    )

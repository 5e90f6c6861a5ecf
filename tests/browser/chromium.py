"""Finds the system's Chromium and starts it headless; nothing is downloaded."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-site-isolation-trials",
)
"""Of every browser. Without the last one, a frame of another site lives in a process of its own, and
the driver sometimes loses sight of one that goes from site to site while the machine is busy: it
waits in a page that is long gone, while the screen shows the right one."""


def find_chromium() -> str | None:
    """Return the path of ``ANCRAGE_TEST_BROWSER``, else of the first browser found, else None."""
    chosen = os.environ.get("ANCRAGE_TEST_BROWSER", "")
    found = (shutil.which(name) for name in ([chosen] if chosen else NAMES))
    return next((path for path in found if path), None)


@contextmanager
def chromium(playwright: Playwright, path: str) -> Iterator[Browser]:
    """Run the browser at ``path`` until the block ends."""
    browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
    try:
        yield browser
    finally:
        browser.close()

"""What is looked at on every page: width, headings, what axe-core finds, weight."""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Response

AXE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
COUNTED = {"document", "stylesheet", "script"}
RUN = """async () => {
    const found = await axe.run(document, {
        resultTypes: ["violations"],
        iframes: false,
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    });
    return found.violations.map(one => ({id: one.id, where: one.nodes.map(n => n.target.join(" "))}));
}"""
OVERFLOWING = """() => {
    const edge = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= edge) return [];
    return [...document.querySelectorAll("body *")]
        .filter(one => one.getBoundingClientRect().right > edge + 1)
        .map(one => one.outerHTML.slice(0, 120));
}"""


def faults(page: Page) -> list[str]:
    """Return what is wrong with the page as it is shown: a sentence for each fault."""
    found = [f"wider than the screen: {one}" for one in page.evaluate(OVERFLOWING)]
    headings = page.locator("h1").count()
    if headings != 1:
        found.append(f"{headings} headings of level 1")
    page.evaluate(_axe())
    violations: list[dict[str, Any]] = page.evaluate(RUN)
    return found + [f"axe {one['id']}: {' | '.join(one['where'])}" for one in violations]


def weight(answers: list[Response]) -> int:
    """Return the bytes of documents, style sheets and scripts, compressed as a proxy does.

    A file that two pages ask for is sent once: it is kept for a year.
    """
    bodies = {
        one.url: one.body() for one in answers if one.request.resource_type in COUNTED and one.ok
    }
    return sum(len(gzip.compress(body, 6)) for body in bodies.values())


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")

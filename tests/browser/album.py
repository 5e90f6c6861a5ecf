"""Keeps pictures in docs/images: cut to a reasonable height, reduced to a palette, light."""

from __future__ import annotations

import io
import subprocess
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page

COLOURS = 224
TALLEST = 1500
"""Pixels kept of a long page: what is below repeats what is above."""
CERTIFICATE_WIDTH = 1280


@dataclass(frozen=True, slots=True)
class Album:
    """The folder of the pictures."""

    folder: Path

    def keep(self, name: str, page: Page, *, tallest: int = TALLEST, shaded: bool = False) -> None:
        """Keep the whole page, from its top down to ``tallest`` pixels; a shaded one in full."""
        page.evaluate("document.activeElement.blur()")
        self._save(name, page.screenshot(full_page=True, animations="disabled"), tallest, shaded)

    def keep_part(self, name: str, part: Locator) -> None:
        """Keep one part of a page."""
        self._save(name, part.screenshot(animations="disabled"), TALLEST)

    def keep_certificate(self, name: str, file: Path) -> None:
        """Keep the first page of a PDF."""
        options = ["-png", "-singlefile", "-f", "1", "-scale-to-x", str(CERTIFICATE_WIDTH)]
        drawn = subprocess.run(
            ["pdftoppm", *options, "-scale-to-y", "-1", str(file)], check=True, capture_output=True
        )
        self._save(name, drawn.stdout, TALLEST)

    def _save(self, name: str, content: bytes, tallest: int, shaded: bool = False) -> None:
        with Image.open(io.BytesIO(content)) as picture:
            cut = picture.convert("RGB").crop((0, 0, picture.width, min(picture.height, tallest)))
        # Rare colours count as much as common ones: an accent is small, and must stay.
        palette = cut.quantize(COLOURS, Image.Quantize.MAXCOVERAGE)
        (cut if shaded else palette).save(self.folder / f"{name}.png", optimize=True)

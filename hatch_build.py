"""Build hook: compiles the translation catalogues, for wheels and editable installs alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def compile_catalogues(root: Path) -> list[Path]:
    """Write a ``.mo`` beside every ``.po`` below ``root`` and return the files written."""
    written = []
    for source in sorted((root / "lti_tool" / "translations").glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        with source.open("rb") as po:
            catalogue = read_po(po)
        with target.open("wb") as mo:
            write_mo(mo, catalogue)
        written.append(target)
    return written


class CatalogueHook(BuildHookInterface):
    """Compiles catalogues before the files of the distribution are collected."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling for each target; ``version`` is ``standard`` or ``editable``."""
        compile_catalogues(Path(self.root))

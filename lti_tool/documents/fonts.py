"""The embedded fonts: which face draws which text, and how wide it comes out.

Owns the files of ``fonts/`` and every question about glyphs. A document never falls back on a
font of the machine: what no face draws is told by :func:`missing_glyphs` before rendering.
See ``spec/credentials.md`` §2.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import arabic_reshaper
from reportlab.pdfbase.ttfonts import TTFont

FONTS_DIR = Path(__file__).resolve().parent / "fonts"


@dataclass(frozen=True, slots=True)
class Face:
    """One font file and the family name that style sheets call it by."""

    family: str
    file: str

    @property
    def path(self) -> Path:
        """Where the file is."""
        return FONTS_DIR / self.file


GARAMOND = Face("garamond", "EBGaramond-Regular.ttf")
GARAMOND_ITALIC = Face("garamonditalic", "EBGaramond-Italic.ttf")
GARAMOND_SMALL_CAPS = Face("garamondsc", "EBGaramondSC12-Regular.ttf")
AMIRI = Face("amiri", "Amiri-Regular.ttf")
NOTO_SERIF = Face("notoserif", "NotoSerif-Regular.ttf")
FACES = (GARAMOND, GARAMOND_ITALIC, GARAMOND_SMALL_CAPS, AMIRI, NOTO_SERIF)

# Direction marks draw nothing and could make a name read as another; the other characters here have
# no shape at all. They are dropped rather than obeyed.
_INVISIBLE = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_BREAKING_SPACES = re.compile(r"[ \t\r\n\f\v\u2028\u2029]+")
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]")


def clean_text(text: str) -> str:
    """Return ``text`` composed (NFC), on one line, without control or invisible characters."""
    composed = _INVISIBLE.sub("", _BREAKING_SPACES.sub(" ", unicodedata.normalize("NFC", text)))
    spaced = composed.replace("\u202f", "\u00a0")
    return "".join(c for c in spaced if unicodedata.category(c) != "Cc").strip(" ")


@cache
def _loaded(face: Face) -> TTFont:
    return TTFont(f"measure-{face.family}", str(face.path))


def _draws(face: Face, character: str) -> bool:
    return ord(character) in _loaded(face).face.charToGlyph


def _shaped(text: str) -> str:
    """``text`` as the renderer draws it: Arabic letters replaced by their joined forms."""
    return arabic_reshaper.reshape(text) if _ARABIC.search(text) else text


def _needs_noto(text: str) -> bool:
    """Whether Garamond would break the text's unity.

    Its combining marks rely on a positioning that the renderer does not do, and one letter of
    another design in the middle of a word looks like a mistake: the whole text changes face.
    """
    return any(
        unicodedata.combining(c) or not _draws(GARAMOND, c)
        for c in text
        if not _ARABIC.match(c) and not c.isspace()
    )


def faces_for(text: str, preferred: Face = GARAMOND) -> tuple[Face, ...]:
    """Return the faces that draw ``text``, in the order in which the renderer tries them."""
    if _needs_noto(clean_text(text)):
        return (NOTO_SERIF, AMIRI)
    if preferred is GARAMOND:
        return (GARAMOND, AMIRI, NOTO_SERIF)
    return (preferred, GARAMOND, AMIRI, NOTO_SERIF)


def font_family(text: str, preferred: Face = GARAMOND) -> str:
    """Return the value of the CSS property ``font-family`` that draws ``text``."""
    return ", ".join(face.family for face in faces_for(text, preferred))


def missing_glyphs(text: str) -> frozenset[str]:
    """Return the characters of ``text`` that no embedded font draws, once composed and joined."""
    faces = faces_for(text)
    return frozenset(
        character
        for character in _shaped(clean_text(text))
        if not character.isspace() and not any(_draws(face, character) for face in faces)
    )


def text_width(text: str, size: float, preferred: Face = GARAMOND) -> float:
    """Return the width in points of ``text`` on one line at ``size`` points."""
    faces = faces_for(text, preferred)
    width: float = sum(
        _loaded(next((face for face in faces if _draws(face, character)), faces[0])).stringWidth(
            character, size
        )
        for character in _shaped(clean_text(text))
    )
    return width


def line_height(text: str, size: float, leading: float) -> float:
    """Return the height in points that the renderer gives to a line of ``text``.

    It splits the leading five sixths above the baseline and one below, and widens each part to
    the tallest face that the line uses: Arabic lines come out higher than Latin ones.
    """
    faces = faces_for(text)
    used = {
        next((face for face in faces if _draws(face, character)), faces[0])
        for character in _shaped(clean_text(text))
    } or {faces[0]}
    above: float = max(_loaded(face).face.ascent for face in used) * size / 1000
    below: float = -min(_loaded(face).face.descent for face in used) * size / 1000
    return max(leading * 5 / 6, above) + max(leading / 6, below)


def font_face_css() -> str:
    """Return the ``@font-face`` rules of every embedded face, with absolute paths."""
    return "\n".join(
        f'@font-face {{ font-family: {face.family}; src: url("{face.path.as_posix()}"); }}'
        for face in FACES
    )

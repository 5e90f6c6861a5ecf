"""Texts as Moodle gives them, made comparable: accents, entities, markup."""

import html
import re
import unicodedata

_TAG = re.compile(r"<[^>]*>")
_SPACES = re.compile(r"\s+")


def nfc(text: str) -> str:
    """Compose accents (NFC). Moodle stores names as typed, so the same name exists in two forms."""
    return unicodedata.normalize("NFC", text)


def name_key(name: str) -> str:
    """A name reduced for comparison: composed accents, single spaces, no case."""
    return _SPACES.sub(" ", nfc(name)).strip().casefold()


def plain_text(markup: str) -> str:
    """The text of an HTML fragment, without tags, entities resolved once."""
    return nfc(_SPACES.sub(" ", html.unescape(_TAG.sub("", markup)))).strip()


def unescaped(text: str) -> str:
    """Resolve the entities that Moodle writes into names of courses, groups and activities."""
    return html.unescape(text)

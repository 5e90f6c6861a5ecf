"""Texts made comparable word by word, without losing how they were written. Pure.

Folding follows Unicode (NFKD, marks dropped, case folded); small words and plurals are ignored,
so that « Écriture & plaidoyer » and « ecriture et plaidoyers » are the same words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set
from dataclasses import dataclass
from functools import lru_cache

SMALL = frozenset(
    {"a", "au", "aux", "avec", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "par"}
    | {"pour", "sur", "un", "une", "the", "of", "and", "to", "for", "in"}
)
_WORD = re.compile(r"\w+")
_SHORTEST_PLURAL = 4


def fold(text: str) -> str:
    """Return ``text`` without accents and case, by Unicode's compatibility decomposition."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


@dataclass(frozen=True, slots=True)
class _Word:
    folded: str
    start: int
    end: int


class Words:
    """The meaningful words of a text, each with its place in the text."""

    def __init__(self, text: str) -> None:
        self.text = unicodedata.normalize("NFC", text)
        self._words = [
            _Word(_singular(folded), match.start(), match.end())
            for match in _WORD.finditer(self.text)
            if (folded := fold(match.group())) not in SMALL
        ]

    def find(self, phrase: str) -> str:
        """Return the first place where the words of ``phrase`` follow one another, as written.

        "" when there is none, or when ``phrase`` holds no meaningful word.
        """
        wanted = words_of(phrase)
        if not wanted:
            return ""
        for index in range(len(self._words) - len(wanted) + 1):
            window = self._words[index : index + len(wanted)]
            if window[0].folded == wanted[0] and tuple(word.folded for word in window) == wanted:
                return self.text[window[0].start : window[-1].end]
        return ""

    def meaning(self, besides: Set[str]) -> tuple[str, ...]:
        """Return the folded words, without those of ``besides``."""
        return tuple(word.folded for word in self._words if word.folded not in besides)


@lru_cache(maxsize=1024)
def words_of(phrase: str, besides: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Return the folded words of a phrase of the referential; the same few are asked for often."""
    return Words(phrase).meaning(besides)


def _singular(word: str) -> str:
    long_enough = len(word) >= _SHORTEST_PLURAL
    return word[:-1] if long_enough and word.endswith("s") and not word.endswith("ss") else word

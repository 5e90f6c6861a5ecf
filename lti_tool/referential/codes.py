"""Domain codes inside the identifiers and names of courses: RMP-ADL-04, ADL-06, RMP-ADL-03A. Pure.

A code is the referential's name (RMP-ADL, RMP or ADL) and a number of at most two digits; several
numbers may follow (ADL-05/08). A letter after the number is the rank of a sub-theme. A year, or
the ADL-00 of a common module, is no code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_NUMBER = r"\d{1,2}[A-Z]?(?![A-Z0-9])"
_CODE = re.compile(
    rf"(?<![A-Z0-9])(?:RMP[\s_.-]*ADL|RMP|ADL)[\s_.-]*({_NUMBER}(?:\s*[/+&,]\s*{_NUMBER})*)",
    re.IGNORECASE | re.ASCII,
)
_PART = re.compile(r"(\d{1,2})([A-Z]?)", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class DomainCode:
    """A code as found: the domain's number, the rank of the sub-theme (A = 0), the text itself."""

    number: int
    rank: int | None
    matched: str


def find_codes(text: str) -> Iterator[DomainCode]:
    """Yield the domain codes written in ``text``, in order."""
    for match in _CODE.finditer(text):
        for number, letter in _PART.findall(match.group(1)):
            rank = ord(letter.upper()) - ord("A") if letter else None
            yield DomainCode(int(number), rank, match.group().strip())

"""The band that names every domain of the reference list, in columns, with the attained one marked.

Owns the arrangement: columns read downwards, each as wide as its longest label, the whole centred.
"""

from __future__ import annotations

from dataclasses import dataclass

from lti_tool.documents.errors import TextTooLong
from lti_tool.documents.fonts import text_width

COLUMNS = 3
_SIZES = (7.4, 7.0, 6.6, 6.2, 5.8)
_LARGEST_GAP = 34.0
_SMALLEST_GAP = 12.0
_NUMBER_PADDING = 4.0
# The mark stands left of the number, in the gap.
_MARK_ROOM = 10.0


@dataclass(frozen=True, slots=True)
class Band:
    """The arranged band; lengths in points.

    Args:
        rows: for each row, (short code, label) from left to right.
        attained: short code of the domain to mark.
        prefix: what all codes share, cut from the short codes.
        size: font size.
        number_widths: width of each column's number cell, gap included.
        label_widths: width of each column's label cell.
    """

    rows: tuple[tuple[tuple[str, str], ...], ...]
    attained: str
    prefix: str
    size: float
    number_widths: tuple[float, ...]
    label_widths: tuple[float, ...]


def _shared_prefix(codes: list[str]) -> str:
    """What all ``codes`` begin with, without a digit that would be part of their number."""
    first, last = min(codes), max(codes)
    length = 0
    while length < len(first) and first[length] == last[length] and not first[length].isdigit():
        length += 1
    return first[:length]


def arrange_band(domains: tuple[tuple[str, str], ...], attained: str, width: float) -> Band:
    """Arrange ``domains`` in ``width`` points.

    Args:
        domains: (code, label) in order.
        attained: the code to mark.
        width: room between the margins.

    Raises:
        TextTooLong: the labels do not fit side by side, even small.
    """
    prefix = _shared_prefix([code for code, _ in domains])
    short = [(code[len(prefix) :], label) for code, label in domains]
    height = -(-len(short) // COLUMNS)
    columns = [short[start : start + height] for start in range(0, len(short), height)]
    for size in _SIZES:
        labels = [max(text_width(label, size) for _, label in column) + 2 for column in columns]
        numbers = [
            max(text_width(code, size) for code, _ in column) + _NUMBER_PADDING + _MARK_ROOM
            for column in columns
        ]
        gap = min(_LARGEST_GAP, (width - sum(labels) - sum(numbers)) / max(1, len(columns) - 1))
        if gap >= _SMALLEST_GAP - _MARK_ROOM:
            break
    else:
        raise TextTooLong("domain labels do not fit side by side")
    margin = (width - sum(labels) - sum(numbers) - gap * (len(columns) - 1)) / 2
    return Band(
        rows=tuple(tuple(short[row::height]) for row in range(height)),
        attained=attained[len(prefix) :],
        prefix=prefix.strip(" -"),
        size=size,
        number_widths=tuple(
            number + (gap if index else margin) for index, number in enumerate(numbers)
        ),
        label_widths=tuple(labels),
    )

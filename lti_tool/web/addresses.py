"""What the variable parts of an address may hold: what a database can look for, and nothing else.

An address that no row can have does not exist (404); it never reaches a query that would fail.
"""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter, Map, UnicodeConverter, ValidationError

HIGHEST_ROW = 2**31 - 1
"""Of the integer keys of PostgreSQL."""


class RowNumber(IntegerConverter):
    """``<int:…>``: the number of a row."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=HIGHEST_ROW)


class PublicText(UnicodeConverter):
    """``<…>``: a text without the null character, which PostgreSQL cannot compare."""

    def to_python(self, value: str) -> str:
        """Return the text.

        Raises:
            ValidationError: no address of ours holds it.
        """
        if "\x00" in value:
            raise ValidationError
        return str(super().to_python(value))


def register(app: Flask) -> None:
    """Install both, before any view is registered."""
    app.url_map.converters.update(int=RowNumber, default=PublicText, string=PublicText)

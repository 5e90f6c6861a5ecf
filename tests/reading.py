"""Reading a page as a person does: no-break spaces are spaces."""

from __future__ import annotations

from werkzeug.test import TestResponse


def words_of(answer: TestResponse) -> str:
    """The text of an answer, with ordinary spaces."""
    return answer.text.replace("\u00a0", " ").replace("\u202f", " ")

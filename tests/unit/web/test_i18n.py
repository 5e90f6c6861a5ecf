"""French sentences are shown with the spaces of French typography."""

from __future__ import annotations

import pytest

from lti_tool.web.i18n import french_spaces


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Où en êtes-vous ?", "Où en êtes-vous\u202f?"),
        ("Trois choix ; un seul compte !", "Trois choix\u202f; un seul compte\u202f!"),
        ("Demandé : 60 %", "Demandé\u00a0: 60\u00a0%"),
        ("Ouvrez « Mes données » ici", "Ouvrez «\u00a0Mes données\u00a0» ici"),
        ("https://example.test?a=1;b=2", "https://example.test?a=1;b=2"),
        ("à 14:05", "à 14:05"),
        ("%(num)s personnes", "%(num)s personnes"),
    ],
)
def test_signs_never_leave_their_word(written: str, shown: str) -> None:
    assert french_spaces(written) == shown

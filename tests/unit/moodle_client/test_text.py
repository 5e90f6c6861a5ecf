"""Texts made comparable."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from moodle_client import name_key, nfc, plain_text


def test_composed_and_decomposed_names_have_one_key() -> None:
    assert name_key("Ndèye  COUMBA ") == name_key(unicodedata.normalize("NFD", "Ndèye Coumba"))


def test_names_of_other_scripts_are_left_readable() -> None:
    assert nfc("أحمد خيالي") == "أحمد خيالي"


def test_markup_leaves_and_entities_are_resolved_once() -> None:
    assert plain_text('<i class="fa" title="Pass"></i>16.55') == "16.55"
    assert plain_text("<p>Écriture &amp; plaidoyer</p>\r\n") == "Écriture & plaidoyer"
    assert plain_text("&amp;lt;b&amp;gt;") == "&lt;b&gt;"


@given(st.text())
def test_a_key_is_its_own_key(name: str) -> None:
    once = name_key(name)
    assert name_key(once) == name_key(name_key(once))

"""Which letters the embedded fonts draw, and how texts are fitted into their place."""

from __future__ import annotations

import unicodedata

import pytest

from lti_tool.documents import TextTooLong, missing_glyphs
from lti_tool.documents.fitting import Sizes, fit_text
from lti_tool.documents.fonts import FACES, FONTS_DIR, clean_text, font_family, text_width

SIZES = Sizes(largest=40, smallest_single=22, largest_wrapped=24, smallest=10)


@pytest.mark.parametrize(
    "name",
    [
        "Aïssatou N’Diaye",
        "Nguyễn Thị Bích Hằng",
        "Ɓoye Ŋgom Ɗan",
        "Şükrü Łódź Þór",
        "Анастасія Ґалаґан Қайрат",
        "Ἑλευθερία Παπαδοπούλου",
        "أمينة بنت عبد الله الطويل",
        "پروین گل‌چهره ژاله",
        "Ọ̀ṣun Kɔ́ku",
        unicodedata.normalize("NFD", "Éloïse Nguyễn"),
    ],
)
def test_names_of_the_four_scripts_have_all_their_glyphs(name: str) -> None:
    assert missing_glyphs(name) == frozenset()


def test_a_character_that_no_font_draws_is_told_not_boxed() -> None:
    assert missing_glyphs("Li 李 Wei ☃") == {"李", "☃"}


def test_a_direction_override_is_dropped_from_a_name() -> None:
    assert clean_text("Ami\u202edrac\u0007\u200b\n na") == "Amidrac na"


def test_a_letter_without_composed_form_changes_the_face_of_the_whole_name() -> None:
    assert font_family("Kɔku").startswith("garamond")
    assert font_family("Kɔ́ku").startswith("notoserif")


def test_arabic_is_measured_joined() -> None:
    assert text_width("لا", 10) < text_width("ل", 10) + text_width("ا", 10)


def test_a_short_text_takes_the_largest_size() -> None:
    fitted = fit_text("Ô", 600, SIZES)
    assert (fitted.lines, fitted.size) == (("Ô",), 40)


def test_a_long_text_shrinks_until_its_line_fits() -> None:
    fitted = fit_text("Marie-Clémentine Bénédicte de Villeneuve", 600, SIZES)
    assert len(fitted.lines) == 1
    assert 22 <= fitted.size < 40
    assert text_width(fitted.lines[0], fitted.size) <= 600


def test_a_longer_text_is_cut_into_two_even_lines_that_fit() -> None:
    text = "Marie-Clémentine Bénédicte Philippine de Villeneuve de Rakotomalala Andriamanjato"
    fitted = fit_text(text, 600, SIZES)
    assert " ".join(fitted.lines) == text
    widths = [text_width(line, fitted.size) for line in fitted.lines]
    assert len(widths) == 2
    assert max(widths) <= 600
    assert min(widths) > 0.6 * max(widths)


def test_a_text_that_no_readable_size_fits_is_refused() -> None:
    with pytest.raises(TextTooLong):
        fit_text("W" * 200, 600, SIZES)


def test_every_font_travels_with_its_licence() -> None:
    licences = {path.name for path in FONTS_DIR.glob("OFL-*.txt")}
    table = (FONTS_DIR / "README.md").read_text(encoding="utf-8")
    for face in FACES:
        line = next(line for line in table.splitlines() if f"`{face.file}`" in line)
        licence = line.rsplit("`", 2)[1]
        assert licence in licences
        text = (FONTS_DIR / licence).read_text(encoding="utf-8")
        assert "SIL OPEN FONT LICENSE Version 1.1" in text
        assert text.startswith("Copyright")


def test_the_fonts_weigh_less_than_three_megabytes() -> None:
    assert sum(face.path.stat().st_size for face in FACES) < 3_000_000

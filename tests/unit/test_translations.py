"""The English catalogue says all that the code and the templates say in French, and says it right.

The sentences are gathered here as ``make translations`` gathers them, so that a sentence added or
corrected in the code is missed at once. docs/decisions/0007 says why the French is the msgid.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from lti_tool.paths import translations_dir
from tests.unit.documents.test_certificate import ENGLISH as ON_CERTIFICATES

ROOT = Path(__file__).resolve().parents[2]
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None}
"""What marks a sentence: Babel's names, and those that the Makefile adds."""
SAME_IN_ENGLISH = {
    "%(domain)s (%(subtheme)s)",
    "Association",
    "C",
    "Coordination",
    "Date",
    "NAF",
    "R",
    "Site",
    "certifications",
    "coordination",
}
"""Words, names and codes that both languages write alike."""
KEPT = re.compile(r"%\(\w+\)[a-z]|%%|</?\w+[^>]*>|https?://[^\s”»]*[\w/]|\w+/\w+:\w+")
"""What a translation keeps: placeholders, tags, addresses, capabilities of Moodle."""
STATUS_WORDS = {
    r"\bvalidée?s?\b": "validated",
    r"\ben attente\b": "pending",
    r"\bà reprendre\b": "to redo",
}
"""The three words of a criterion, and the one English word of each."""


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    """The English catalogue as it is written in the repository."""
    with (translations_dir() / "en" / "LC_MESSAGES" / "messages.po").open("rb") as po:
        return read_po(po, "en")


@pytest.fixture(scope="module")
def said() -> Catalog:
    """Every sentence of the code and the templates."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)
    found = Catalog()
    for path, line, sentence, _comments, _context in extract_from_dir(
        ROOT, methods, options, keywords=KEYWORDS
    ):
        found.add(sentence, locations=[(path, line)])
    return found


@pytest.fixture(scope="module")
def compiled(catalogue: Catalog) -> GNUTranslations:
    """The catalogue as the running application reads it."""
    file = io.BytesIO()
    write_mo(file, catalogue)
    file.seek(0)
    return GNUTranslations(file)


def forms(value: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """The singular and the plural of a sentence, or its one form."""
    return (value or "",) if isinstance(value, str) or value is None else tuple(value)


def pairs(catalogue: Catalog) -> Iterator[tuple[str, str]]:
    """Each French form with its English form."""
    for message in catalogue:
        if message.id:
            yield from zip(forms(message.id), forms(message.string), strict=True)


def shown(message: Message) -> str:
    """A sentence as the report of a failure names it."""
    return f"{' | '.join(forms(message.id))} {message.locations}"


def test_every_sentence_has_an_english_translation(said: Catalog, catalogue: Catalog) -> None:
    missing = []
    for message in said:
        known = catalogue.get(message.id)
        if message.id and (known is None or known.id != message.id or not all(forms(known.string))):
            missing.append(shown(message))
    assert len(said) > 1000
    assert missing == [], "run `make translations`, then translate"


def test_the_catalogue_keeps_no_sentence_that_nobody_says_any_more(
    said: Catalog, catalogue: Catalog
) -> None:
    assert [shown(message) for message in catalogue if message.id and message.id not in said] == []
    assert not catalogue.obsolete


def test_no_translation_waits_for_a_review(catalogue: Catalog) -> None:
    assert [shown(message) for message in catalogue if message.fuzzy] == []


def test_placeholders_and_tags_agree(catalogue: Catalog) -> None:
    wrong = [
        (french, english)
        for french, english in pairs(catalogue)
        if sorted(KEPT.findall(french)) != sorted(KEPT.findall(english))
    ]
    assert wrong == []
    assert [(one.id, errors) for one, errors in catalogue.check() if errors] == []


def test_only_names_and_codes_are_the_same_in_both_languages(catalogue: Catalog) -> None:
    assert {french for french, english in pairs(catalogue) if french == english} == SAME_IN_ENGLISH


def test_english_has_its_own_typography(catalogue: Catalog) -> None:
    foreign = re.compile("[«»'\"\u00a0\u202f]|\\.\\.\\.| [:;?!](\\s|$)|\\d [\\d]{3}")
    assert [english for _, english in pairs(catalogue) if foreign.search(english)] == []


def test_french_sentences_are_typed_as_the_code_types_them(said: Catalog) -> None:
    straight = re.compile("['\"]|\\.\\.\\.|[^\\s\u00a0][;?!»](\\s|$)|«\\S|·e·s")
    typed = [form for message in said if message.id for form in forms(message.id)]
    assert [form for form in typed if straight.search(form)] == []


@pytest.mark.parametrize(("french", "english"), STATUS_WORDS.items())
def test_a_status_is_always_called_by_the_same_word(
    french: str, english: str, catalogue: Catalog
) -> None:
    concerned = [pair for pair in pairs(catalogue) if re.search(french, pair[0], re.IGNORECASE)]
    assert len(concerned) > 2
    assert [pair for pair in concerned if english not in pair[1].lower()] == []


def test_the_certificate_says_what_was_agreed_for_it(compiled: GNUTranslations) -> None:
    assert {french: compiled.gettext(french) for french in ON_CERTIFICATES} == ON_CERTIFICATES


def test_the_compiled_catalogue_speaks_and_counts(compiled: GNUTranslations) -> None:
    assert compiled.gettext("à reprendre") == "to redo"
    counted = [compiled.ngettext("%(num)s jour", "%(num)s jours", num) for num in (0, 1, 2)]
    assert counted == ["%(num)s days", "%(num)s day", "%(num)s days"]


def test_the_header_names_the_association_and_nobody_else(catalogue: Catalog) -> None:
    header = dict(catalogue.mime_headers)
    association = "L'Atelier Des Luttes"
    people = ("Last-Translator", "Report-Msgid-Bugs-To", "Language-Team")
    assert {header[field] for field in people} == {association}
    assert header["Plural-Forms"] == "nplurals=2; plural=(n != 1);"

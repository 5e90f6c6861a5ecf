"""A coordinator finds a person by name or by account, and tells namesakes apart."""

from __future__ import annotations

import unicodedata

import pytest
from sqlalchemy.orm import Session

from lti_tool.errors import InvalidInput
from lti_tool.people.models import Person
from lti_tool.people.service import search_people, set_locale
from tests.factories import make_person, make_site


def names(session: Session, words: str) -> list[str]:
    """The names found."""
    return [found.full_name for found in search_people(session, words)]


def test_case_accents_and_order_do_not_matter(session: Session) -> None:
    make_person(session, "Ndèye Coumba Fictive")
    make_person(session, "Jean Inventé")
    stored_apart = unicodedata.normalize("NFD", "Ndèye")
    for words in ("Ndèye", "ndeye", "NDÈYE coumba", "coumba ndeye", stored_apart, "fictive"):
        assert names(session, words) == ["Ndèye Coumba Fictive"], words


def test_names_of_other_scripts_are_found(session: Session) -> None:
    make_person(session, "أمينة الوهمية")
    assert names(session, "أمينة") == ["أمينة الوهمية"]


def test_an_account_is_found_by_its_number_and_idnumber(session: Session) -> None:
    site = make_site(session)
    person = make_person(session, "Jean Fictif", site, "4007")
    person.accounts[0].idnumber = "ADH-2026-007"
    make_person(session, "Jean Fictif", site, "4008")
    session.flush()
    for words in ("ADH-2026-007", "adh-2026-007", "4007"):
        (found,) = search_people(session, words)
        assert found.id == person.id
        assert found.accounts == ("Moodle fictif · 4007 · ADH-2026-007",)


def test_no_word_finds_nobody_rather_than_everybody(session: Session) -> None:
    make_person(session)
    for words in ("", "   ", "%", "_"):
        assert names(session, words) == [], words


def test_the_list_is_short(session: Session) -> None:
    for number in range(25):
        make_person(session, f"Fictive {number:02}")
    assert len(search_people(session, "fictive")) == 20


def test_a_language_is_kept_and_another_refused(session: Session) -> None:
    person = make_person(session)
    set_locale(session, person_id=person.id, locale="en", known=("fr", "en"))
    assert session.get_one(Person, person.id).locale == "en"
    with pytest.raises(InvalidInput):
        set_locale(session, person_id=person.id, locale="xx", known=("fr", "en"))

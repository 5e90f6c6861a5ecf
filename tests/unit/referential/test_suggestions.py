"""Suggestions say the right domain for the recorded courses, say why, and stay silent otherwise."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.referential.domains import REFERENTIAL
from lti_tool.referential.suggestions import (
    CourseTexts,
    Field,
    Ground,
    Reason,
    Suggestion,
    suggest,
)

RECORDINGS = Path(__file__).parents[2] / "recordings" / "4.5" / "ws"
EXPECTED = {
    "RMP-ADL-01": ("RMP-ADL-1", None),
    "RMP-ADL-02": ("RMP-ADL-2", None),
    "RMP-ADL-03A": ("RMP-ADL-3", "sante"),
    "RMP-ADL-03B": ("RMP-ADL-3", "droits_humains"),
} | {f"RMP-ADL-{number:02}": (f"RMP-ADL-{number}", None) for number in range(4, 16)}


def recorded_courses() -> dict[str, CourseTexts]:
    """Idnumber → texts of the courses of the recorded site, but its front page; "" for the one without."""
    path = RECORDINGS / "core_course_get_courses-with-course-update.json"
    body = json.loads(path.read_text(encoding="utf-8"))["response"]["body"]
    return {
        course["idnumber"]: CourseTexts(
            course["idnumber"],
            html.unescape(course["shortname"]),
            html.unescape(course["fullname"]),
            html.unescape(re.sub("<[^>]*>", "", course["summary"])),
        )
        for course in body
        if course["format"] != "site"
    }


RECORDED = recorded_courses()


def about(fullname: str, shortname: str = "", idnumber: str = "", summary: str = "") -> list:
    """Targets suggested for a course, the most likely first."""
    texts = CourseTexts(idnumber, shortname, fullname, summary)
    return [(one.domain_code, one.subtheme_code) for one in suggest(texts, REFERENTIAL)]


def only(fullname: str, shortname: str = "", idnumber: str = "", summary: str = "") -> Suggestion:
    """The one suggestion for a course."""
    (suggestion,) = suggest(CourseTexts(idnumber, shortname, fullname, summary), REFERENTIAL)
    return suggestion


def test_every_recorded_course_of_a_domain_is_expected_here() -> None:
    assert set(RECORDED) == {*EXPECTED, "", "RMP-ADL-CHARGE"}


@pytest.mark.parametrize("idnumber", sorted(EXPECTED))
def test_a_recorded_course_gets_its_domain_alone_and_strongly(idnumber: str) -> None:
    (suggestion,) = suggest(RECORDED[idnumber], REFERENTIAL)
    assert (suggestion.domain_code, suggestion.subtheme_code) == EXPECTED[idnumber]
    assert suggestion.is_strong
    assert suggestion.reasons[0] == Reason(Ground.CODE, Field.IDNUMBER, idnumber, 100)


@pytest.mark.parametrize("idnumber", sorted(EXPECTED))
def test_a_recorded_course_gets_its_domain_from_its_full_name_alone(idnumber: str) -> None:
    (suggestion,) = suggest(CourseTexts("", "", RECORDED[idnumber].fullname), REFERENTIAL)
    assert (suggestion.domain_code, suggestion.subtheme_code) == EXPECTED[idnumber]
    assert {reason.field for reason in suggestion.reasons} == {Field.FULLNAME}


@pytest.mark.parametrize("idnumber", ["", "RMP-ADL-CHARGE"])
def test_the_introduction_and_the_load_test_get_no_suggestion(idnumber: str) -> None:
    assert suggest(RECORDED[idnumber], REFERENTIAL) == ()


@pytest.mark.parametrize(
    ("idnumber", "target"),
    [
        ("RMP-ADL-04", ("RMP-ADL-4", None)),
        ("ADL-06", ("RMP-ADL-6", None)),
        ("rmp adl 7", ("RMP-ADL-7", None)),
        ("RMPADL15", ("RMP-ADL-15", None)),
        ("2026_RMP-9", ("RMP-ADL-9", None)),
        ("ADL-04-2026", ("RMP-ADL-4", None)),
        ("RMP-ADL-03A", ("RMP-ADL-3", "sante")),
        ("RMP-ADL-03b", ("RMP-ADL-3", "droits_humains")),
        ("RMP-ADL-03C", ("RMP-ADL-3", "genre")),
        ("RMP-ADL-03D", ("RMP-ADL-3", "jeunes")),
        ("RMP-ADL-03", ("RMP-ADL-3", None)),
        ("RMP-ADL-03E", ("RMP-ADL-3", None)),
    ],
)
def test_a_code_in_the_idnumber_names_the_domain(
    idnumber: str, target: tuple[str, str | None]
) -> None:
    assert about("Un cours", idnumber=idnumber) == [target]


@pytest.mark.parametrize(
    "idnumber",
    [
        "ADL-00",
        "ADL-16",
        "ADL-2026",
        "RMP-ADL-CHARGE",
        "CADL-4",
        "MADL4",
        "RMP-ADL-C04",
        "4",
        "ADH-04",
    ],
)
def test_what_only_resembles_a_code_names_nothing(idnumber: str) -> None:
    assert about("Un cours", idnumber=idnumber) == []


def test_several_numbers_in_a_code_are_several_domains() -> None:
    assert about("Un cours", idnumber="ADL-05/08") == [("RMP-ADL-5", None), ("RMP-ADL-8", None)]


def test_accents_case_plural_and_signs_do_not_matter() -> None:
    assert about("THEATRE & PLAIDOYERS") == [("RMP-ADL-10", None)]
    assert about("E\u0301criture et plaidoyer") == [("RMP-ADL-6", None)]


def test_the_matched_text_is_quoted_as_the_course_writes_it() -> None:
    assert only("Atelier : THEATRE & PLAIDOYERS (2026)").reasons == (
        Reason(Ground.LABEL, Field.FULLNAME, "THEATRE & PLAIDOYERS", 70),
    )


def test_the_recorded_misspelling_of_a_label_is_found() -> None:
    suggestion = only("Recherche-crédation artistique")
    assert suggestion.domain_code == "RMP-ADL-11"
    assert suggestion.is_strong


@pytest.mark.parametrize(
    ("fullname", "code"),
    [
        ("Musiqe et plaidoyer", "RMP-ADL-9"),
        ("Gestion des organisations : administrative et financière", "RMP-ADL-12"),
        ("Recherche scientifique et aide à la prise de décision : créer des données", "RMP-ADL-4"),
    ],
)
def test_a_name_like_a_label_is_suggested_as_similar(fullname: str, code: str) -> None:
    suggestion = only(fullname)
    assert suggestion.domain_code == code
    assert Ground.SIMILAR in {reason.ground for reason in suggestion.reasons}


def test_a_word_alone_is_a_weak_reason() -> None:
    suggestion = only("Initiation à la photographie")
    assert suggestion.domain_code == "RMP-ADL-5"
    assert not suggestion.is_strong
    assert suggestion.reasons == (Reason(Ground.KEYWORD, Field.FULLNAME, "photographie", 30),)


def test_a_course_may_be_suggested_for_several_domains() -> None:
    assert about("Photo et vidéo de terrain") == [("RMP-ADL-5", None), ("RMP-ADL-8", None)]


def test_a_course_that_names_two_subthemes_is_suggested_for_both() -> None:
    assert about("Plaidoyers thématiques : genre et santé") == [
        ("RMP-ADL-3", "sante"),
        ("RMP-ADL-3", "genre"),
    ]


def test_a_course_that_names_every_subtheme_is_suggested_for_the_whole_domain() -> None:
    assert about("Plaidoyers thématiques (santé, droits humains, genre, jeunes)") == [
        ("RMP-ADL-3", None)
    ]


def test_the_name_of_a_subtheme_wins_over_its_letter() -> None:
    assert about("Plaidoyer thématique : genre", idnumber="RMP-ADL-03A") == [("RMP-ADL-3", "genre")]


def test_a_code_and_a_name_that_disagree_are_both_shown_the_code_first() -> None:
    assert about("Vidéo et plaidoyer", idnumber="RMP-ADL-05") == [
        ("RMP-ADL-5", None),
        ("RMP-ADL-8", None),
    ]


def test_a_word_in_the_summary_alone_suggests_nothing() -> None:
    assert about("Un cours", summary="Regardez cette vidéo, écoutez ce podcast.") == []


def test_a_neutral_course_is_suggested_only_when_it_bears_a_code() -> None:
    assert about("Module d’accueil : communication sur la plateforme") == []
    assert about("Tronc commun : communication", idnumber="ADL-01") == [("RMP-ADL-1", None)]


@given(st.text(), st.text(), st.text(), st.text())
def test_any_text_is_accepted_and_every_reason_quotes_the_course(
    idnumber: str, shortname: str, fullname: str, summary: str
) -> None:
    texts = CourseTexts(idnumber, shortname, fullname, summary)
    for suggestion in suggest(texts, REFERENTIAL):
        assert suggestion.reasons
        assert suggestion.score == sum(reason.weight for reason in suggestion.reasons)


@given(st.permutations(REFERENTIAL), st.sampled_from(sorted(EXPECTED)))
def test_the_order_of_the_referential_changes_no_suggestion(domains: list, idnumber: str) -> None:
    assert suggest(RECORDED[idnumber], domains) == suggest(RECORDED[idnumber], REFERENTIAL)

"""What a learner types becomes an evidence, or a list of what is to be corrected."""

from __future__ import annotations

from datetime import date

import pytest

from lti_tool.certification.models import EvidenceKind, PlacePrecision
from lti_tool.certification.service.evidence_form import EvidenceForm, Problem

TODAY = date(2027, 3, 12)
TYPED = {
    "kind": "action_reelle",
    "title": " Audition ",
    "happened_on": "2027-03-12",
    "author_role": "J’ai parlé.",
}


def problems(**typed: str) -> dict[str, Problem]:
    return EvidenceForm.read(TYPED | typed).problems(TODAY)


def test_a_complete_form_is_read_without_its_outer_spaces() -> None:
    form = EvidenceForm.read(TYPED | {"outcome": "Un.\r\nDeux.\x00 "})
    assert form.problems(TODAY) == {}
    assert (form.kind, form.title, form.happened_on) == (
        EvidenceKind.REAL_ACTION,
        "Audition",
        TODAY,
    )
    assert form.outcome == "Un.\nDeux."


def test_an_empty_form_names_every_needed_field_in_the_order_of_the_page() -> None:
    assert EvidenceForm.read({}).problems(TODAY) == {
        "kind": Problem.KIND_MISSING,
        "title": Problem.TITLE_MISSING,
        "happened_on": Problem.DATE_MISSING,
        "author_role": Problem.ROLE_MISSING,
    }


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"title": "x" * 201}, Problem.TITLE_TOO_LONG),
        ({"happened_on": "2027-03-13"}, Problem.DATE_IN_FUTURE),
        ({"happened_on": "12/03/2027"}, Problem.DATE_MISSING),
        ({"place_precision": "region"}, Problem.PLACE_MISSING),
        ({"place_precision": "country", "place": "x" * 121}, Problem.PLACE_TOO_LONG),
        ({"author_role": "x" * 501}, Problem.ROLE_TOO_LONG),
        ({"outcome": "x" * 2001}, Problem.OUTCOME_TOO_LONG),
        ({"link": "https://" + "x" * 500}, Problem.LINK_TOO_LONG),
    ],
)
def test_each_problem_is_told(typed: dict[str, str], problem: Problem) -> None:
    assert list(problems(**typed).values()) == [problem]


@pytest.mark.parametrize(
    "link",
    [
        "http://exemple.localhost/",
        "javascript:alert(1)",
        "//exemple.localhost",
        "https://",
        "https://[",
        "https:///chemin",
        "https://exemple.localhost/a b",
        "exemple.localhost",
    ],
)
def test_a_link_is_a_whole_https_address(link: str) -> None:
    assert problems(link=link) == {"link": Problem.LINK_NOT_HTTPS}
    assert problems(link="https://exemple.localhost/compte-rendu?x=1") == {}


def test_a_place_is_kept_only_when_its_author_chose_to_tell_it() -> None:
    form = EvidenceForm.read(TYPED | {"place": "Ville fictive", "place_precision": "none"})
    assert (form.place, form.place_precision) == ("", PlacePrecision.NONE)
    form = EvidenceForm.read(TYPED | {"place": "Ville fictive", "place_precision": "autre"})
    assert form.place == ""

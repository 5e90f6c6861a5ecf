"""Every stored value has its sentence, and what to do next for those who may act."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import pytest

from lti_tool.certification.models import EvidenceKind, EvidenceState, PlacePrecision
from lti_tool.certification.present import next_steps, wording
from lti_tool.certification.rules import facts
from lti_tool.certification.rules.model import Route
from lti_tool.certification.rules.reasons import Flag, Reason
from lti_tool.certification.service.evidence_form import Problem

SENTENCES: list[tuple[type[StrEnum], Mapping[Any, Any]]] = [
    (Reason, wording.REASONS),
    (Flag, wording.FLAGS),
    (EvidenceKind, wording.EVIDENCE_KINDS),
    (EvidenceKind, wording.EVIDENCE_KIND_HINTS),
    (PlacePrecision, wording.PLACE_PRECISIONS),
    (Problem, wording.PROBLEMS),
    (Route, wording.ROUTES),
]
SETTLED = {Reason.SATISFIED, Reason.EXEMPT}


@pytest.mark.parametrize(("members", "sentences"), SENTENCES)
def test_every_member_has_a_sentence(members: type[StrEnum], sentences: Mapping[Any, Any]) -> None:
    assert set(sentences) == set(members)
    assert all(str(sentence).strip() for sentence in sentences.values())


@pytest.mark.parametrize("steps", [next_steps.FOR_LEARNERS, next_steps.FOR_TRAINERS])
def test_every_reason_says_what_to_do_unless_nothing_is_left_to_do(
    steps: Mapping[Reason, Any],
) -> None:
    assert set(steps) == set(Reason)
    assert {reason for reason, step in steps.items() if not str(step)} == SETTLED


def test_the_reasons_of_one_dictionary_are_told_apart() -> None:
    said = [str(sentence) for sentence in wording.REASONS.values()]
    assert len(set(said)) == len(said)


def test_every_decision_on_an_evidence_has_its_word_and_its_effect() -> None:
    decisions = {EvidenceState.ACCEPTED, EvidenceState.MORE_ASKED, EvidenceState.REFUSED}
    assert set(wording.REVIEWS) == set(wording.REVIEW_HINTS) == decisions


def test_every_quality_of_a_validator_has_a_word() -> None:
    assert set(wording.REVIEWER_ROLES) == {role.value for role in facts.ValidatorRole}


def test_no_sentence_shows_a_code_name() -> None:
    for _members, sentences in SENTENCES:
        for sentence in sentences.values():
            assert "_" not in str(sentence)


def test_a_warning_without_a_sentence_is_shown_by_its_code() -> None:
    assert "new_code" in wording.pull_warning("new_code")
    assert "new_code" not in wording.pull_warning("no_course_total")

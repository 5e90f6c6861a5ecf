"""Every recorded answer of the gradebook, read into a result or a typed refusal."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from lti_tool.lti.gradebook.columns import is_ours, resource_id
from lti_tool.lti.gradebook.errors import ScoreLater, ScoreRefused
from lti_tool.lti.gradebook.scores import check_score, read_held, score_message
from lti_tool.lti.models import Outcome
from lti_tool.lti.services.connector import _successful
from lti_tool.lti.services.errors import (
    ServiceAnswerUnfit,
    ServiceForbidden,
    ServiceNotThere,
)
from tests.contract.demo.recordings import names, recording
from tests.unit.lti.services.recorded import recorded_answers

MOMENT = datetime(2026, 11, 21, 21, 59, 13, 987654, tzinfo=UTC)
LATE = {
    "ags-score-error-after-future",
    "ags-score-error-older",
    "ags-score-error-same-timestamp",
}
REFUSED = {
    name
    for name in names("lti", "ags-score-error")
    if name not in LATE | {"ags-score-error-wrong-scope"}
}
ACCEPTED = set(names("lti", "ags-score-")) - LATE - REFUSED - {
    "ags-score-error-wrong-scope",
    "ags-score-same-second",
} | {"ags-score"}


@pytest.mark.parametrize("name", sorted(ACCEPTED))
def test_an_accepted_score_has_an_empty_answer(name: str) -> None:
    for answer in recorded_answers(name):
        check_score(answer)


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_recorded_refusal_is_one_even_under_200(name: str) -> None:
    with pytest.raises(ScoreRefused) as refused:
        check_score(recorded_answers(name)[0])
    assert "userId" not in str(refused.value)


@pytest.mark.parametrize("name", sorted(LATE))
def test_a_recorded_conflict_is_a_later_score(name: str) -> None:
    with pytest.raises(ScoreLater):
        check_score(recorded_answers(name)[0])


def test_of_two_scores_in_one_second_the_second_is_late() -> None:
    first, second = recorded_answers("ags-score-same-second")
    check_score(first)
    with pytest.raises(ScoreLater):
        check_score(second)


@pytest.mark.parametrize(
    "name",
    [name for name in names("lti", "ags-") if not name.startswith("ags-score-")],
)
def test_every_other_recorded_answer_is_read_or_named(name: str) -> None:
    named = {404: ServiceNotThere, 403: ServiceForbidden, 400: ServiceAnswerUnfit}
    for answer in recorded_answers(name):
        if 200 <= answer.status < 300:
            assert _successful(answer) is answer
        else:
            with pytest.raises(named.get(answer.status, ServiceAnswerUnfit)):
                _successful(answer)


def recorded_results() -> list[dict[str, Any]]:
    bodies = [
        one["response"].get("body")
        for name in names("lti", "ags-results")
        for one in recording("lti", name)["exchanges"]
    ]
    return [result for body in bodies if isinstance(body, list) for result in body]


def test_recorded_results_are_out_of_a_hundred_and_a_missing_score_is_no_grade() -> None:
    results = recorded_results()
    assert len(results) > 10
    for result in results:
        held = read_held(result)
        assert (held.given is None) == ("resultScore" not in result)
        assert held.at is None or held.at.tzinfo is not None
    [story] = [one for one in results if one.get("resultScore") == 15.5][:1]
    assert read_held(story).given == Decimal("77.5")


def test_a_grade_carries_all_that_moodle_would_otherwise_erase() -> None:
    message = score_message("3", Decimal("66.67"), "Deux\ncritères", MOMENT)
    assert message == {
        "userId": "3",
        "scoreGiven": 66.67,
        "scoreMaximum": 100,
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "timestamp": "2026-11-21T21:59:13Z",
        "comment": "Deux critères",
    }
    assert json.dumps(message).count("\n") == 0


def test_a_withdrawal_carries_no_score_at_all() -> None:
    message = score_message("3", None, "", MOMENT)
    assert "scoreGiven" not in message
    assert "scoreMaximum" not in message
    assert message["gradingProgress"] != "FullyGraded"


def test_a_moment_is_told_in_utc() -> None:
    elsewhere = MOMENT.astimezone(timezone(timedelta(hours=5)))
    assert score_message("3", Decimal(1), "", elsewhere)["timestamp"] == "2026-11-21T21:59:13Z"


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        {"resourceId": "ancrage-certified"},
        {"resourceId": "ancrage-certified", "tag": ""},
        {"resourceId": "ancrage-progress", "tag": "ancrage"},
        {"tag": "ancrage", "label": "Certification RMP-ADL"},
    ],
)
def test_a_column_without_our_marks_is_not_ours(document: Any) -> None:
    assert not is_ours(document, Outcome.CERTIFIED)


def test_a_column_that_a_trainer_renamed_is_still_ours() -> None:
    document = {"resourceId": resource_id(Outcome.CERTIFIED), "tag": "ancrage", "label": "Autre"}
    assert is_ours(document, Outcome.CERTIFIED)


def test_no_recorded_column_passes_for_ours() -> None:
    for name in names("lti", "ags-lineitem"):
        for one in recording("lti", name)["exchanges"]:
            body = one["response"].get("body")
            for document in body if isinstance(body, list) else [body]:
                assert not any(is_ours(document, outcome) for outcome in Outcome)

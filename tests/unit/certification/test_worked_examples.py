"""Worked examples V1–V8, V9 (rule part), V11, V12, V13, V15, V18, V20, V23 of §3.4, on rule R."""

import json
from decimal import Decimal

import pytest

from lti_tool.certification.rules.criteria import Kind
from lti_tool.certification.rules.decision import Decision
from lti_tool.certification.rules.drift import Drift, compare
from lti_tool.certification.rules.facts import GradeFact, UnreadableReason
from lti_tool.certification.rules.logic import Status
from lti_tool.certification.rules.reasons import Flag, Reason
from tests.unit.certification.given import (
    CLOSED,
    READ,
    a_completion,
    a_grade,
    an_action,
    decide,
    facts_with,
    rule_r,
    the,
)

S, A, N = Status.SATISFIED, Status.PENDING, Status.NOT_SATISFIED


def grade_of(decision: Decision) -> tuple[Status, Reason, str | None]:
    leaf = the(Kind.GRADE, decision)
    return leaf.status, leaf.reason, None if leaf.measured is None else str(leaf.measured.amount)


def test_v1_a_nominal_grade_satisfies_the_rule() -> None:
    decision = decide(facts_with(a_grade("75")))
    assert grade_of(decision) == (S, Reason.SATISFIED, "75.00000")
    assert decision.status is S


def test_v2_zero_is_a_grade_and_the_learner_sees_it() -> None:
    decision = decide(facts_with(a_grade("0")))
    assert grade_of(decision) == (N, Reason.BELOW_THRESHOLD, "0.00000")
    assert decision.status is N
    assert grade_of(decision.for_learner()) == (N, Reason.BELOW_THRESHOLD, "0.00000")


def test_v3_a_missing_grade_is_pending_and_never_zero() -> None:
    decision = decide(facts_with(a_grade(None)))
    assert grade_of(decision) == (A, Reason.MISSING, None)
    assert decision.status is A
    assert grade_of(decision.for_learner()) == (A, Reason.MISSING, None)


def test_v3b_a_grade_missing_at_the_deadline_fails() -> None:
    decision = decide(facts_with(a_grade(None, deadline=CLOSED)))
    assert grade_of(decision) == (N, Reason.MISSING_AFTER_DEADLINE, None)
    assert decision.status is N


def test_v4_a_hidden_grade_is_pending_and_its_value_is_kept_for_trainers_only() -> None:
    decision = decide(facts_with(a_grade("80", hidden=True)))
    assert grade_of(decision) == (A, Reason.HIDDEN, "80.00000")
    assert decision.status is A
    assert grade_of(decision.for_learner()) == (A, Reason.HIDDEN, None)


def test_v4_an_accepted_hidden_grade_satisfies_and_is_still_not_shown() -> None:
    accepting = rule_r({"hidden: pending": "hidden: accept"})
    decision = decide(facts_with(a_grade("80", hidden=True)), accepting)
    assert decision.status is S
    assert grade_of(decision.for_learner()) == (A, Reason.HIDDEN, None)
    assert decision.for_learner().status is A


def test_v4b_a_grade_hidden_from_the_token_is_hidden_not_missing() -> None:
    decision = decide(facts_with(a_grade(None, hidden=True)))
    assert grade_of(decision) == (A, Reason.HIDDEN, None)


def test_v5_a_forced_grade_satisfies_with_a_flag_for_the_audit() -> None:
    decision = decide(facts_with(a_grade("65", overridden=True)))
    assert decision.status is S
    assert the(Kind.GRADE, decision).flags == (Flag.OVERRIDDEN,)
    assert the(Kind.GRADE, decision.for_learner()).flags == ()


def test_v5_a_rule_that_rejects_forced_grades_waits_for_a_trainer() -> None:
    rejecting = rule_r({"overridden: flag": "overridden: reject"})
    forced = a_grade("65", overridden=True)
    assert grade_of(decide(facts_with(forced), rejecting))[:2] == (A, Reason.OVERRIDDEN_TO_CONFIRM)
    confirmed = a_grade("65", overridden=True, override_confirmed=True)
    assert decide(facts_with(confirmed), rejecting).status is S


@pytest.mark.parametrize(
    ("final", "grademax", "status", "shown"),
    [
        ("59.995", 100, N, "59.99500"),
        ("59.999996", 100, S, "60.00000"),
        ("12", 20, S, "60.00000"),
    ],
)
def test_v6_the_boundary_is_exact_at_five_decimals(
    final: str, grademax: int, status: Status, shown: str
) -> None:
    decision = decide(facts_with(a_grade(final, grademax=Decimal(grademax))))
    assert grade_of(decision)[::2] == (status, shown)


@pytest.mark.parametrize(
    ("final", "grademax", "label", "status", "reason"),
    [
        ("3", 4, "Acquis", S, Reason.SATISFIED),
        ("2", 4, "En cours", N, Reason.BELOW_THRESHOLD),
        ("3", 5, "Acquis", A, Reason.SCALE_CHANGED),
    ],
)
def test_v7_a_scale_is_read_by_its_words(
    final: str, grademax: int, label: str, status: Status, reason: Reason
) -> None:
    on_scale = rule_r(
        {
            "unit: percent": 'unit: scale\n                scale: ["Non acquis", "En cours",'
            ' "Acquis", "Expert"]',
            "min: 60": "min: Acquis",
        }
    )
    fact = a_grade(final, grademin=Decimal(1), grademax=Decimal(grademax), label=label)
    decision = decide(facts_with(fact), on_scale)
    assert (decision.status, the(Kind.GRADE, decision).reason) == (status, reason)
    measured = the(Kind.GRADE, decision).measured
    assert measured is not None
    assert measured.label == label


def test_v8_a_grade_raised_after_issue_leaves_the_frozen_decision_alone() -> None:
    issued = decide(facts_with(a_grade("62")))
    frozen = json.dumps(issued.to_dict())
    today = decide(facts_with(a_grade("71", snapshot_id="snapshot-2")))
    assert compare(Decision.from_dict(json.loads(frozen)), today) is Drift.NO_EFFECT
    assert json.dumps(issued.to_dict()) == frozen
    assert grade_of(Decision.from_dict(json.loads(frozen)))[2] == "62.00000"


@pytest.mark.parametrize(
    ("before", "today", "drift"),
    [
        (a_grade("62"), a_grade("48"), Drift.GAP),
        (a_grade("75"), a_grade("61"), Drift.NO_EFFECT),
        (a_grade("75"), a_grade("75", snapshot_id="snapshot-2"), Drift.NONE),
        (
            a_grade("75"),
            a_grade("75", unreadable=UnreadableReason.MOODLE_UNREACHABLE),
            Drift.UNKNOWN,
        ),
    ],
)
def test_v9_only_a_rule_no_longer_satisfied_is_a_gap(
    before: GradeFact, today: GradeFact, drift: Drift
) -> None:
    assert compare(decide(facts_with(before)), decide(facts_with(today))) is drift


@pytest.mark.parametrize(
    ("why", "reason"),
    [
        (UnreadableReason.ACCOUNT_SUSPENDED, Reason.ACCOUNT_SUSPENDED),  # V11
        (UnreadableReason.ENROLMENT_SUSPENDED, Reason.ENROLMENT_SUSPENDED),  # V12
        (UnreadableReason.MOODLE_UNREACHABLE, Reason.MOODLE_UNREACHABLE),  # V20
    ],
)
def test_v11_v12_v20_a_failed_reading_is_pending_and_shows_the_last_snapshot_with_its_date(
    why: UnreadableReason, reason: Reason
) -> None:
    decision = decide(facts_with(a_grade("70", unreadable=why)))
    assert grade_of(decision) == (A, reason, "70.00000")
    assert decision.status is A
    source = the(Kind.GRADE, decision).source
    assert source is not None
    assert (source.site, source.snapshot_id, source.fetched_at) == ("moodle-1", "snapshot-1", READ)


def test_v20_a_total_being_recalculated_is_pending() -> None:
    decision = decide(facts_with(a_grade("70", needs_update=True)))
    assert grade_of(decision)[:2] == (A, Reason.RECALCULATING)


def test_v13_evidence_validated_by_ones_own_partner_lead_fails() -> None:
    decision = decide(
        facts_with(a_grade("75"), evidence=[an_action(validator_is_independent=False)])
    )
    leaf = the(Kind.EVIDENCE, decision)
    assert (leaf.status, leaf.reason) == (N, Reason.EVIDENCE_NOT_INDEPENDENT)
    assert decision.status is N


def test_v18_an_excluded_grade_waits_for_a_confirmation_or_exempts() -> None:
    excluded = facts_with(a_grade(None, excluded=True))
    assert grade_of(decide(excluded))[:2] == (A, Reason.EXCLUDED_TO_CONFIRM)
    exempting = rule_r({"excluded: pending": "excluded: exempt"})
    assert decide(excluded, exempting).status is S


def test_v23_the_engine_run_twice_proposes_the_same_thing() -> None:
    once, again = (decide(facts_with(a_grade("75"))) for _ in range(2))
    assert once == again
    assert json.dumps(once.to_dict()) == json.dumps(again.to_dict())
    assert compare(once, again) is Drift.NONE


def test_a_completion_still_missing_keeps_the_rule_pending() -> None:
    decision = decide(facts_with(a_grade("75"), completions=[a_completion(False)]))
    assert decision.status is A
    assert the(Kind.COMPLETION, decision).reason is Reason.NOT_COMPLETED

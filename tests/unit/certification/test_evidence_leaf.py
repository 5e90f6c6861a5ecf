"""The evidence leaf: states, independence, role, period, collective work, counting."""

from datetime import date
from typing import Any

import pytest

from lti_tool.certification.rules.criteria import Criterion
from lti_tool.certification.rules.facts import (
    EvidenceFact,
    EvidenceKind,
    EvidenceState,
    Facts,
    ValidatorRole,
)
from lti_tool.certification.rules.leaves.evidence import EvidenceLeaf, judge
from lti_tool.certification.rules.logic import Status
from lti_tool.certification.rules.reasons import Reason
from tests.unit.certification.given import PERSON, an_action

S, A, N = Status.SATISFIED, Status.PENDING, Status.NOT_SATISFIED
TODAY = date(2027, 3, 12)


def judged(*evidence: EvidenceFact, **said: Any) -> Criterion:
    asked: dict[str, Any] = {
        "kind": EvidenceKind.REAL_ACTION,
        "count": 1,
        "validated_by": frozenset({ValidatorRole.TRAINER}),
    }
    leaf = EvidenceLeaf(**(asked | said))
    return judge(leaf, Facts.of(PERSON, evidence=evidence), path="2", today=TODAY)


@pytest.mark.parametrize(
    ("said", "status", "reason"),
    [
        ({}, S, Reason.SATISFIED),
        ({"state": EvidenceState.DRAFT}, A, Reason.EVIDENCE_DRAFT),
        ({"state": EvidenceState.SUBMITTED}, A, Reason.EVIDENCE_SUBMITTED),
        ({"state": EvidenceState.MORE_ASKED}, A, Reason.EVIDENCE_MORE_ASKED),
        ({"state": EvidenceState.REFUSED}, N, Reason.EVIDENCE_REFUSED),
        ({"state": EvidenceState.WITHDRAWN}, A, Reason.EVIDENCE_MISSING),
        ({"kind": EvidenceKind.DECISION_TOOL}, A, Reason.EVIDENCE_MISSING),
        ({"validator_is_independent": False}, N, Reason.EVIDENCE_NOT_INDEPENDENT),
        ({"validated_by": None}, N, Reason.EVIDENCE_NOT_INDEPENDENT),
        ({"validated_by": PERSON}, N, Reason.EVIDENCE_NOT_INDEPENDENT),
        ({"validator_roles": frozenset()}, N, Reason.EVIDENCE_WRONG_VALIDATOR),
        (
            {"validator_roles": frozenset({ValidatorRole.JURY})},
            N,
            Reason.EVIDENCE_WRONG_VALIDATOR,
        ),
        ({"happened_on": date(2027, 3, 13)}, A, Reason.EVIDENCE_IN_FUTURE),
        ({"happened_on": TODAY}, S, Reason.SATISFIED),
        ({"collective": True}, A, Reason.EVIDENCE_CONTRIBUTION_MISSING),
        ({"collective": True, "contribution": "  "}, A, Reason.EVIDENCE_CONTRIBUTION_MISSING),
        ({"collective": True, "contribution": "J’ai animé l’atelier"}, S, Reason.SATISFIED),
    ],
)
def test_one_piece_of_evidence_is_judged_by_its_state_and_its_validator(
    said: dict[str, Any], status: Status, reason: Reason
) -> None:
    criterion = judged(an_action(**said))
    assert (criterion.status, criterion.reason) == (status, reason)


def test_no_evidence_is_pending_not_failed() -> None:
    assert judged().reason is Reason.EVIDENCE_MISSING
    assert judged().status is A


@pytest.mark.parametrize(
    ("happened_on", "status"),
    [(date(2025, 9, 12), S), (date(2025, 9, 11), N)],
)
def test_the_period_counts_back_whole_months_from_the_evaluation(
    happened_on: date, status: Status
) -> None:
    criterion = judged(an_action(happened_on=happened_on), since_months=18)
    assert criterion.status is status


def test_each_piece_counts_once_and_enough_of_them_satisfy() -> None:
    first, second = an_action(id="e1"), an_action(id="e2")
    one = judged(first, count=2)
    assert (one.status, one.reason) == (A, Reason.EVIDENCE_MISSING)
    two = judged(first, second, count=2)
    assert two.status is S
    assert two.measured is not None
    assert two.measured.amount == 2
    with pytest.raises(ValueError, match="two facts"):
        judged(first, first, count=2)


def test_a_refused_piece_does_not_spoil_a_good_one_nor_one_on_its_way() -> None:
    refused = an_action(id="e1", state=EvidenceState.REFUSED)
    assert judged(refused, an_action(id="e2")).status is S
    submitted = an_action(id="e2", state=EvidenceState.SUBMITTED)
    assert judged(refused, submitted).reason is Reason.EVIDENCE_SUBMITTED


def test_the_decision_names_every_piece_looked_at_and_why() -> None:
    refused = an_action(id="e2", state=EvidenceState.REFUSED)
    criterion = judged(refused, an_action(id="e1"))
    assert [(item.id, item.reason) for item in criterion.evidence] == [
        ("e1", Reason.SATISFIED),
        ("e2", Reason.EVIDENCE_REFUSED),
    ]

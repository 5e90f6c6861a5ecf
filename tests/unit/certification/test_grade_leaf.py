"""The grade leaf: default vectors of §3.4, Moodle's facts M1–M11, each policy."""

from decimal import Decimal, getcontext, localcontext
from typing import Any

import pytest

from lti_tool.certification.rules.criteria import Criterion
from lti_tool.certification.rules.facts import GradeFact, UnreadableReason
from lti_tool.certification.rules.leaves.grade import (
    ExcludedPolicy,
    GradeLeaf,
    HiddenPolicy,
    MissingPolicy,
    OverriddenPolicy,
    judge,
    percent,
)
from lti_tool.certification.rules.leaves.readings import AfterDeadline
from lti_tool.certification.rules.logic import Status
from lti_tool.certification.rules.reasons import Flag, Reason
from tests.unit.certification.given import CLOSED, COURSE, LEVELS, NOW, a_grade, grade_leaf

S, A, N = Status.SATISFIED, Status.PENDING, Status.NOT_SATISFIED


def judged(fact: GradeFact | None, leaf: GradeLeaf | None = None) -> Criterion:
    return judge(leaf or grade_leaf(), fact, course=COURSE, path="0", at=NOW)


@pytest.mark.parametrize(
    ("final", "grademin", "grademax", "expected"),
    [
        ("75", 0, 100, "75.00000"),
        ("70", 10, 110, "60.00000"),
        ("3", 1, 4, "66.66667"),
        ("12", 0, 20, "60.00000"),
        ("59.995", 0, 100, "59.99500"),
        ("59.999996", 0, 100, "60.00000"),
        ("59.999995", 0, 100, "60.00000"),
        ("59.9999949", 0, 100, "59.99999"),
        ("0", 0, 100, "0.00000"),
        ("105", 0, 100, "105.00000"),
    ],
)
def test_a_percentage_is_rounded_half_up_to_five_decimals(
    final: str, grademin: int, grademax: int, expected: str
) -> None:
    assert str(percent(Decimal(final), Decimal(grademin), Decimal(grademax))) == expected


def test_a_percentage_does_not_depend_on_the_thread_context() -> None:
    with localcontext() as context:
        context.prec = 3
        assert getcontext().prec == 3
        assert percent(Decimal("59.99499"), Decimal(0), Decimal(100)) == Decimal("59.99499")


@pytest.mark.parametrize(
    ("final", "said", "status", "reason"),
    [
        ("75", {}, S, Reason.SATISFIED),
        ("0", {}, N, Reason.BELOW_THRESHOLD),
        (None, {}, A, Reason.MISSING),
        (None, {"deadline": CLOSED}, N, Reason.MISSING_AFTER_DEADLINE),
        (None, {"deadline": NOW}, A, Reason.MISSING),
        ("75", {"deadline": CLOSED}, S, Reason.SATISFIED),
        ("80", {"hidden": True}, A, Reason.HIDDEN),
        (None, {"hidden": True, "deadline": CLOSED}, A, Reason.HIDDEN),
        ("80", {"hidden": None}, A, Reason.VISIBILITY_UNKNOWN),
        ("65", {"overridden": True}, S, Reason.SATISFIED),
        ("70", {"excluded": True}, A, Reason.EXCLUDED_TO_CONFIRM),
        (None, {"excluded": True, "deadline": CLOSED}, A, Reason.EXCLUDED_TO_CONFIRM),
        ("70", {"needs_update": True}, A, Reason.RECALCULATING),
        ("70", {"locked": True}, S, Reason.SATISFIED),
        ("70", {"locked": None, "overridden": None}, S, Reason.SATISFIED),
        ("70", {"grademax": Decimal(0)}, A, Reason.BOUNDS_UNKNOWN),
        ("70", {"grademax": None}, A, Reason.BOUNDS_UNKNOWN),
        ("70", {"grademin": Decimal(10), "grademax": Decimal(110)}, S, Reason.SATISFIED),
    ],
)
def test_the_default_leaf_judges_each_reading(
    final: str | None, said: dict[str, Any], status: Status, reason: Reason
) -> None:
    criterion = judged(a_grade(final, **said))
    assert (criterion.status, criterion.reason) == (status, reason)


@pytest.mark.parametrize("final", ["0", "59", "100", None])
def test_a_total_that_holds_a_score_of_the_tool_decides_nothing(final: str | None) -> None:
    """What we publish never feeds our own decision: neither way, at any moment."""
    for deadline in (None, CLOSED):
        criterion = judged(a_grade(final, contains_own=True, deadline=deadline))
        assert (criterion.status, criterion.reason) == (A, Reason.OWN_SCORE_COUNTED)
        assert criterion.measured is None
        assert criterion.reading is not None


def test_an_accepted_hidden_grade_that_holds_a_score_of_the_tool_stays_pending_and_masked() -> None:
    fact = a_grade("80", contains_own=True, hidden=True)
    criterion = judged(fact, grade_leaf(hidden=HiddenPolicy.ACCEPT))
    assert (criterion.status, criterion.reason, criterion.masked) == (
        A,
        Reason.OWN_SCORE_COUNTED,
        True,
    )


def test_a_grade_never_read_is_pending_without_value() -> None:
    criterion = judged(None)
    assert (criterion.status, criterion.reason) == (A, Reason.NOT_READ)
    assert criterion.measured is None
    assert criterion.source is None


@pytest.mark.parametrize("why", list(UnreadableReason))
def test_an_unreadable_grade_is_pending_and_keeps_the_last_snapshot_with_its_date(
    why: UnreadableReason,
) -> None:
    fact = a_grade("70", unreadable=why, deadline=CLOSED)
    criterion = judged(fact)
    assert (criterion.status, criterion.reason.value) == (A, why.value)
    assert criterion.measured is not None
    assert criterion.measured.amount == 70
    assert criterion.source is not None
    assert criterion.source.fetched_at == fact.fetched_at


def test_a_missing_grade_fails_at_once_or_never_when_the_rule_says_so() -> None:
    strict = grade_leaf(missing=MissingPolicy.FAIL)
    assert judged(a_grade(None), strict).reason is Reason.MISSING
    assert judged(a_grade(None), strict).status is N
    patient = grade_leaf(after_deadline=AfterDeadline.PENDING)
    assert judged(a_grade(None, deadline=CLOSED), patient).status is A


def test_an_accepted_hidden_grade_counts_but_stays_masked_and_flagged() -> None:
    criterion = judged(a_grade("80", hidden=True), grade_leaf(hidden=HiddenPolicy.ACCEPT))
    assert criterion.status is S
    assert criterion.masked
    assert criterion.flags == (Flag.HIDDEN_ACCEPTED,)


def test_an_accepted_hidden_grade_without_value_is_hidden_not_missing() -> None:
    leaf = grade_leaf(hidden=HiddenPolicy.ACCEPT, missing=MissingPolicy.FAIL)
    criterion = judged(a_grade(None, hidden=True, deadline=CLOSED), leaf)
    assert (criterion.status, criterion.reason) == (A, Reason.HIDDEN)


@pytest.mark.parametrize("said", [{"hidden": True}, {"hidden": None}, {"contains_hidden": True}])
def test_whatever_could_betray_a_hidden_grade_is_masked(said: dict[str, Any]) -> None:
    assert judged(a_grade("80", **said)).masked


def test_a_total_built_on_hidden_grades_still_counts_for_the_trainer() -> None:
    assert judged(a_grade("80", contains_hidden=True)).status is S


def test_a_forced_grade_is_flagged_accepted_or_waits_for_a_confirmation() -> None:
    forced = a_grade("65", overridden=True)
    assert judged(forced).flags == (Flag.OVERRIDDEN,)
    assert judged(forced, grade_leaf(overridden=OverriddenPolicy.ACCEPT)).flags == ()
    strict = grade_leaf(overridden=OverriddenPolicy.REJECT)
    assert judged(forced, strict).reason is Reason.OVERRIDDEN_TO_CONFIRM
    assert judged(forced, strict).status is A
    confirmed = judged(a_grade("65", overridden=True, override_confirmed=True), strict)
    assert (confirmed.status, confirmed.flags) == (S, (Flag.OVERRIDDEN,))


def test_not_knowing_whether_a_grade_was_forced_is_not_a_no() -> None:
    unknown = a_grade("65", overridden=None)
    assert judged(unknown).flags == (Flag.OVERRIDE_UNKNOWN,)
    strict = grade_leaf(overridden=OverriddenPolicy.REJECT)
    assert judged(unknown, strict).reason is Reason.OVERRIDE_UNKNOWN


def test_an_exemption_satisfies_only_when_the_rule_says_so() -> None:
    leaf = grade_leaf(excluded=ExcludedPolicy.EXEMPT)
    criterion = judged(a_grade(None, excluded=True), leaf)
    assert (criterion.status, criterion.reason) == (S, Reason.EXEMPT)


@pytest.mark.parametrize(
    ("final", "said", "status", "reason"),
    [
        ("3", {"label": "Acquis"}, S, Reason.SATISFIED),
        ("3.00000", {"label": " Acquis "}, S, Reason.SATISFIED),
        ("4", {"label": "Expert"}, S, Reason.SATISFIED),
        ("2", {"label": "En cours"}, N, Reason.BELOW_THRESHOLD),
        ("3", {"label": "Acquis", "grademax": Decimal(5)}, A, Reason.SCALE_CHANGED),
        ("3", {"label": "Acquis", "grademin": Decimal(0)}, A, Reason.SCALE_CHANGED),
        ("3", {"label": "En cours"}, A, Reason.SCALE_CHANGED),
        ("3", {"label": None}, A, Reason.SCALE_CHANGED),
        ("2.5", {"label": "En cours"}, A, Reason.SCALE_CHANGED),
        (None, {"label": "-"}, A, Reason.MISSING),
    ],
)
def test_a_scale_is_compared_by_level_once_it_is_the_declared_one(
    final: str | None, said: dict[str, Any], status: Status, reason: Reason
) -> None:
    fact = a_grade(final, **({"grademin": Decimal(1), "grademax": Decimal(4)} | said))
    criterion = judged(fact, grade_leaf(LEVELS))
    assert (criterion.status, criterion.reason) == (status, reason)


def test_a_grade_that_is_not_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        a_grade("NaN")

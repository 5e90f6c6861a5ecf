"""Laws that every rule obeys, on random rules and facts."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lti_tool.certification.rules.criteria import Criterion
from lti_tool.certification.rules.decision import Decision
from lti_tool.certification.rules.evaluate import evaluate
from lti_tool.certification.rules.facts import (
    COURSE_TOTAL,
    CompletionFact,
    EvidenceFact,
    EvidenceKind,
    EvidenceState,
    Facts,
    GradeFact,
    MappedCourse,
    ValidatorRole,
)
from lti_tool.certification.rules.leaves import GradeLeaf
from lti_tool.certification.rules.leaves.grade import HiddenPolicy, Percent
from lti_tool.certification.rules.logic import Status, all_of, any_of, at_least
from lti_tool.certification.rules.model import Node, Route
from tests.unit.certification.random_rules import (
    COURSES,
    LABELS,
    facts_parts,
    grades,
    hidden_again,
    rule_of,
    trees,
)

NOW = datetime(2027, 3, 12, 2, 10, tzinfo=UTC)
ORDER = {Status.NOT_SATISFIED: 0, Status.PENDING: 1, Status.SATISFIED: 2}
Parts = tuple[list[GradeFact], list[CompletionFact], list[EvidenceFact], list[MappedCourse]]
statuses = st.lists(st.sampled_from(Status), min_size=1, max_size=6)
laws = settings(deadline=None, max_examples=60)


def decide(node: Node, parts: Parts) -> Decision:
    grades_, completions, evidence, mapped = parts
    facts = Facts.of(
        "person", grades=grades_, completions=completions, evidence=evidence, mapped=mapped
    )
    return evaluate(rule_of(node), facts, Route.FORMATION, NOW)


@laws
@given(trees, facts_parts(), st.randoms(use_true_random=False))
def test_a_decision_depends_on_facts_and_not_on_their_order(
    node: Node, parts: Parts, random: object
) -> None:
    shuffled = tuple(list(part) for part in parts)
    for part in shuffled:
        random.shuffle(part)  # type: ignore[attr-defined]  # hypothesis's Random is not exported
    assert decide(node, parts) == decide(node, shuffled)  # type: ignore[arg-type]  # same shape


@laws
@given(statuses, st.integers(1, 6), st.integers(0, 5))
def test_combinations_ignore_order_and_a_better_part_never_worsens_them(
    found: list[Status], k: int, position: int
) -> None:
    assume(position < len(found))
    better = [*found[:position], Status.SATISFIED, *found[position + 1 :]]
    pairs = [
        (all_of(found), all_of(better)),
        (any_of(found), any_of(better)),
        (at_least(k, found), at_least(k, better)),
    ]
    assert all(ORDER[after] >= ORDER[before] for before, after in pairs)
    assert at_least(k, found) is at_least(k, sorted(found))


def perfect(fact: GradeFact) -> GradeFact:
    """The grade that satisfies every threshold and worries no policy."""
    on_scale = fact.grademax == 4
    return replace(
        fact,
        final=Decimal(4 if on_scale else 100),
        label=LABELS[3],
        hidden=False,
        overridden=False,
        excluded=False,
        needs_update=False,
        unreadable=None,
    )


@laws
@given(trees, facts_parts(), st.data())
def test_more_satisfied_leaves_never_worsen_a_decision(
    node: Node, parts: Parts, data: st.DataObject
) -> None:
    grades_, completions, evidence, mapped = parts
    before = decide(node, parts)
    satisfied = {leaf.path for leaf in before.leaves() if leaf.status is Status.SATISFIED}
    new = EvidenceFact(
        id="new",
        kind=data.draw(st.sampled_from(EvidenceKind)),
        state=EvidenceState.ACCEPTED,
        happened_on=date(2027, 3, 1),
        validated_by="trainer",
        validator_is_independent=True,
        validator_roles=frozenset(ValidatorRole),
    )
    after = decide(
        node,
        (
            [perfect(fact) for fact in grades_],
            [replace(fact, completed=True, unreadable=None) for fact in completions],
            [*evidence, new],
            mapped,
        ),
    )
    # A grade bound to another kind of range may lose by the change: only growing leaves matter.
    assume(satisfied <= {leaf.path for leaf in after.leaves() if leaf.status is Status.SATISFIED})
    worsened = [
        leaf.path
        for leaf, then in zip(after.leaves(), before.leaves(), strict=True)
        if ORDER[leaf.status] < ORDER[then.status]
    ]
    assume(not worsened)
    assert ORDER[after.status] >= ORDER[before.status]


@laws
@given(trees, facts_parts(), st.booleans())
def test_a_decision_survives_json_unchanged(node: Node, parts: Parts, for_learner: bool) -> None:
    decision = decide(node, parts)
    if for_learner:
        decision = decision.for_learner()
    assert Decision.from_dict(json.loads(json.dumps(decision.to_dict()))) == decision


@laws
@given(trees, facts_parts(), st.data())
def test_the_learner_sees_the_same_thing_whatever_the_hidden_grades_are(
    node: Node, parts: Parts, data: st.DataObject
) -> None:
    grades_, completions, evidence, mapped = parts
    others = [
        hidden_again(fact, data.draw(grades(fact.course, fact.site)))
        if fact.hidden is not False or fact.contains_hidden
        else fact
        for fact in grades_
    ]
    seen = decide(node, parts).for_learner()
    seen_otherwise = decide(node, (others, completions, evidence, mapped)).for_learner()
    assert json.dumps(seen.to_dict()) == json.dumps(seen_otherwise.to_dict())


def every(criterion: Criterion) -> list[Criterion]:
    return [criterion, *(part for child in criterion.children for part in every(child))]


@laws
@given(trees, facts_parts())
def test_the_learner_never_gets_a_masked_value_source_or_flag(node: Node, parts: Parts) -> None:
    seen = decide(node, parts).for_learner()
    for criterion in every(seen.root):
        assert criterion.flags == ()
        if criterion.masked:
            assert criterion.status is Status.PENDING
            assert (criterion.measured, criterion.reading, criterion.source) == (None, None, None)
    assert seen.for_learner() == seen


@laws
@given(st.decimals(1, 99, places=5), st.sampled_from(COURSES))
def test_a_hidden_value_is_nowhere_in_what_the_learner_receives(
    value: Decimal, course: str
) -> None:
    assume(value != value.to_integral_value())
    leaf = GradeLeaf(
        course=course,
        item=COURSE_TOTAL,
        threshold=Percent(Decimal(60)),
        hidden=HiddenPolicy.ACCEPT,
    )
    fact = GradeFact(
        site="moodle-1",
        course=course,
        item=COURSE_TOTAL,
        snapshot_id="s",
        fetched_at=NOW,
        final=value,
        grademin=Decimal(0),
        grademax=Decimal(100),
        hidden=True,
    )
    full = decide(leaf, ([fact], [], [], []))
    assert str(value) in json.dumps(full.to_dict())
    assert str(value) not in json.dumps(full.for_learner().to_dict())

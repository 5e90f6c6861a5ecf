"""The share of a decision: 1 exactly when it is satisfied, none when nothing is known."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.certification.rules.criteria import Criterion, Kind, combine
from lti_tool.certification.rules.logic import Status
from lti_tool.certification.rules.progress import share_of
from lti_tool.certification.rules.reasons import Reason

DONE, WAIT, REDO = Status.SATISFIED, Status.PENDING, Status.NOT_SATISFIED


def leaf(status: Status, *, masked: bool = False) -> Criterion:
    return Criterion(
        path="x", kind=Kind.GRADE, status=status, reason=Reason.SATISFIED, masked=masked
    )


def node(kind: Kind, *statuses: Status, needed: int = 1) -> Criterion:
    return combine("", kind, tuple(leaf(status) for status in statuses), needed)


leaves = st.builds(leaf, st.sampled_from(list(Status)), masked=st.booleans())
trees = st.recursive(
    leaves,
    lambda children: st.builds(
        lambda kind, parts, needed: combine("", kind, tuple(parts), min(needed, len(parts))),
        st.sampled_from([Kind.ALL, Kind.ANY, Kind.AT_LEAST, Kind.MAPPED, Kind.CHOICE]),
        st.lists(children, min_size=1, max_size=4),
        st.integers(1, 4),
    ),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("root", "share"),
    [
        (node(Kind.ALL, DONE, DONE), "1"),
        (node(Kind.ALL, DONE, WAIT), "0.5"),
        (node(Kind.ALL, DONE, REDO, WAIT, WAIT), "0.25"),
        (node(Kind.ANY, DONE, REDO), "1"),
        (node(Kind.ANY, REDO, REDO), "0"),
        (node(Kind.AT_LEAST, DONE, REDO, REDO, needed=2), "0.5"),
        (node(Kind.ALL, REDO, REDO), "0"),
    ],
)
def test_a_share_is_what_is_done_of_what_is_needed(root: Criterion, share: str) -> None:
    assert share_of([root]) == Decimal(share)


@pytest.mark.parametrize(
    "roots",
    [
        [],
        [node(Kind.ALL, WAIT, WAIT)],
        [node(Kind.ALL, WAIT, REDO)],
        [node(Kind.MAPPED)],
        [node(Kind.ALL, REDO), node(Kind.ALL, WAIT)],
    ],
)
def test_nothing_known_is_no_share_and_never_a_zero(roots: list[Criterion]) -> None:
    assert share_of(roots) is None


@given(trees)
def test_a_share_is_whole_exactly_when_the_decision_is_satisfied(root: Criterion) -> None:
    share = share_of([root])
    assert (share == 1) == (root.status is DONE)
    assert share is None or 0 <= share <= 1


@given(st.lists(trees, min_size=1, max_size=3), st.data())
def test_a_hidden_grade_never_changes_the_share_that_is_shown(
    roots: list[Criterion], data: st.DataObject
) -> None:
    """N6: whatever the hidden values are, the learner's view gives the same share."""

    def redrawn(criterion: Criterion) -> Criterion:
        if criterion.kind is Kind.GRADE:
            drawn = data.draw(st.sampled_from(list(Status)))
            return leaf(drawn, masked=True) if criterion.masked else criterion
        needed = int(criterion.threshold.amount) if criterion.threshold else 0
        parts = tuple(redrawn(child) for child in criterion.children)
        return combine(criterion.path, criterion.kind, parts, needed)

    others = [redrawn(root) for root in roots]
    assert share_of([one.for_learner() for one in roots]) == share_of(
        [one.for_learner() for one in others]
    )

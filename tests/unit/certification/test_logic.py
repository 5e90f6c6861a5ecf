"""Vectors of the three-valued logic, specification §3.1."""

import pytest

from lti_tool.certification.rules.logic import Status, all_of, any_of, at_least

S, A, N = Status.SATISFIED, Status.PENDING, Status.NOT_SATISFIED


@pytest.mark.parametrize(
    ("combined", "expected"),
    [
        (all_of([S, A]), A),
        (all_of([S, N, A]), N),
        (all_of([S, S]), S),
        (any_of([N, A]), A),
        (any_of([N, A, S]), S),
        (any_of([N, N]), N),
        (at_least(2, [S, A, N]), A),
        (at_least(2, [S, N, N]), N),
        (at_least(2, [S, S, A]), S),
    ],
)
def test_statuses_combine_as_kleene_says(combined: Status, expected: Status) -> None:
    assert combined is expected


def test_at_least_all_is_all_and_at_least_one_is_any() -> None:
    for statuses in ([a, b, c] for a in Status for b in Status for c in Status):
        assert at_least(3, statuses) is all_of(statuses)
        assert at_least(1, statuses) is any_of(statuses)


def test_stored_values_of_statuses_are_stable() -> None:
    assert [status.value for status in Status] == ["satisfied", "pending", "not_satisfied"]

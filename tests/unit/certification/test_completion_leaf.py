"""The completion leaf: yes, not yet, too late, unreadable."""

from typing import Any

import pytest

from lti_tool.certification.rules.facts import UnreadableReason
from lti_tool.certification.rules.leaves.completion import CompletionLeaf, judge
from lti_tool.certification.rules.leaves.readings import AfterDeadline
from lti_tool.certification.rules.logic import Status
from lti_tool.certification.rules.reasons import Reason
from tests.unit.certification.given import CLOSED, COURSE, NOW, a_completion

S, A, N = Status.SATISFIED, Status.PENDING, Status.NOT_SATISFIED
LATE_IS_FINE = {"after_deadline": AfterDeadline.PENDING}


@pytest.mark.parametrize(
    ("completed", "said", "policy", "status", "reason"),
    [
        (True, {}, {}, S, Reason.SATISFIED),
        (True, {"deadline": CLOSED}, {}, S, Reason.SATISFIED),
        (False, {}, {}, A, Reason.NOT_COMPLETED),
        (False, {"deadline": CLOSED}, {}, N, Reason.NOT_COMPLETED_AFTER_DEADLINE),
        (False, {"deadline": CLOSED}, LATE_IS_FINE, A, Reason.NOT_COMPLETED),
        (None, {"deadline": CLOSED}, {}, A, Reason.NOT_READ),
        (
            None,
            {"unreadable": UnreadableReason.NO_COMPLETION_CRITERIA},
            {},
            A,
            Reason.NO_COMPLETION_CRITERIA,
        ),
        (
            True,
            {"unreadable": UnreadableReason.ACCOUNT_SUSPENDED},
            {},
            A,
            Reason.ACCOUNT_SUSPENDED,
        ),
    ],
)
def test_a_completion_is_judged_by_what_moodle_says(
    completed: bool | None,
    said: dict[str, Any],
    policy: dict[str, Any],
    status: Status,
    reason: Reason,
) -> None:
    leaf = CompletionLeaf(course=COURSE, **policy)
    criterion = judge(leaf, a_completion(completed, **said), course=COURSE, path="1", at=NOW)
    assert (criterion.status, criterion.reason) == (status, reason)


def test_a_completion_never_read_is_pending() -> None:
    criterion = judge(CompletionLeaf(course=COURSE), None, course=COURSE, path="1", at=NOW)
    assert (criterion.status, criterion.reason) == (A, Reason.NOT_READ)
    assert criterion.measured is None

"""What the leaves that read Moodle share: why a fact could not be read, and after-deadline policy."""

from datetime import datetime
from enum import StrEnum

from lti_tool.certification.rules.facts import UnreadableReason
from lti_tool.certification.rules.reasons import Reason


class AfterDeadline(StrEnum):
    """What the absence of a value means once the course has closed."""

    PENDING = "pending"
    FAIL = "fail"


UNREADABLE = {
    UnreadableReason.ACCOUNT_SUSPENDED: Reason.ACCOUNT_SUSPENDED,
    UnreadableReason.ENROLMENT_SUSPENDED: Reason.ENROLMENT_SUSPENDED,
    UnreadableReason.ENROLMENT_EXPIRED: Reason.ENROLMENT_EXPIRED,
    UnreadableReason.ENROLMENT_FUTURE: Reason.ENROLMENT_FUTURE,
    UnreadableReason.ENROLMENT_INACTIVE: Reason.ENROLMENT_INACTIVE,
    UnreadableReason.GONE: Reason.GONE,
    UnreadableReason.MOODLE_UNREACHABLE: Reason.MOODLE_UNREACHABLE,
    UnreadableReason.ACCESS_DENIED: Reason.ACCESS_DENIED,
    UnreadableReason.ITEM_NOT_FOUND: Reason.ITEM_NOT_FOUND,
    UnreadableReason.NO_COMPLETION_CRITERIA: Reason.NO_COMPLETION_CRITERIA,
}


def closed(deadline: datetime | None, at: datetime) -> bool:
    """Return whether the deadline has passed; the very moment of the deadline is still open."""
    return deadline is not None and at > deadline

"""The closed list of reasons and flags that a decision may carry, specification §3.3 and §3.4.

The values are stored in frozen decisions and never change; the sentences that people read are
written on the web side, one for each member. The comment beside each member says what it means.
"""

from enum import StrEnum


class Reason(StrEnum):
    """Why a criterion has its status. S, P and N: the statuses it goes with."""

    # Any criterion
    SATISFIED = "satisfied"  # S: the threshold is met
    PARTS_PENDING = "parts_pending"  # P: some parts are still pending
    PARTS_NOT_SATISFIED = "parts_not_satisfied"  # N: too few parts can still be met
    NO_MAPPED_COURSE = "no_mapped_course"  # P: no required or choice course for the domain

    # Reading Moodle (grade and completion)
    NOT_READ = "not_read"  # P: never read from Moodle yet
    ACCOUNT_SUSPENDED = "account_suspended"  # P: Moodle refuses to answer for this account (M5)
    ENROLMENT_SUSPENDED = "enrolment_suspended"  # P: left out of the course's list (M6)
    ENROLMENT_EXPIRED = "enrolment_expired"  # P: its end has passed
    ENROLMENT_FUTURE = "enrolment_future"  # P: its beginning is to come
    ENROLMENT_INACTIVE = "enrolment_inactive"  # P: not in force, Moodle does not say why
    GONE = "gone"  # P: no longer enrolled in the course
    MOODLE_UNREACHABLE = "moodle_unreachable"  # P: no answer; the last snapshot is shown (V20)
    ACCESS_DENIED = (
        "access_denied"  # P: the site's token lacks a right, viewhidden included (M3, M7)
    )
    ITEM_NOT_FOUND = "item_not_found"  # P: the grade item is not in the gradebook's answer

    # Grade
    BELOW_THRESHOLD = "below_threshold"  # N: measured, and lower than the threshold
    MISSING = "missing"  # P, or N if the rule says so: not graded yet
    MISSING_AFTER_DEADLINE = "missing_after_deadline"  # N: not graded when the course closed
    HIDDEN = "hidden"  # P: the grade is hidden in Moodle (M2)
    VISIBILITY_UNKNOWN = "visibility_unknown"  # P: Moodle did not say whether it is hidden
    OVERRIDDEN_TO_CONFIRM = "overridden_to_confirm"  # P: forced by a teacher, to be confirmed
    OVERRIDE_UNKNOWN = "override_unknown"  # P: the token may not see whether it was forced (M11)
    EXCLUDED_TO_CONFIRM = "excluded_to_confirm"  # P: left out of the total, exemption to confirm
    EXEMPT = "exempt"  # S: left out of the total, and the rule accepts it
    SCALE_CHANGED = "scale_changed"  # P: not the scale that the rule declares (M4)
    BOUNDS_UNKNOWN = "bounds_unknown"  # P: no usable minimum and maximum
    OWN_SCORE_COUNTED = "own_score_counted"  # P: a score that the tool published counts in it; its value is not used
    RECALCULATING = "recalculating"  # P: Moodle is recalculating its totals (M9)

    # Completion
    NOT_COMPLETED = "not_completed"  # P, the course is open
    NOT_COMPLETED_AFTER_DEADLINE = "not_completed_after_deadline"  # N: the course closed
    NO_COMPLETION_CRITERIA = "no_completion_criteria"  # P: the course has no completion criteria

    # Evidence
    EVIDENCE_MISSING = "evidence_missing"  # P: nothing given yet, or not enough
    EVIDENCE_DRAFT = "evidence_draft"  # P: a draft, not submitted
    EVIDENCE_SUBMITTED = "evidence_submitted"  # P: waits for a validation
    EVIDENCE_MORE_ASKED = "evidence_more_asked"  # P: the validator asked for more
    EVIDENCE_CONTRIBUTION_MISSING = (
        "evidence_contribution_missing"  # P: collective, own part unsaid
    )
    EVIDENCE_IN_FUTURE = "evidence_in_future"  # P: dated after the day of the evaluation
    EVIDENCE_REFUSED = "evidence_refused"  # N: refused by the validator
    EVIDENCE_NOT_INDEPENDENT = (
        "evidence_not_independent"  # N: validated by a person too close (V13)
    )
    EVIDENCE_WRONG_VALIDATOR = "evidence_wrong_validator"  # N: the validator lacks the role asked
    EVIDENCE_TOO_OLD = "evidence_too_old"  # N: before the period that the rule accepts


class Flag(StrEnum):
    """What the audit trail must show beside a status, without changing it."""

    OVERRIDDEN = "overridden"  # the grade was forced by a teacher (V5)
    OVERRIDE_UNKNOWN = "override_unknown"  # the token may not see whether it was forced (M11)
    HIDDEN_ACCEPTED = "hidden_accepted"  # hidden grade used because the rule accepts it (V4)

"""Tables of the grades, one module for each noun."""

from lti_tool.grades.models.enrolments import (
    EnrolledAs,
    Enrolment,
    EnrolmentState,
    Unreadable,
)
from lti_tool.grades.models.pulls import DueReading, LearnerReading, Pull, ReadingCost
from lti_tool.grades.models.snapshots import (
    CompletionSnapshot,
    CurrentGrade,
    GradeItem,
    GradeSnapshot,
)

__all__ = [
    "CompletionSnapshot",
    "CurrentGrade",
    "DueReading",
    "EnrolledAs",
    "Enrolment",
    "EnrolmentState",
    "GradeItem",
    "GradeSnapshot",
    "LearnerReading",
    "Pull",
    "ReadingCost",
    "Unreadable",
]

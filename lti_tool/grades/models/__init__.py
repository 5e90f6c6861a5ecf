"""Tables of the grades, one module for each noun."""

from lti_tool.grades.models.competencies import (
    Competency,
    CourseCompetency,
    CurrentRating,
    RatingSnapshot,
)
from lti_tool.grades.models.enrolments import (
    EnrolledAs,
    Enrolment,
    EnrolmentState,
    Unreadable,
)
from lti_tool.grades.models.groups import Group, GroupMember
from lti_tool.grades.models.pulls import DueReading, LearnerReading, Pull, ReadingCost
from lti_tool.grades.models.snapshots import (
    CompletionSnapshot,
    CurrentGrade,
    GradeItem,
    GradeSnapshot,
)

__all__ = [
    "Competency",
    "CompletionSnapshot",
    "CourseCompetency",
    "CurrentGrade",
    "CurrentRating",
    "DueReading",
    "EnrolledAs",
    "Enrolment",
    "EnrolmentState",
    "GradeItem",
    "GradeSnapshot",
    "Group",
    "GroupMember",
    "LearnerReading",
    "Pull",
    "RatingSnapshot",
    "ReadingCost",
    "Unreadable",
]

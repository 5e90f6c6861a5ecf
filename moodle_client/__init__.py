"""A typed client of Moodle's REST web services, usable alone.

Owns the wire (one POST a call, the token in its body), the errors and the typed answers. Knows
nothing of any tool that uses it. Everything public is named here; other modules may move.
"""

from moodle_client.checks import READING, probe
from moodle_client.client import MoodleClient
from moodle_client.errors import (
    AccessDenied,
    AnswerTooLarge,
    CourseInaccessible,
    InvalidParameter,
    InvalidToken,
    LoginRefused,
    Maintenance,
    MissingCapability,
    MissingFunction,
    MoodleError,
    MoodleTimeout,
    NoCriteria,
    NotEnrolled,
    NotFound,
    NotMoodle,
    ProtocolDisabled,
    ServerFailure,
    ServiceAccountClosed,
    SiteNotReady,
    TruncatedAnswer,
    UnexpectedAnswer,
    Unreachable,
    UserDeleted,
    UserSuspended,
)
from moodle_client.findings import Check, Finding, FindingCode
from moodle_client.functions import Function
from moodle_client.login import request_token
from moodle_client.models.assignments import (
    Assignment,
    AssignmentGrade,
    AssignmentGrades,
    AssignmentSubmissions,
    CourseAssignments,
    Submission,
)
from moodle_client.models.calendar import CalendarEvent
from moodle_client.models.cohorts import Cohort, CohortMembers, Group, GroupMembers
from moodle_client.models.competencies import (
    Competency,
    CompetencyEvidence,
    CompetencyFramework,
    CompetencyRating,
    CourseCompetencies,
    CourseCompetencyRating,
    LearningPlan,
    PlanCompetency,
)
from moodle_client.models.completion import (
    AGGREGATION_ALL,
    AGGREGATION_ANY,
    ActivityCompletion,
    CompletionCriterion,
    CompletionRule,
    CourseCompletion,
)
from moodle_client.models.courses import (
    SITE_COURSE_ID,
    Activity,
    Category,
    Contact,
    Course,
    Section,
    UserCourse,
)
from moodle_client.models.gradebook import GradeItemName, GradeNode, GradesTable, GradesTableRow
from moodle_client.models.grades import CourseGrade, GradeItem, UserGrades
from moodle_client.models.listing import Listing, MoodleWarning
from moodle_client.models.people import EnrolledUser, GroupRef, Role, User
from moodle_client.models.reports import Report, ReportPage, ReportRow
from moodle_client.models.site import SiteInfo
from moodle_client.text import name_key, nfc, plain_text
from moodle_client.transport import CallRecord, TransportOptions

__all__ = [
    "AGGREGATION_ALL",
    "AGGREGATION_ANY",
    "READING",
    "SITE_COURSE_ID",
    "AccessDenied",
    "Activity",
    "ActivityCompletion",
    "AnswerTooLarge",
    "Assignment",
    "AssignmentGrade",
    "AssignmentGrades",
    "AssignmentSubmissions",
    "CalendarEvent",
    "CallRecord",
    "Category",
    "Check",
    "Cohort",
    "CohortMembers",
    "Competency",
    "CompetencyEvidence",
    "CompetencyFramework",
    "CompetencyRating",
    "CompletionCriterion",
    "CompletionRule",
    "Contact",
    "Course",
    "CourseAssignments",
    "CourseCompetencies",
    "CourseCompetencyRating",
    "CourseCompletion",
    "CourseGrade",
    "CourseInaccessible",
    "EnrolledUser",
    "Finding",
    "FindingCode",
    "Function",
    "GradeItem",
    "GradeItemName",
    "GradeNode",
    "GradesTable",
    "GradesTableRow",
    "Group",
    "GroupMembers",
    "GroupRef",
    "InvalidParameter",
    "InvalidToken",
    "LearningPlan",
    "Listing",
    "LoginRefused",
    "Maintenance",
    "MissingCapability",
    "MissingFunction",
    "MoodleClient",
    "MoodleError",
    "MoodleTimeout",
    "MoodleWarning",
    "NoCriteria",
    "NotEnrolled",
    "NotFound",
    "NotMoodle",
    "PlanCompetency",
    "ProtocolDisabled",
    "Report",
    "ReportPage",
    "ReportRow",
    "Role",
    "Section",
    "ServerFailure",
    "ServiceAccountClosed",
    "SiteInfo",
    "SiteNotReady",
    "Submission",
    "TransportOptions",
    "TruncatedAnswer",
    "UnexpectedAnswer",
    "Unreachable",
    "User",
    "UserCourse",
    "UserDeleted",
    "UserGrades",
    "UserSuspended",
    "name_key",
    "nfc",
    "plain_text",
    "probe",
    "request_token",
]

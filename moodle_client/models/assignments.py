"""Assignments, the grades given inside them, and submissions."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from moodle_client.models.record import Record


@dataclass(frozen=True, slots=True)
class Assignment:
    """An assignment.

    Attributes:
        maximum: points, None when it is graded with a scale or not graded.
        scale_id: the scale's number when graded with one.
    """

    id: int
    cmid: int
    course_id: int
    name: str
    maximum: int | None
    scale_id: int | None
    due_at: datetime | None
    cut_off_at: datetime | None

    @classmethod
    def read(cls, record: Record) -> "Assignment":
        """Read one assignment; its `grade` is points, or minus the number of a scale."""
        grade = record.integer("grade")
        return cls(
            id=record.integer("id"),
            cmid=record.integer("cmid"),
            course_id=record.integer("course"),
            name=record.escaped_name("name"),
            maximum=grade if grade > 0 else None,
            scale_id=-grade if grade < 0 else None,
            due_at=record.moment_or_none("duedate"),
            cut_off_at=record.moment_or_none("cutoffdate"),
        )


@dataclass(frozen=True, slots=True)
class CourseAssignments:
    """The assignments of one course."""

    course_id: int
    shortname: str
    assignments: tuple[Assignment, ...]

    @classmethod
    def read(cls, record: Record) -> "CourseAssignments":
        """Read one course of `mod_assign_get_assignments`."""
        return cls(
            course_id=record.integer("id"),
            shortname=record.escaped_name("shortname"),
            assignments=tuple(Assignment.read(item) for item in record.children("assignments")),
        )


@dataclass(frozen=True, slots=True)
class AssignmentGrade:
    """A grade given inside an assignment, before the gradebook: no override, no LTI score.

    Attributes:
        grade: None when not graded (Moodle writes -1).
    """

    id: int
    user_id: int
    attempt: int
    grade: Decimal | None
    grader_id: int
    modified_at: datetime | None

    @classmethod
    def read(cls, record: Record) -> "AssignmentGrade":
        """Read one grade."""
        grade = record.decimal_or_none("grade")
        return cls(
            id=record.integer("id"),
            user_id=record.integer("userid"),
            attempt=record.integer("attemptnumber"),
            grade=None if grade is None or grade < 0 else grade,
            grader_id=record.integer("grader"),
            modified_at=record.moment_or_none("timemodified"),
        )


@dataclass(frozen=True, slots=True)
class AssignmentGrades:
    """The grades of one assignment."""

    assignment_id: int
    grades: tuple[AssignmentGrade, ...]

    @classmethod
    def read(cls, record: Record) -> "AssignmentGrades":
        """Read one assignment of `mod_assign_get_grades`."""
        return cls(
            record.integer("assignmentid"),
            tuple(AssignmentGrade.read(item) for item in record.children("grades")),
        )


@dataclass(frozen=True, slots=True)
class Submission:
    """A submission; its content is not kept."""

    id: int
    user_id: int
    attempt: int
    status: str
    grading_status: str
    created_at: datetime | None
    modified_at: datetime | None

    @classmethod
    def read(cls, record: Record) -> "Submission":
        """Read one submission."""
        return cls(
            id=record.integer("id"),
            user_id=record.integer("userid"),
            attempt=record.integer("attemptnumber"),
            status=record.text("status"),
            grading_status=record.text("gradingstatus"),
            created_at=record.moment_or_none("timecreated"),
            modified_at=record.moment_or_none("timemodified"),
        )


@dataclass(frozen=True, slots=True)
class AssignmentSubmissions:
    """The submissions of one assignment."""

    assignment_id: int
    submissions: tuple[Submission, ...]

    @classmethod
    def read(cls, record: Record) -> "AssignmentSubmissions":
        """Read one assignment of `mod_assign_get_submissions`."""
        return cls(
            record.integer("assignmentid"),
            tuple(Submission.read(item) for item in record.children("submissions")),
        )

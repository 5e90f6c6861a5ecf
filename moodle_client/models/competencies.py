"""Competencies, their frameworks, learning plans and ratings."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from moodle_client.models.record import Record


@dataclass(frozen=True, slots=True)
class CompetencyFramework:
    """A competency framework and its default scale."""

    id: int
    shortname: str
    idnumber: str
    description: str
    visible: bool
    scale_id: int
    competency_count: int | None

    @classmethod
    def read(cls, record: Record) -> "CompetencyFramework":
        """Read one framework."""
        return cls(
            id=record.integer("id"),
            shortname=record.escaped_name("shortname"),
            idnumber=record.text("idnumber"),
            description=record.text("description"),
            visible=record.flag("visible"),
            scale_id=record.integer("scaleid"),
            competency_count=record.integer_or_none("competenciescount"),
        )


@dataclass(frozen=True, slots=True)
class Competency:
    """A competency; `scale_id` is None when it uses its framework's scale."""

    id: int
    framework_id: int
    parent_id: int
    shortname: str
    idnumber: str
    description: str
    scale_id: int | None

    @classmethod
    def read(cls, record: Record) -> "Competency":
        """Read one competency."""
        return cls(
            id=record.integer("id"),
            framework_id=record.integer("competencyframeworkid"),
            parent_id=record.integer("parentid"),
            shortname=record.escaped_name("shortname"),
            idnumber=record.text("idnumber"),
            description=record.text("description"),
            scale_id=record.integer_or_none("scaleid"),
        )

    @classmethod
    def read_inner(cls, record: Record) -> "Competency":
        """Read the competency inside an entry that links it to a course."""
        return cls.read(record.child("competency"))


@dataclass(frozen=True, slots=True)
class CompetencyRating:
    """The rating of one competency for one person, by plan or by course.

    Attributes:
        grade: rank of the level on the scale, from 1; None when not rated.
        grade_name: the level's name, "-" when not rated; for people.
        proficient: None when not rated.
    """

    user_id: int
    competency_id: int
    grade: int | None
    grade_name: str
    proficient: bool | None
    modified_at: datetime | None

    @classmethod
    def read(cls, record: Record) -> "CompetencyRating":
        """Read a `usercompetency` or a `usercompetencycourse`."""
        return cls(
            user_id=record.integer("userid"),
            competency_id=record.integer("competencyid"),
            grade=record.integer_or_none("grade"),
            grade_name=record.text("gradename"),
            proficient=record.flag_or_none("proficiency"),
            modified_at=record.moment_or_none("timemodified"),
        )


@dataclass(frozen=True, slots=True)
class PlanCompetency:
    """A competency of a learning plan with its rating; None in a completed plan."""

    competency: Competency
    rating: CompetencyRating | None

    @classmethod
    def read(cls, record: Record) -> "PlanCompetency":
        """Read one entry of `core_competency_list_plan_competencies`."""
        rating = record.child_or_none("usercompetency")
        return cls(
            Competency.read_inner(record),
            None if rating is None else CompetencyRating.read(rating),
        )


@dataclass(frozen=True, slots=True)
class LearningPlan:
    """A learning plan; `status`: 0 draft, 1 active, 2 complete, 3 waiting for review, 4 in review."""

    id: int
    user_id: int
    name: str
    status: int
    due_at: datetime | None

    @classmethod
    def read(cls, record: Record) -> "LearningPlan":
        """Read one plan."""
        return cls(
            id=record.integer("id"),
            user_id=record.integer("userid"),
            name=record.escaped_name("name"),
            status=record.integer("status"),
            due_at=record.moment_or_none("duedate"),
        )


@dataclass(frozen=True, slots=True)
class CourseCompetencies:
    """The competencies of a course, with the share of them that people master."""

    course_id: int
    competencies: tuple[Competency, ...]
    proficient_count: int
    proficient_percentage: Decimal | None

    @classmethod
    def read(cls, record: Record) -> "CourseCompetencies":
        """Read the answer of `tool_lp_data_for_course_competencies_page`."""
        statistics = record.child("statistics")
        return cls(
            course_id=record.integer("courseid"),
            competencies=tuple(
                Competency.read_inner(item) for item in record.children("competencies")
            ),
            proficient_count=statistics.integer("proficientcompetencycount"),
            proficient_percentage=statistics.decimal_or_none("proficientcompetencypercentage"),
        )


@dataclass(frozen=True, slots=True)
class CompetencyEvidence:
    """Why a rating is what it is: who did what, when."""

    id: int
    action: int
    identifier: str
    grade: int | None
    actor_id: int | None
    created_at: datetime | None

    @classmethod
    def read(cls, record: Record) -> "CompetencyEvidence":
        """Read one entry of `evidence`."""
        return cls(
            id=record.integer("id"),
            action=record.integer("action"),
            identifier=record.text("descidentifier"),
            grade=record.integer_or_none("grade"),
            actor_id=record.integer_or_none("actionuserid"),
            created_at=record.moment_or_none("timecreated"),
        )


@dataclass(frozen=True, slots=True)
class CourseCompetencyRating:
    """The rating of one competency for one person in one course, with its evidence."""

    competency: Competency
    course_id: int
    rating: CompetencyRating
    evidence: tuple[CompetencyEvidence, ...]

    @classmethod
    def read(cls, record: Record) -> "CourseCompetencyRating":
        """Read the answer of `tool_lp_data_for_user_competency_summary_in_course`."""
        summary = record.child("usercompetencysummary")
        rating = summary.child("usercompetencycourse")
        return cls(
            competency=Competency.read_inner(summary.child("competency")),
            course_id=rating.integer("courseid"),
            rating=CompetencyRating.read(rating),
            evidence=tuple(CompetencyEvidence.read(e) for e in summary.children("evidence")),
        )

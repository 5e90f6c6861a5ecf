"""Completion of courses and of activities, for one person."""

from dataclasses import dataclass
from datetime import datetime

from moodle_client.models.record import Record

AGGREGATION_ALL = 1
AGGREGATION_ANY = 2


@dataclass(frozen=True, slots=True)
class CompletionCriterion:
    """One criterion of a course's completion.

    Attributes:
        type: Moodle's number (1 self, 2 date, 3 unenrolment, 4 activity, 5 duration, 6 course
            grade, 7 role, 8 other course).
        title, status, requirement: translated texts, for people only.
    """

    type: int
    complete: bool
    completed_at: datetime | None
    title: str
    status: str
    requirement: str

    @classmethod
    def read(cls, record: Record) -> "CompletionCriterion":
        """Read one entry of `completions`."""
        return cls(
            type=record.integer("type"),
            complete=record.flag("complete"),
            completed_at=record.moment_or_none("timecompleted"),
            title=record.text("title"),
            status=record.text("status"),
            requirement=record.child("details").text("requirement"),
        )


@dataclass(frozen=True, slots=True)
class CourseCompletion:
    """Whether a person completed a course, and criterion by criterion."""

    completed: bool
    aggregation: int
    criteria: tuple[CompletionCriterion, ...]

    @property
    def completed_at(self) -> datetime | None:
        """The latest moment among the criteria met, None unless the course is completed."""
        moments = [item.completed_at for item in self.criteria if item.completed_at is not None]
        return max(moments, default=None) if self.completed else None

    @classmethod
    def read(cls, record: Record) -> "CourseCompletion":
        """Read the whole answer."""
        status = record.child("completionstatus")
        return cls(
            completed=status.flag("completed"),
            aggregation=status.integer("aggregation"),
            criteria=tuple(CompletionCriterion.read(c) for c in status.children("completions")),
        )


@dataclass(frozen=True, slots=True)
class CompletionRule:
    """One condition of an activity ("completionsubmit"…) and whether it is met (1) or not (0)."""

    name: str
    status: int


@dataclass(frozen=True, slots=True)
class ActivityCompletion:
    """Completion of one activity.

    Attributes:
        state: 0 incomplete, 1 complete, 2 complete with a pass, 3 complete with a fail.
        tracking: 0 none, 1 by hand, 2 automatic.
        is_tracked_user: whether Moodle follows this person here (False for a trainer).
        override_by: id of the person who forced the state.
    """

    cmid: int
    module: str
    instance: int
    state: int
    completed_at: datetime | None
    tracking: int
    override_by: int | None
    is_tracked_user: bool | None
    is_overall_complete: bool | None
    rules: tuple[CompletionRule, ...]

    @classmethod
    def read(
        cls, record: Record, *, cmid: int, module: str, instance: int, tracking: int
    ) -> "ActivityCompletion":
        """Read a completion state that belongs to the activity described by the arguments."""
        return cls(
            cmid=cmid,
            module=module,
            instance=instance,
            state=record.integer("state"),
            completed_at=record.moment_or_none("timecompleted"),
            tracking=tracking,
            override_by=record.integer_or_none("overrideby"),
            is_tracked_user=record.flag_or_none("istrackeduser"),
            is_overall_complete=record.flag_or_none("isoverallcomplete"),
            rules=tuple(
                CompletionRule(item.text("rulename"), item.child("rulevalue").integer("status"))
                for item in record.children("details")
            ),
        )

    @classmethod
    def read_status(cls, record: Record) -> "ActivityCompletion":
        """Read one entry of `statuses`."""
        return cls.read(
            record,
            cmid=record.integer("cmid"),
            module=record.text("modname"),
            instance=record.integer("instance"),
            tracking=record.integer("tracking"),
        )

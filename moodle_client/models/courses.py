"""Courses, their categories, sections and activities."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from moodle_client.models.completion import ActivityCompletion
from moodle_client.models.record import Record

SITE_COURSE_ID = 1
"""The front page, which Moodle lists among the courses."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A person shown as contact of a course (usually its trainers)."""

    id: int
    fullname: str


@dataclass(frozen=True, slots=True)
class Course:
    """A course as `core_course_get_courses` and `…_by_field` give it; names without entities.

    Attributes:
        idnumber: None when Moodle does not tell (without `moodle/course:update`), "" when empty.
        visible: None when not told.
        category_name, contacts: only from `…_by_field`.
    """

    id: int
    shortname: str
    fullname: str
    category_id: int
    category_name: str | None
    idnumber: str | None
    visible: bool | None
    summary: str
    format: str
    starts_at: datetime | None
    ends_at: datetime | None
    language: str | None
    group_mode: int | None
    shows_grades: bool | None
    completion_enabled: bool | None
    contacts: tuple[Contact, ...]

    @property
    def is_site(self) -> bool:
        """Whether it is the front page, not a course."""
        return self.id == SITE_COURSE_ID

    @classmethod
    def read(cls, record: Record) -> "Course":
        """Read one course."""
        return cls(
            id=record.integer("id"),
            shortname=record.escaped_name("shortname"),
            fullname=record.escaped_name("fullname"),
            category_id=record.integer("categoryid"),
            category_name=record.escaped_name_or_none("categoryname"),
            idnumber=record.text_or_none("idnumber"),
            visible=record.flag_or_none("visible"),
            summary=record.text("summary"),
            format=record.text("format"),
            starts_at=record.moment_or_none("startdate"),
            ends_at=record.moment_or_none("enddate"),
            language=record.text_or_none("lang"),
            group_mode=record.integer_or_none("groupmode"),
            shows_grades=record.flag_or_none("showgrades"),
            completion_enabled=record.flag_or_none("enablecompletion"),
            contacts=tuple(
                Contact(item.integer("id"), item.name("fullname"))
                for item in record.children("contacts")
            ),
        )


@dataclass(frozen=True, slots=True)
class UserCourse:
    """A course as seen from one person who is enrolled in it.

    Attributes:
        progress: percentage of completed activities, None when completion is off.
    """

    id: int
    shortname: str
    fullname: str
    idnumber: str
    category_id: int | None
    visible: bool
    enrolled_count: int | None
    progress: Decimal | None
    completed: bool | None
    has_criteria: bool | None
    last_access_at: datetime | None

    @classmethod
    def read(cls, record: Record) -> "UserCourse":
        """Read one course of `core_enrol_get_users_courses`."""
        return cls(
            id=record.integer("id"),
            shortname=record.escaped_name("shortname"),
            fullname=record.escaped_name("fullname"),
            idnumber=record.text("idnumber"),
            category_id=record.integer_or_none("category"),
            visible=record.flag("visible"),
            enrolled_count=record.integer_or_none("enrolledusercount"),
            progress=record.decimal_or_none("progress"),
            completed=record.flag_or_none("completed"),
            has_criteria=record.flag_or_none("completionhascriteria"),
            last_access_at=record.moment_or_none("lastaccess"),
        )


@dataclass(frozen=True, slots=True)
class Category:
    """A course category; `idnumber` is None unless the account may manage categories."""

    id: int
    name: str
    parent_id: int
    idnumber: str | None
    course_count: int
    path: str

    @classmethod
    def read(cls, record: Record) -> "Category":
        """Read one category."""
        return cls(
            id=record.integer("id"),
            name=record.escaped_name("name"),
            parent_id=record.integer("parent"),
            idnumber=record.text_or_none("idnumber"),
            course_count=record.integer("coursecount"),
            path=record.text("path"),
        )


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity of a course; `completion` is the account's own, None when not tracked."""

    cmid: int
    name: str
    module: str
    instance: int
    visible: bool
    url: str | None
    completion: ActivityCompletion | None

    @classmethod
    def read(cls, record: Record) -> "Activity":
        """Read one entry of `modules`."""
        return cls(
            cmid=record.integer("id"),
            name=record.escaped_name("name"),
            module=record.text("modname"),
            instance=record.integer("instance"),
            visible=record.flag("visible"),
            url=record.text_or_none("url"),
            completion=_completion(record),
        )


def _completion(record: Record) -> ActivityCompletion | None:
    data = record.child_or_none("completiondata")
    if data is None:
        return None
    return ActivityCompletion.read(
        data,
        cmid=record.integer("id"),
        module=record.text("modname"),
        instance=record.integer("instance"),
        tracking=record.integer("completion"),
    )


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a course and its activities, in order."""

    id: int
    number: int
    name: str
    visible: bool
    activities: tuple[Activity, ...]

    @classmethod
    def read(cls, record: Record) -> "Section":
        """Read one section of `core_course_get_contents`."""
        return cls(
            id=record.integer("id"),
            number=record.integer("section"),
            name=record.escaped_name("name"),
            visible=record.flag("visible"),
            activities=tuple(Activity.read(item) for item in record.children("modules")),
        )

"""The gradebook, said exactly: Decimal or None, and flags that may be unknown."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from moodle_client.models.record import Record
from moodle_client.text import plain_text


@dataclass(frozen=True, slots=True)
class GradeItem:
    """One column of the gradebook for one person.

    A flag that is None is unknown, not false. `hidden` comes before `final`: without
    `moodle/grade:viewhidden` a hidden grade has `final` None and is not missing.

    Attributes:
        name: None for category totals and the course total.
        type: "mod", "manual", "category" or "course".
        module: "assign", "quiz", "lti"… for type "mod".
        instance: the activity's number, or the category's for a total.
        idnumber: "" or None when there is none.
        final: the final grade, overrides included (Moodle calls it `graderaw`), rounded by Moodle
            to 5 decimals; for a scale, the rank of the level from 1. None: no grade to be seen.
        minimum, maximum: bounds for this person; a total's maximum differs between people.
        weight: share of the total, 0 to 1; None when not shown.
        hidden: at this moment, by hand or until a date.
        item_locked: the column; `locked`: this person's grade.
        needs_update: the value is being recalculated and is not to be believed.
        status: how the item counts ("novalue", "dropped", "extra"…), None when normally. It says
            nothing about whether there is a grade.
        displayed: the text shown to people, in the site's language, without markup: the label of
            a scale level stands only here. Never a number to be read.
        graded_at: for totals, the moment of the last recalculation.
    """

    id: int
    name: str | None
    type: str
    module: str | None
    instance: int | None
    number: int | None
    idnumber: str | None
    category_id: int | None
    cmid: int | None
    outcome_id: int | None
    final: Decimal | None
    minimum: Decimal | None
    maximum: Decimal | None
    weight: Decimal | None
    hidden: bool | None
    hidden_by_date: bool | None
    item_locked: bool | None
    locked: bool | None
    overridden: bool | None
    needs_update: bool | None
    status: str | None
    displayed: str
    letter: str | None
    feedback: str
    graded_at: datetime | None
    submitted_at: datetime | None

    @property
    def is_course_total(self) -> bool:
        """Whether it is the course total."""
        return self.type == "course"

    @classmethod
    def read(cls, record: Record) -> "GradeItem":
        """Read one entry of `gradeitems`.

        `scaleid` is not read: Moodle fills it with the outcome's number.
        """
        return cls(
            id=record.integer("id"),
            name=record.name_or_none("itemname"),
            type=record.text("itemtype"),
            module=record.text_or_none("itemmodule"),
            instance=record.integer_or_none("iteminstance"),
            number=record.integer_or_none("itemnumber"),
            idnumber=record.text_or_none("idnumber"),
            category_id=record.integer_or_none("categoryid"),
            cmid=record.integer_or_none("cmid"),
            outcome_id=record.integer_or_none("outcomeid"),
            final=record.decimal_or_none("graderaw"),
            minimum=record.decimal_or_none("grademin"),
            maximum=record.decimal_or_none("grademax"),
            weight=record.decimal_or_none("weightraw"),
            hidden=record.flag_or_none("gradeishidden"),
            hidden_by_date=record.flag_or_none("gradehiddenbydate"),
            item_locked=record.flag_or_none("locked"),
            locked=record.flag_or_none("gradeislocked"),
            overridden=record.flag_or_none("gradeisoverridden"),
            needs_update=record.flag_or_none("gradeneedsupdate"),
            status=record.text_or_none("status"),
            displayed=plain_text(record.text_or_none("gradeformatted") or ""),
            letter=record.text_or_none("lettergradeformatted"),
            feedback=record.text_or_none("feedback") or "",
            graded_at=record.moment_or_none("gradedategraded"),
            submitted_at=record.moment_or_none("gradedatesubmitted"),
        )


@dataclass(frozen=True, slots=True)
class UserGrades:
    """The gradebook of one person in one course, in the order of the gradebook.

    Attributes:
        course_idnumber, user_idnumber: "" when there is none.
    """

    course_id: int
    course_idnumber: str
    user_id: int
    user_fullname: str
    user_idnumber: str
    items: tuple[GradeItem, ...]

    @property
    def course_total(self) -> GradeItem | None:
        """The course total; None when it is not shown to the account."""
        return next((item for item in self.items if item.is_course_total), None)

    @classmethod
    def read(cls, record: Record) -> "UserGrades":
        """Read one entry of `usergrades`."""
        return cls(
            course_id=record.integer("courseid"),
            course_idnumber=record.text_or_none("courseidnumber") or "",
            user_id=record.integer("userid"),
            user_fullname=record.name("userfullname"),
            user_idnumber=record.text_or_none("useridnumber") or "",
            items=tuple(GradeItem.read(item) for item in record.children("gradeitems")),
        )


@dataclass(frozen=True, slots=True)
class CourseGrade:
    """The total of one person in one course; `final` is None when there is none to be seen."""

    course_id: int
    final: Decimal | None
    displayed: str

    @classmethod
    def read(cls, record: Record) -> "CourseGrade":
        """Read one entry of `gradereport_overview_get_course_grades`."""
        return cls(
            course_id=record.integer("courseid"),
            final=record.decimal_or_none("rawgrade"),
            displayed=plain_text(record.text_or_none("grade") or ""),
        )

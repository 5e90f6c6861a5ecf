"""Everything that the demo's Moodle holds, and the questions asked of it.

``seed.py`` fills a world; the tests fill another one from the recordings. Who may see what is decided
by those who ask (web services, pages, LTI services), from ``capabilities``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from lti_tool.demo.moodle.competencies import CompetencyBook
from lti_tool.demo.moodle.completion import CompletionBook
from lti_tool.demo.moodle.courses import Activity, Category, Cohort, Course, Enrolment, Group
from lti_tool.demo.moodle.gradebook.items import Grade, GradeCategory, GradeItem
from lti_tool.demo.moodle.gradebook.totals import Gradebook
from lti_tool.demo.moodle.people import (
    COURSE_VIEW,
    MANAGER,
    SERVICE_CAPABILITIES,
    Person,
    sort_key,
)

SITE_COURSE = 1


@dataclass(slots=True)
class World:
    """People, courses and grades of one site."""

    sitename: str
    shortname: str
    people: dict[int, Person] = field(default_factory=dict)
    categories: list[Category] = field(default_factory=list)
    courses: dict[int, Course] = field(default_factory=dict)
    activities: list[Activity] = field(default_factory=list)
    enrolments: list[Enrolment] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    cohorts: list[Cohort] = field(default_factory=list)
    grade_categories: list[GradeCategory] = field(default_factory=list)
    grade_items: list[GradeItem] = field(default_factory=list)
    grades: dict[tuple[int, int], Grade] = field(default_factory=dict)
    completion: CompletionBook = field(default_factory=CompletionBook)
    competencies: CompetencyBook = field(default_factory=CompetencyBook)
    last_course_access: dict[tuple[int, int], int] = field(default_factory=dict)
    """By course and person."""
    tool_types: dict[int, dict[str, Any]] = field(default_factory=dict)
    """External tools that registered themselves, by number."""

    def person_named(self, username: str) -> Person:
        """Return the account with this login.

        Raises:
            KeyError: there is none.
        """
        for person in self.people.values():
            if person.username == username:
                return person
        raise KeyError(username)

    def course_with_idnumber(self, idnumber: str) -> Course:
        """Return the course with this idnumber.

        Raises:
            KeyError: there is none.
        """
        for course in self.courses.values():
            if course.idnumber == idnumber:
                return course
        raise KeyError(idnumber)

    def courses_of_site(self) -> list[Course]:
        """Return the courses, by number, the front page first."""
        return sorted(self.courses.values(), key=lambda course: course.id)

    def activities_of(self, course: int) -> list[Activity]:
        """Return the activities of a course in its order."""
        return [activity for activity in self.activities if activity.course == course]

    def activity(self, cmid: int) -> Activity | None:
        """Return one activity."""
        return next((one for one in self.activities if one.cmid == cmid), None)

    def tool_activity(self, instance: int) -> Activity | None:
        """Return the external-tool activity with this instance (LTI: resource link) number."""
        return next(
            (one for one in self.activities if one.modname == "lti" and one.instance == instance),
            None,
        )

    def enrolments_in(self, course: int) -> list[Enrolment]:
        """Return who is in a course, by number of person, suspended ones included."""
        mine = [enrolment for enrolment in self.enrolments if enrolment.course == course]
        return sorted(mine, key=lambda enrolment: enrolment.person)

    def enrolment(self, course: int, person: int) -> Enrolment | None:
        """Return the enrolment of someone in a course."""
        return next(
            (one for one in self.enrolments if one.course == course and one.person == person), None
        )

    def courses_of(self, person: int, moment: int) -> list[Course]:
        """Return the courses where someone is actively enrolled, in the order of the site."""
        mine = [
            self.courses[enrolment.course]
            for enrolment in self.enrolments
            if enrolment.person == person and enrolment.is_active(moment)
        ]
        return sorted(mine, key=lambda course: (not course.visible, course.sortorder))

    def groups_of(self, course: int, person: int | None = None) -> list[Group]:
        """Return the groups of a course, by name; those of one person if given."""
        mine = [
            group
            for group in self.groups
            if group.course == course and (person is None or person in group.members)
        ]
        return sorted(mine, key=lambda group: group.name)

    def teachers(self, course: int) -> list[Person]:
        """Return the people whom a course lists as contacts."""
        found = [
            self.people[enrolment.person]
            for enrolment in self.enrolments_in(course)
            if enrolment.role.shortname == "editingteacher"
        ]
        return sorted(found, key=sort_key)

    def capabilities(self, person: Person, course: int | None, moment: int) -> frozenset[str]:
        """Return what someone may do: on the site, and in a course when one is given."""
        held = frozenset(person.capabilities)
        if person.admin:
            held |= MANAGER.capabilities | SERVICE_CAPABILITIES
        if person.site_role:
            held |= person.site_role.capabilities
        enrolment = self.enrolment(course, person.id) if course else None
        if enrolment and enrolment.is_active(moment):
            held |= enrolment.role.capabilities
        return held

    def may_enter(self, person: Person, course: Course, moment: int) -> bool:
        """Whether someone may open a course."""
        held = self.capabilities(person, course.id, moment)
        if not course.visible and "moodle/course:viewhiddencourses" not in held:
            return False
        enrolment = self.enrolment(course.id, person.id)
        enrolled = enrolment is not None and enrolment.is_active(moment)
        return enrolled or COURSE_VIEW in held or course.id == SITE_COURSE

    def gradebook(self, course: int) -> Gradebook:
        """Return the gradebook of a course."""
        return Gradebook(
            [item for item in self.grade_items if item.course == course],
            [category for category in self.grade_categories if category.course == course],
            self.grades,
        )

    def keep_records(self, course: int, person: int) -> None:
        """Give someone an empty record in each item of a course, as Moodle's recalculation does."""
        for item in self.grade_items:
            if item.course == course and item.takes_grades:
                empty = Grade(item.id, person, feedback_format=2)
                self.grades.setdefault((item.id, person), empty)

    def item(self, number: int) -> GradeItem | None:
        """Return one grade item."""
        return next((item for item in self.grade_items if item.id == number), None)

    def course_total(self, course: int, person: int) -> Decimal | None:
        """Return someone's course total, without regard to what is hidden."""
        cells = self.gradebook(course).cells(person)
        return next((cell.value for cell in cells if cell.item.kind == "course"), None)

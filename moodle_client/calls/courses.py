"""Courses, categories and what courses contain."""

from collections.abc import Sequence
from typing import Literal

from moodle_client.calls.base import Calls, in_chunks
from moodle_client.functions import Function
from moodle_client.models.courses import Category, Course, Section
from moodle_client.transport.form import Value

CourseField = Literal["id", "ids", "shortname", "idnumber", "category"]


class CourseCalls(Calls):
    """Courses and categories."""

    def get_courses(self, course_ids: Sequence[int] | None = None) -> list[Course]:
        """List courses, the front page (id 1) included when no ids are given.

        Fails as a whole when one course cannot be seen; `get_courses_by_field` then gives the
        others. `idnumber` is told only to accounts with `moodle/course:update`.

        Raises:
            CourseInaccessible: one of the courses cannot be seen (`course:viewhiddencourses`).

        :calls: core_course_get_courses
        """
        if course_ids is None:
            return [Course.read(item) for item in self._records(Function.COURSES, {})]
        return [
            Course.read(item)
            for chunk in in_chunks(course_ids)
            for item in self._records(Function.COURSES, {"options": {"ids": chunk}})
        ]

    def get_courses_by_field(
        self, field: CourseField | None = None, value: str = ""
    ) -> list[Course]:
        """List courses that have this value in this field; all courses when no field is named.

        Courses that cannot be seen are left out without a word; no match gives an empty list.

        Args:
            field: `ids` takes several ids separated by commas.
            value: the text looked for; empty, it finds the courses where the field is empty.

        :calls: core_course_get_courses_by_field
        """
        sent = {} if field is None else {"field": field, "value": value}
        answer = self._record(Function.COURSES_BY_FIELD, sent)
        return [Course.read(item) for item in answer.children("courses")]

    def find_courses(self, idnumber: str) -> list[Course]:
        """List the courses of this idnumber; never all courses, even when the text is empty.

        The idnumber is matched by Moodle even where the account may not read it.

        :calls: core_course_get_courses_by_field
        """
        return self.get_courses_by_field("idnumber", idnumber) if idnumber else []

    def get_categories(self, idnumber: str | None = None) -> list[Category]:
        """List course categories.

        Args:
            idnumber: only the category of this idnumber; needs `moodle/category:manage`.

        :calls: core_course_get_categories
        """
        parameters: dict[str, Value] = {}
        if idnumber is not None:
            parameters["criteria"] = [{"key": "idnumber", "value": idnumber}]
        return [Category.read(item) for item in self._records(Function.CATEGORIES, parameters)]

    def get_course_contents(
        self, course_id: int, *, module: str | None = None, exclude_files: bool = False
    ) -> list[Section]:
        """List sections and their activities.

        Args:
            course_id: the course.
            module: only activities of this type ("assign", "quiz", "lti"…).
            exclude_files: leave out the list of files, which this client does not keep.

        :calls: core_course_get_contents
        """
        options: list[Value] = []
        if exclude_files:
            options.append({"name": "excludecontents", "value": 1})
        if module is not None:
            options.append({"name": "modname", "value": module})
        answer = self._records(
            Function.COURSE_CONTENTS, {"courseid": course_id, "options": options}
        )
        return [Section.read(item) for item in answer]

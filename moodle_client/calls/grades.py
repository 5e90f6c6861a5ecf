"""The gradebook."""

from collections.abc import Iterator

from moodle_client.calls.base import Calls
from moodle_client.errors import InvalidParameter
from moodle_client.functions import Function
from moodle_client.models.gradebook import GradeItemName, GradeNode, GradesTable
from moodle_client.models.grades import CourseGrade, UserGrades
from moodle_client.models.record import Record


class GradeCalls(Calls):
    """Grades of courses and of people."""

    def get_grade_items(
        self,
        course_id: int,
        user_id: int | None = None,
        group_id: int | None = None,
        *,
        timeout: float | None = None,
    ) -> list[UserGrades]:
        """Read the gradebook of one person, or of the active learners of a course or a group.

        Costs Moodle about 30 ms a learner for a whole course (60 s for 2,000, where most web
        servers give up) and 60 ms for one learner; each call recalculates what is out of date.
        Without `user_id`, suspended enrolments are left out: absent is not ungraded. With it,
        Moodle answers for anyone, even a person who is not enrolled (all grades None).

        Raises:
            UserDeleted, UserSuspended, NotFound: the person cannot be read; earlier values stand.
            MissingCapability: rights on grades, or on all groups.

        :calls: gradereport_user_get_grade_items
        """
        if user_id == 0:
            raise InvalidParameter(wsfunction=Function.GRADE_ITEMS, reason="user_id")
        answer = self._record(
            Function.GRADE_ITEMS,
            {"courseid": course_id, "userid": user_id, "groupid": group_id},
            timeout,
        )
        return [UserGrades.read(item) for item in answer.children("usergrades")]

    def iterate_grade_items(
        self, course_id: int, group_id: int | None = None, *, timeout: float | None = None
    ) -> Iterator[UserGrades]:
        """Give the gradebook of a course or of a group, learner by learner, never whole in memory.

        Costs what `get_grade_items` says. The call is made now, and never repeated: one that died
        of its length would die again. The learners given before an error are sound.

        Raises:
            MoodleTimeout, ServerFailure, TruncatedAnswer: possibly too long for the site: ask for
                less at once.
            MissingCapability: rights on grades, or on all groups.

        :calls: gradereport_user_get_grade_items
        """
        items = self._transport.stream(
            Function.GRADE_ITEMS,
            {"courseid": course_id, "userid": None, "groupid": group_id},
            "usergrades",
            timeout=timeout,
        )
        return (UserGrades.read(Record(item, Function.GRADE_ITEMS)) for item in items)

    def get_grades_table(self, course_id: int, user_id: int) -> list[GradesTable]:
        """Read the gradebook of one person as Moodle draws it, for people.

        :calls: gradereport_user_get_grades_table
        """
        answer = self._record(Function.GRADES_TABLE, {"courseid": course_id, "userid": user_id})
        return [GradesTable.read(item) for item in answer.children("tables")]

    def get_course_grades(self, user_id: int) -> list[CourseGrade]:
        """List the course totals of one person, as stored (nothing is recalculated).

        :calls: gradereport_overview_get_course_grades
        """
        answer = self._record(Function.COURSE_GRADES, {"userid": user_id})
        return [CourseGrade.read(item) for item in answer.children("grades")]

    def get_grade_tree(self, course_id: int) -> GradeNode:
        """Read grade categories (the only source of their names) and items, all of them.

        :calls: core_grades_get_grade_tree
        """
        answer = self.call(Function.GRADE_TREE, {"courseid": course_id})
        return GradeNode.read_text(answer, Function.GRADE_TREE)

    def get_grade_item_names(self, course_id: int) -> list[GradeItemName]:
        """List grade items with the name of their category.

        :calls: core_grades_get_gradeitems
        """
        answer = self._record(Function.GRADE_ITEM_NAMES, {"courseid": course_id})
        return [GradeItemName.read(item) for item in answer.children("gradeItems")]

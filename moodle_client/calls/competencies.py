"""Moodle's own competencies and learning plans."""

from moodle_client.calls.base import Calls
from moodle_client.calls.cohorts import SYSTEM_CONTEXT_ID
from moodle_client.functions import Function
from moodle_client.models.competencies import (
    Competency,
    CompetencyFramework,
    CourseCompetencies,
    CourseCompetencyRating,
    LearningPlan,
    PlanCompetency,
)
from moodle_client.transport.form import Value


class CompetencyCalls(Calls):
    """Frameworks, competencies, plans and ratings."""

    def list_competency_frameworks(self) -> list[CompetencyFramework]:
        """List the visible frameworks of the site, by short name.

        :calls: core_competency_list_competency_frameworks
        """
        # An empty `sort` would be a database error.
        parameters: dict[str, Value] = {
            "sort": "shortname",
            "order": "ASC",
            "skip": 0,
            "limit": 0,
            "context": {"contextid": SYSTEM_CONTEXT_ID},
            "includes": "children",
            "onlyvisible": 1,
            "query": "",
        }
        answer = self._records(Function.COMPETENCY_FRAMEWORKS, parameters)
        return [CompetencyFramework.read(item) for item in answer]

    def list_competencies(self, framework_id: int) -> list[Competency]:
        """List the competencies of a framework.

        :calls: core_competency_list_competencies
        """
        parameters: dict[str, Value] = {
            "filters": [{"column": "competencyframeworkid", "value": framework_id}],
            "sort": "",
            "order": "",
            "skip": 0,
            "limit": 0,
        }
        answer = self._records(Function.COMPETENCIES, parameters)
        return [Competency.read(item) for item in answer]

    def read_competency(self, competency_id: int) -> Competency:
        """Read one competency.

        :calls: core_competency_read_competency
        """
        return Competency.read(self._record(Function.COMPETENCY, {"id": competency_id}))

    def list_course_competencies(self, course_id: int) -> list[Competency]:
        """List the competencies linked to a course.

        :calls: core_competency_list_course_competencies
        """
        answer = self._records(Function.COURSE_COMPETENCIES, {"id": course_id})
        return [Competency.read_inner(item) for item in answer]

    def get_course_competencies_page(self, course_id: int) -> CourseCompetencies:
        """Read the competencies of a course with the share that people master.

        :calls: tool_lp_data_for_course_competencies_page
        """
        parameters = {"courseid": course_id, "moduleid": 0}
        answer = self._record(Function.COURSE_COMPETENCIES_PAGE, parameters)
        return CourseCompetencies.read(answer)

    def list_user_plans(self, user_id: int) -> list[LearningPlan]:
        """List the learning plans of one person.

        :calls: core_competency_list_user_plans
        """
        answer = self._records(Function.USER_PLANS, {"userid": user_id})
        return [LearningPlan.read(item) for item in answer]

    def get_plans_page(self, user_id: int) -> list[LearningPlan]:
        """List the learning plans of one person, as the plans page shows them.

        :calls: tool_lp_data_for_plans_page
        """
        answer = self._record(Function.PLANS_PAGE, {"userid": user_id})
        return [LearningPlan.read(item) for item in answer.children("plans")]

    def list_plan_competencies(self, plan_id: int) -> list[PlanCompetency]:
        """List the competencies of a plan with their ratings.

        :calls: core_competency_list_plan_competencies
        """
        answer = self._records(Function.PLAN_COMPETENCIES, {"id": plan_id})
        return [PlanCompetency.read(item) for item in answer]

    def get_user_competency_in_course(
        self, user_id: int, competency_id: int, course_id: int
    ) -> CourseCompetencyRating:
        """Read the rating of one competency for one person in a course, and its evidence.

        :calls: tool_lp_data_for_user_competency_summary_in_course
        """
        parameters = {"userid": user_id, "competencyid": competency_id, "courseid": course_id}
        answer = self._record(Function.USER_COMPETENCY_IN_COURSE, parameters)
        return CourseCompetencyRating.read(answer)

"""Completion, one person at a time: Moodle has no function for a whole course."""

from moodle_client.calls.base import Calls
from moodle_client.functions import Function
from moodle_client.models.completion import ActivityCompletion, CourseCompletion


class CompletionCalls(Calls):
    """Completion of courses and activities."""

    def get_course_completion_status(self, course_id: int, user_id: int) -> CourseCompletion:
        """Tell whether a person completed a course, criterion by criterion.

        Raises:
            NoCriteria: the course has no criteria: completion is unknown, not false.
            NotEnrolled: no active enrolment (a suspended one gives this too).
            MissingCapability: without `report/completion:view`.

        :calls: core_completion_get_course_completion_status
        """
        parameters = {"courseid": course_id, "userid": user_id}
        return CourseCompletion.read(self._record(Function.COURSE_COMPLETION, parameters))

    def get_activities_completion_status(
        self, course_id: int, user_id: int
    ) -> list[ActivityCompletion]:
        """List the activities of a course that have completion, and their state for a person.

        Answers for people who are not enrolled too.

        :calls: core_completion_get_activities_completion_status
        """
        parameters = {"courseid": course_id, "userid": user_id}
        answer = self._record(Function.ACTIVITIES_COMPLETION, parameters)
        return [ActivityCompletion.read_status(item) for item in answer.children("statuses")]

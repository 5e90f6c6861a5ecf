"""Assignments, and the calendar that shows their dates."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from moodle_client.calls.base import Calls, in_chunks
from moodle_client.functions import Function
from moodle_client.models.assignments import (
    AssignmentGrades,
    AssignmentSubmissions,
    CourseAssignments,
)
from moodle_client.models.calendar import CalendarEvent
from moodle_client.models.listing import Listing
from moodle_client.models.record import Record
from moodle_client.transport.form import Value

T = TypeVar("T")


class AssignmentCalls(Calls):
    """Assignments with their grades and submissions, and calendar events.

    These functions leave out what cannot be read and say so in `Listing.warnings`.
    """

    def get_assignments(self, course_ids: Sequence[int]) -> Listing[CourseAssignments]:
        """List the assignments of courses, whether or not the account is enrolled there.

        :calls: mod_assign_get_assignments
        """
        return self._listing(
            Function.ASSIGNMENTS,
            "courseids",
            course_ids,
            {"includenotenrolledcourses": 1},
            ("courses", CourseAssignments.read),
        )

    def get_assignment_grades(
        self, assignment_ids: Sequence[int], since: datetime | None = None
    ) -> Listing[AssignmentGrades]:
        """List the grades given inside assignments: not those of the gradebook.

        Args:
            assignment_ids: the assignments.
            since: only grades changed after this moment.

        Warning 1 means no right to read, 3 no grades.

        :calls: mod_assign_get_grades
        """
        return self._listing(
            Function.ASSIGNMENT_GRADES,
            "assignmentids",
            assignment_ids,
            {"since": _seconds(since)},
            ("assignments", AssignmentGrades.read),
        )

    def get_submissions(
        self, assignment_ids: Sequence[int], since: datetime | None = None
    ) -> Listing[AssignmentSubmissions]:
        """List submissions, without their content.

        :calls: mod_assign_get_submissions
        """
        return self._listing(
            Function.SUBMISSIONS,
            "assignmentids",
            assignment_ids,
            {"since": _seconds(since)},
            ("assignments", AssignmentSubmissions.read),
        )

    def get_calendar_events(
        self, course_ids: Sequence[int], *, start: datetime, end: datetime
    ) -> Listing[CalendarEvent]:
        """List the events of courses and of the site between two moments.

        :calls: core_calendar_get_calendar_events
        """
        options: dict[str, Value] = {
            "userevents": 0,
            "siteevents": 1,
            "timestart": _seconds(start),
            "timeend": _seconds(end),
            "ignorehidden": 1,
        }
        parameters: dict[str, Value] = {
            "events": {"courseids": list(course_ids)},
            "options": options,
        }
        answer = self._record(Function.CALENDAR_EVENTS, parameters)
        return Listing.read(answer, "events", CalendarEvent.read)

    def _listing(
        self,
        function: Function,
        name: str,
        ids: Sequence[int],
        others: dict[str, Value],
        reading: tuple[str, Callable[[Record], T]],
    ) -> Listing[T]:
        found: Listing[T] = Listing(())
        for chunk in in_chunks(ids):
            found += Listing.read(self._record(function, {name: chunk, **others}), *reading)
        return found


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())

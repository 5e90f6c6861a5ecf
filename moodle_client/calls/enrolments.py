"""Who is enrolled where."""

from collections.abc import Iterator, Sequence

from moodle_client.calls.base import Calls
from moodle_client.errors import InvalidParameter
from moodle_client.functions import Function
from moodle_client.models.courses import UserCourse
from moodle_client.models.people import EnrolledUser
from moodle_client.transport.form import Value


class EnrolmentCalls(Calls):
    """Enrolments, by course and by person."""

    def get_enrolled_users(
        self,
        course_id: int,
        *,
        fields: Sequence[str] | None = None,
        group_id: int | None = None,
        only_active: bool = False,
        only_suspended: bool = False,
        page_size: int | None = 500,
    ) -> Iterator[EnrolledUser]:
        """Give the people enrolled in a course, page after page, in the order of their ids.

        Nothing in a record tells whether the enrolment is active: compare with a second reading
        with `only_suspended` (which holds suspended, expired and future enrolments).

        Args:
            course_id: the course.
            fields: Moodle's names of the fields wanted (`id`, `fullname`, `idnumber`, `roles`,
                `groups`…); None asks for all, three times slower in a big course.
            group_id: only this group.
            only_active: only enrolments in force now; needs `moodle/course:enrolreview`.
            only_suspended: only enrolments not in force; the same.
            page_size: people per call; None asks for all at once.

        Raises:
            MissingCapability: without `enrolreview` (or without it for the two options).

        :calls: core_enrol_get_enrolled_users
        """
        if only_active and only_suspended:
            raise InvalidParameter(wsfunction=Function.ENROLLED_USERS, reason="contradiction")
        options: list[Value] = []
        for name, wanted in (("onlyactive", only_active), ("onlysuspended", only_suspended)):
            if wanted:
                options.append({"name": name, "value": 1})
        if group_id is not None:
            options.append({"name": "groupid", "value": group_id})
        if fields is not None:
            options.append({"name": "userfields", "value": ",".join(fields)})
        return self._enrolled(course_id, options, page_size)

    def get_users_courses(self, user_id: int) -> list[UserCourse]:
        """List the courses where a person is actively enrolled, with their idnumbers.

        Empty without `moodle/course:enrolreview`.

        :calls: core_enrol_get_users_courses
        """
        answer = self._records(Function.USERS_COURSES, {"userid": user_id})
        return [UserCourse.read(item) for item in answer]

    def _enrolled(
        self, course_id: int, options: list[Value], page_size: int | None
    ) -> Iterator[EnrolledUser]:
        if page_size is None:
            yield from self._enrolled_page(course_id, options)
            return
        start, seen = 0, set[int]()
        while True:
            page = self._enrolled_page(course_id, [*_page(start, page_size), *options])
            # Someone who enrols between two pages shifts the following ones: say nobody twice.
            fresh = [user for user in page if user.id not in seen]
            yield from fresh
            seen.update(user.id for user in fresh)
            # A site that ignores the page asked for would repeat the first one for ever.
            if len(page) < page_size or not fresh:
                return
            start += page_size

    def _enrolled_page(self, course_id: int, options: list[Value]) -> list[EnrolledUser]:
        parameters: dict[str, Value] = {"courseid": course_id, "options": options}
        return [
            EnrolledUser.read(item) for item in self._records(Function.ENROLLED_USERS, parameters)
        ]


def _page(start: int, size: int) -> list[Value]:
    return [
        {"name": "limitfrom", "value": start},
        {"name": "limitnumber", "value": size},
        {"name": "sortby", "value": "id"},
        {"name": "sortdirection", "value": "ASC"},
    ]

"""Cohorts of the site and groups of courses."""

from collections.abc import Iterator, Sequence

from moodle_client.calls.base import Calls, in_chunks
from moodle_client.errors import NotFound
from moodle_client.functions import Function
from moodle_client.models.cohorts import Cohort, CohortMembers, Group, GroupMembers
from moodle_client.transport.form import Value

SYSTEM_CONTEXT_ID = 1
"""The context of the whole site."""


class CohortCalls(Calls):
    """Cohorts and groups, with their members."""

    def get_cohorts(self, cohort_ids: Sequence[int] | None = None) -> list[Cohort]:
        """List cohorts, all those that can be seen when no ids are given.

        :calls: core_cohort_get_cohorts
        """
        if cohort_ids is None:
            return [Cohort.read(item) for item in self._records(Function.COHORTS, {})]
        return [
            Cohort.read(item)
            for chunk in in_chunks(cohort_ids)
            for item in self._records(Function.COHORTS, {"cohortids": chunk})
        ]

    def search_cohorts(
        self, query: str = "", *, includes: str = "all", page_size: int = 100
    ) -> Iterator[Cohort]:
        """Give the cohorts whose name, idnumber or description holds a text, page after page.

        Args:
            query: the text; all cohorts when empty.
            includes: `self` for cohorts of the whole site, `all` for those of categories too.
            page_size: cohorts per call.

        :calls: core_cohort_search_cohorts
        """
        start, seen = 0, set[int]()
        while True:
            parameters: dict[str, Value] = {
                "query": query,
                "context": {"contextid": SYSTEM_CONTEXT_ID},
                "includes": includes,
                "limitfrom": start,
                "limitnum": page_size,
            }
            answer = self._record(Function.SEARCH_COHORTS, parameters)
            page = [Cohort.read(item) for item in answer.children("cohorts")]
            fresh = [cohort for cohort in page if cohort.id not in seen]
            yield from fresh
            seen.update(cohort.id for cohort in fresh)
            if len(page) < page_size or not fresh:
                return
            start += page_size

    def get_cohort_members(
        self, cohort_ids: Sequence[int], *, skip_unknown: bool = False
    ) -> list[CohortMembers]:
        """List the user ids of cohorts.

        Moodle fails the whole call on one unknown cohort.

        Args:
            cohort_ids: the cohorts.
            skip_unknown: leave out the cohorts that no longer exist, found by halving the list.

        Raises:
            NotFound: a cohort does not exist, unless `skip_unknown`.

        :calls: core_cohort_get_cohort_members
        """
        members: list[CohortMembers] = []
        pending = list(in_chunks(cohort_ids))
        while pending:
            chunk = pending.pop(0)
            try:
                answer = self._records(Function.COHORT_MEMBERS, {"cohortids": chunk})
            except NotFound:
                if not skip_unknown:
                    raise
                middle = len(chunk) // 2
                pending[:0] = [half for half in (chunk[:middle], chunk[middle:]) if middle and half]
                continue
            members.extend(CohortMembers.read(item) for item in answer)
        return members

    def get_course_groups(self, course_id: int) -> list[Group]:
        """List the groups of a course; needs `moodle/course:managegroups`, though it only reads.

        :calls: core_group_get_course_groups
        """
        answer = self._records(Function.COURSE_GROUPS, {"courseid": course_id})
        return [Group.read(item) for item in answer]

    def get_group_members(self, group_ids: Sequence[int]) -> list[GroupMembers]:
        """List the user ids of groups.

        :calls: core_group_get_group_members
        """
        return [
            GroupMembers.read(item)
            for chunk in in_chunks(group_ids)
            for item in self._records(Function.GROUP_MEMBERS, {"groupids": chunk})
        ]

    def get_course_user_groups(self, course_id: int, user_id: int) -> list[Group]:
        """List the groups of one person in a course.

        :calls: core_group_get_course_user_groups
        """
        parameters = {"courseid": course_id, "userid": user_id}
        answer = self._record(Function.COURSE_USER_GROUPS, parameters)
        return [Group.read(item) for item in answer.children("groups")]

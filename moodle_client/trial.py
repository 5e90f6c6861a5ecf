"""The calls of a probe, one method for each kind of thing tried, and the findings they leave."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TypeVar

from moodle_client import errors
from moodle_client.client import MoodleClient
from moodle_client.findings import Finding, FindingCode
from moodle_client.functions import Function
from moodle_client.models.courses import Course
from moodle_client.models.people import EnrolledUser
from moodle_client.models.site import SiteInfo

T = TypeVar("T")

OLDEST_VERSION = 2022112800
"""Moodle 4.1: custom reports and the functions used here exist from there on."""

_SAMPLES = 5
_PEOPLE = 50
_STAFF = frozenset({"editingteacher", "teacher", "manager", "coursecreator"})
# Answers that prove the right to ask: the question itself had no object here.
_PROOFS = (errors.NoCriteria, errors.NotEnrolled)

# Findings that no call has to succeed for.
_OF_THE_SITE = frozenset(
    {
        FindingCode.OTHER_ADDRESS,
        FindingCode.OLD_VERSION,
        FindingCode.ADMIN_TOKEN,
        FindingCode.MISSING_FUNCTION,
    }
)


@dataclass(frozen=True, slots=True)
class Sample:
    """The course that a probe tries, and people enrolled there; None when they cannot be read."""

    course_id: int
    people: list[EnrolledUser] | None


class Trial:
    """The findings so far, and the functions that may still be called."""

    def __init__(self, client: MoodleClient, needed: frozenset[Function]) -> None:
        self.client = client
        self.needed = needed
        self.callable = frozenset({Function.SITE_INFO})
        self.findings: list[Finding] = []
        self.tried: list[Function] = []
        self.competency: int | None = None
        """A competency that the sample course works on."""

    def attempt(
        self,
        function: Function,
        call: Callable[[], T],
        otherwise: FindingCode = FindingCode.CALL_FAILED,
        suspects: tuple[str, ...] = (),
    ) -> T | None:
        """Make a call if the function is available, and note how it failed.

        Args:
            function, call: the function and the call.
            otherwise: the code of a failure that is not about rights.
            suspects: the capabilities to name, where the error alone would name others.
        """
        if function not in self.callable:
            return None
        self.tried.append(function)
        try:
            return call()
        except _PROOFS:
            return None
        except errors.MissingCapability as error:
            self.lacks(function, *(suspects or error.capabilities))
        except errors.SiteNotReady as error:
            self.note(FindingCode.NOT_READY, function, error=error)
        except errors.MoodleError as error:
            self.note(otherwise, function, error=error)
        return None

    def note(
        self,
        code: FindingCode,
        function: Function | None = None,
        capabilities: tuple[str, ...] = (),
        error: errors.MoodleError | None = None,
    ) -> None:
        """Add a finding."""
        self.findings.append(Finding(code, function, capabilities, error))

    def conclusion(self) -> tuple[Finding, ...]:
        """Return the findings.

        While the account is not ready (a policy to agree to, a password to change), Moodle's other
        answers to it are only what follows: whatever else was tried is left out.
        """
        not_ready = next((one for one in self.findings if one.code == FindingCode.NOT_READY), None)
        if not_ready is None:
            return tuple(self.findings)
        return (*(one for one in self.findings if one.code in _OF_THE_SITE), not_ready)

    def lacks(self, function: Function, *capabilities: str) -> None:
        """Add a missing capability."""
        self.note(FindingCode.MISSING_CAPABILITY, function, capabilities)

    def look_at_site(self, site: SiteInfo) -> None:
        """Compare the site information with what is needed."""
        if site.site_url.rstrip("/") != self.client.base_url:
            self.findings.append(Finding(FindingCode.OTHER_ADDRESS, address=site.site_url))
        if not site.version[:10].isdigit() or int(site.version[:10]) < OLDEST_VERSION:
            self.note(FindingCode.OLD_VERSION)
        if site.is_site_admin:
            self.note(FindingCode.ADMIN_TOKEN)
        for function in sorted(self.needed - site.functions):
            self.note(FindingCode.MISSING_FUNCTION, function, function.capabilities)
        self.callable = self.needed & site.functions

    def try_site_functions(self) -> None:
        """Try what needs neither course nor person."""
        self.attempt(Function.COHORTS, self.client.get_cohorts)
        self.attempt(Function.REPORTS, self.client.list_reports)
        self.attempt(Function.COMPETENCY_FRAMEWORKS, self.client.list_competency_frameworks)

    def list_courses(self) -> list[Course]:
        """List courses; when that fails as a whole, tell a hidden course from no right at all."""
        visible = self.attempt(Function.COURSES_BY_FIELD, self.client.get_courses_by_field) or []
        visible = [course for course in visible if not course.is_site]
        hidden = ("moodle/course:viewhiddencourses",) if visible else ()
        courses = self.attempt(
            Function.COURSES, self.client.get_courses, suspects=(*hidden, "moodle/course:view")
        )
        if courses is None:
            return visible
        return [course for course in courses if not course.is_site]

    def choose_sample(self, courses: list[Course], course_id: int | None) -> Sample | None:
        """Give a course and people enrolled there, preferably a course that shows a learner."""
        ids = [course_id] if course_id is not None else [course.id for course in courses]
        if not ids:
            self.note(FindingCode.NO_COURSE)
            return None
        for candidate in ids[:_SAMPLES]:
            people = self.attempt(Function.ENROLLED_USERS, partial(self._people, candidate))
            if people is None:
                return Sample(candidate, None)
            if any(_is_learner(person) for person in people):
                self._try_suspended(candidate)
                return Sample(candidate, people)
        return Sample(ids[0], [])

    def _try_suspended(self, course_id: int) -> None:
        # `viewparticipants` is enough to list people, but not to tell whose enrolment is suspended.
        suspended = partial(self._people, course_id, only_suspended=True)
        self.attempt(Function.ENROLLED_USERS, suspended)

    def _people(self, course_id: int, *, only_suspended: bool = False) -> list[EnrolledUser]:
        users = self.client.get_enrolled_users(
            course_id,
            fields=("id", "fullname", "idnumber", "roles"),
            only_suspended=only_suspended,
            page_size=_PEOPLE,
        )
        return list(islice(users, _PEOPLE))

    def choose_learner(self, people: list[EnrolledUser] | None) -> int | None:
        """Give a learner among these people, or say that nobody is to be seen."""
        if people is None:
            return None
        learner = next((person for person in people if _is_learner(person)), None)
        if learner is None:
            hidden_by = ("moodle/user:viewdetails", "moodle/site:accessallgroups")
            self.note(FindingCode.NO_LEARNER, Function.ENROLLED_USERS, hidden_by)
            return None
        if not any(person.idnumber for person in people):
            hidden_by = ("moodle/site:viewuseridentity", "moodle/user:viewalldetails")
            self.note(FindingCode.NO_IDNUMBER, Function.ENROLLED_USERS, hidden_by)
        return learner.id

    def try_course_functions(self, course_id: int) -> None:
        """Try what needs a course."""
        client = self.client
        self.attempt(Function.COURSE_GROUPS, lambda: client.get_course_groups(course_id))
        competencies = self.attempt(
            Function.COURSE_COMPETENCIES, lambda: client.list_course_competencies(course_id)
        )
        self.competency = next((one.id for one in competencies or ()), None)
        assignments = self.attempt(
            Function.ASSIGNMENTS, lambda: client.get_assignments([course_id])
        )
        ids = [a.id for course in assignments or () for a in course.assignments][:1]
        if ids:
            grades = self.attempt(
                Function.ASSIGNMENT_GRADES, lambda: client.get_assignment_grades(ids)
            )
            if grades is not None and any(warning.code == "1" for warning in grades.warnings):
                self.lacks(Function.ASSIGNMENT_GRADES, *Function.ASSIGNMENT_GRADES.capabilities)

    def try_learner_functions(self, course_id: int, user_id: int) -> None:
        """Try what needs a person in a course."""
        client = self.client
        found = self.attempt(
            Function.USERS_BY_FIELD, lambda: client.get_users_by_field("id", [user_id])
        )
        if found == []:
            self.lacks(Function.USERS_BY_FIELD, *Function.USERS_BY_FIELD.capabilities)
        self._try_grades(course_id, user_id)
        self.attempt(
            Function.COURSE_COMPLETION,
            lambda: client.get_course_completion_status(course_id, user_id),
        )
        self.attempt(
            Function.ACTIVITIES_COMPLETION,
            lambda: client.get_activities_completion_status(course_id, user_id),
        )
        self.attempt(Function.USER_PLANS, lambda: client.list_user_plans(user_id))
        if self.competency is not None:
            number = self.competency
            self.attempt(
                Function.USER_COMPETENCY_IN_COURSE,
                lambda: client.get_user_competency_in_course(user_id, number, course_id),
                suspects=("moodle/competency:planview",),
            )

    def _try_grades(self, course_id: int, user_id: int) -> None:
        client = self.client
        grades = self.attempt(
            Function.GRADE_ITEMS, lambda: client.get_grade_items(course_id, user_id)
        )
        if not grades:
            return
        items = grades[0].items
        # Moodle tells whether a grade is locked only to those who may see everyone's grades.
        if items and all(item.locked is None for item in items):
            self.lacks(Function.GRADE_ITEMS, "moodle/grade:viewall")
        tree = self.attempt(Function.GRADE_TREE, lambda: client.get_grade_tree(course_id))
        if tree is None:
            return
        existing = {node.id for node in tree.walk() if not node.is_category}
        if existing - {item.id for item in items}:
            hidden_by = ("moodle/grade:viewhidden", "moodle/course:viewhiddenactivities")
            modules = tuple(f"mod/{name}:view" for name in ("assign", "quiz", "lti"))
            self.note(FindingCode.ITEMS_LEFT_OUT, Function.GRADE_ITEMS, hidden_by + modules)


def _is_learner(person: EnrolledUser) -> bool:
    return bool(person.roles) and not any(role.shortname in _STAFF for role in person.roles)

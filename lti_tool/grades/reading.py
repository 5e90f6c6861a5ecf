"""Reads one course from Moodle: enrolments, gradebook, completion. Writes nothing.

Facts that decide the shape (``spec/certification.md`` §3.3): one call for the whole gradebook
(M8); suspended enrolments are absent from it, which is not the same as ungraded (M6); a suspended
account is an error, not a missing grade (M5); a course without criteria is an error too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lti_tool.grades.models import EnrolledAs
from moodle_client import (
    CourseCompletion,
    EnrolledUser,
    MoodleClient,
    NoCriteria,
    NotEnrolled,
    NotFound,
    UserDeleted,
    UserGrades,
    UserSuspended,
)

LEARNER_ROLES = frozenset({"student"})
TRAINER_ROLES = frozenset({"editingteacher", "teacher", "manager"})
PERSON_ERRORS = (UserSuspended, UserDeleted, NotEnrolled, NotFound)
"""Errors about one person: the reading of the others goes on."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """One person of the course, as the web services let them be known."""

    user: EnrolledUser
    role: EnrolledAs
    """``other`` is what the roles say so far; the gradebook has its word (``enrolling.store_others``)."""
    enrolment_suspended: bool
    account_suspended: bool


@dataclass(frozen=True, slots=True)
class CompletionReading:
    """Completion of one person, or the code of the reason why there is none."""

    completion: CourseCompletion | None
    reason: str = ""


def read_enrolments(client: MoodleClient, moodle_id: int) -> list[Enrolled]:
    """Return who is in the course, suspended ones included; nobody without a role there.

    Raises:
        MoodleError: as the client raises it.
    """
    suspended = {user.id for user in client.get_enrolled_users(moodle_id, only_suspended=True)}
    users = {user.id: user for user in client.get_enrolled_users(moodle_id)}
    accounts = client.get_users_by_field("id", [str(number) for number in users])
    closed = {account.id for account in accounts if account.suspended}
    found = []
    for user in users.values():
        role = enrolled_as(user)
        if role is not None:
            found.append(Enrolled(user, role, user.id in suspended, user.id in closed))
    return found


def enrolled_as(user: EnrolledUser) -> EnrolledAs | None:
    """Return what a person is in the course; None without a role in it, which says nothing."""
    held = {role.shortname for role in user.roles}
    if held & TRAINER_ROLES:
        return EnrolledAs.TRAINER
    if held & LEARNER_ROLES:
        return EnrolledAs.LEARNER
    return EnrolledAs.OTHER if held else None


def read_gradebook(client: MoodleClient, moodle_id: int) -> list[UserGrades]:
    """Return the gradebook of every active learner, in one call."""
    return list(client.get_grade_items(moodle_id))


def read_learners(
    client: MoodleClient, moodle_id: int, user_ids: list[int]
) -> Iterator[tuple[int, UserGrades | str]]:
    """Yield the gradebook of each learner, or the word of why it cannot be read (M5).

    Moodle answers for anybody, enrolled or not: the caller knows that they are.
    """
    for user_id in user_ids:
        try:
            [grades] = client.get_grade_items(moodle_id, user_id)
        except UserSuspended:
            yield user_id, "account_suspended"
        except (NotFound, NotEnrolled):
            yield user_id, "gone"
        else:
            yield user_id, grades


def read_completions(
    client: MoodleClient,
    moodle_id: int,
    user_ids: list[int],
    progress: Callable[[int], None],
) -> Iterator[tuple[int, CompletionReading]]:
    """Yield the completion of each learner; a course without criteria costs one call.

    Moodle offers no function for several people at once. ``progress`` is told how many are done.
    """
    for done, user_id in enumerate(user_ids):
        progress(done)
        try:
            reading = CompletionReading(client.get_course_completion_status(moodle_id, user_id))
        except NoCriteria as error:
            reading = CompletionReading(None, error.errorcode or "nocriteriaset")
            yield from ((other, reading) for other in user_ids[done:])
            return
        except PERSON_ERRORS as error:
            reading = CompletionReading(None, error.errorcode or error.code)
        yield user_id, reading

"""Who is in a course, page after page: what web services let be known of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lti_tool.grades.models import EnrolledAs
from lti_tool.grades.reading.batches import batches
from moodle_client import EnrolledUser, MoodleClient

LEARNER_ROLES = frozenset({"student"})
TRAINER_ROLES = frozenset({"editingteacher", "teacher", "manager"})
FIELDS = ("id", "fullname", "firstname", "idnumber", "roles", "groups", "lastcourseaccess")
"""What is asked for: every other field makes a big course three times slower."""
PAGE = 500


@dataclass(frozen=True, slots=True)
class Enrolled:
    """One person of the course, as the web services let them be known."""

    user: EnrolledUser
    role: EnrolledAs
    """``other`` is what the roles say so far; the gradebook has its word (``store_others``)."""
    enrolment_inactive: bool
    """Suspended, over, or to come: Moodle does not say which."""
    account_suspended: bool


def read_people(client: MoodleClient, moodle_id: int) -> Iterator[list[Enrolled]]:
    """Yield who is in the course by pages, the inactive included; nobody without a role there.

    Raises:
        MoodleError: as the client raises it.
    """
    inactive = {
        user.id
        for user in client.get_enrolled_users(moodle_id, fields=("id",), only_suspended=True)
    }
    people = client.get_enrolled_users(moodle_id, fields=FIELDS, page_size=PAGE)
    for page in batches(people, PAGE):
        accounts = client.get_users_by_field("id", [str(user.id) for user in page])
        closed = {account.id for account in accounts if account.suspended}
        yield [
            Enrolled(user, role, user.id in inactive, user.id in closed)
            for user in page
            if (role := enrolled_as(user)) is not None
        ]


def enrolled_as(user: EnrolledUser) -> EnrolledAs | None:
    """Return what a person is in the course; None without a role in it, which says nothing."""
    held = {role.shortname for role in user.roles}
    if held & TRAINER_ROLES:
        return EnrolledAs.TRAINER
    if held & LEARNER_ROLES:
        return EnrolledAs.LEARNER
    return EnrolledAs.OTHER if held else None

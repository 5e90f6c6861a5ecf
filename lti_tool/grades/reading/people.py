"""Who is in a course, page after page: what web services let be known of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
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
    # At once, numbers alone: somebody who leaves between two pages makes the next one skip another.
    inactive = set(_numbers(client, moodle_id, only_suspended=True))
    seen: set[int] = set()
    for page in batches(_people(client, moodle_id), PAGE):
        seen.update(user.id for user in page)
        yield _enrolled(client, page, inactive)
    if len(seen) >= PAGE and (skipped := set(_numbers(client, moodle_id)) - seen):
        rest = (user for user in _people(client, moodle_id) if user.id in skipped)
        for page in batches(rest, PAGE):
            yield _enrolled(client, page, inactive)


def _people(client: MoodleClient, moodle_id: int) -> Iterator[EnrolledUser]:
    return client.get_enrolled_users(moodle_id, fields=FIELDS, page_size=PAGE)


def _numbers(
    client: MoodleClient, moodle_id: int, *, only_suspended: bool = False
) -> Iterator[int]:
    people = client.get_enrolled_users(
        moodle_id, fields=("id",), only_suspended=only_suspended, page_size=None
    )
    return (user.id for user in people)


def _enrolled(
    client: MoodleClient, page: Sequence[EnrolledUser], inactive: Set[int]
) -> list[Enrolled]:
    accounts = client.get_users_by_field("id", [str(user.id) for user in page])
    closed = {account.id for account in accounts if account.suspended}
    return [
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

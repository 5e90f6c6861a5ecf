"""Who is in a course: what web services and the roster say together, and which of them is right.

Joined by the account, that is by site and number, never by e-mail. Precedence (decision 0030):

- the *role* comes from the web services; else from a launch; else from the roster, where Moodle
  calls a non-editing teacher ``Learner``;
- whether somebody is *there* comes from whichever was read last; but only the web services know
  that somebody is suspended, so their word explains an absence from the roster.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.grades.models import EnrolledAs, Enrolment, EnrolmentState
from lti_tool.grades.service import last_pull
from lti_tool.lti.models import Member
from lti_tool.lti.roles import course_role
from lti_tool.lti.roster.service import roster_read_at
from lti_tool.people.accounts import UNNAMED
from lti_tool.people.models import Account, BrowserSession, CourseRole, SessionCourse


class Source(StrEnum):
    """Where the membership is known from."""

    WEB_SERVICES = "web_services"
    ROSTER = "roster"


@dataclass(frozen=True, slots=True)
class Membership:
    """One account in a course."""

    account_id: int
    person_id: int
    full_name: str
    role: CourseRole
    state: EnrolmentState
    source: Source
    """Who said so of the state."""
    gone_at: datetime | None = None
    """When a reading of the roster first missed it."""


def members_of_course(session: Session, course_id: int) -> list[Membership]:
    """Return everybody known in a course, those who left included; a constant number of queries."""
    enrolments = {
        row.account_id: row
        for row in session.execute(
            select(Enrolment.account_id, Enrolment.role, Enrolment.state).where(
                Enrolment.course_id == course_id
            )
        )
    }
    members = {
        row.account_id: row
        for row in session.execute(
            select(Member.account_id, Member.roles, Member.gone_at).where(
                Member.course_id == course_id
            )
        )
    }
    names = {
        row.id: row
        for row in session.execute(
            select(Account.id, Account.person_id, Account.full_name).where(
                Account.id.in_(
                    select(Enrolment.account_id)
                    .where(Enrolment.course_id == course_id)
                    .union(select(Member.account_id).where(Member.course_id == course_id))
                )
            )
        )
    }
    trainers = _trainers_by_launch(session, course_id) if members else frozenset()
    roster_is_newer = bool(members) and _roster_is_newer(session, course_id)
    found = []
    for account in names.values():
        enrolment, member = enrolments.get(account.id), members.get(account.id)
        role = _role(
            None if enrolment is None else EnrolledAs(enrolment.role),
            member.roles if member else [],
            account.person_id in trainers,
        )
        # Who left is no longer known by other roles: a roster that has them back has its word.
        other = (
            enrolment is not None
            and enrolment.role == EnrolledAs.OTHER
            and enrolment.state != EnrolmentState.GONE
        )
        if role is None or (other and role is CourseRole.LEARNER):
            continue
        state, source = _state(
            None if enrolment is None else EnrolmentState(enrolment.state),
            None if member is None else member.gone_at is None,
            roster_is_newer,
        )
        found.append(
            Membership(
                account_id=account.id,
                person_id=account.person_id,
                full_name=account.full_name or UNNAMED,
                role=role,
                state=state,
                source=source,
                gone_at=None if member is None else member.gone_at,
            )
        )
    return found


def learners_present(session: Session, course_id: int) -> Iterator[Membership]:
    """Yield the learners of a course who are active in it."""
    for member in members_of_course(session, course_id):
        if member.role is CourseRole.LEARNER and member.state is EnrolmentState.ACTIVE:
            yield member


def _state(
    enrolled: EnrolmentState | None, listed: bool | None, roster_is_newer: bool
) -> tuple[EnrolmentState, Source]:
    """Say whether somebody is there.

    Args:
        enrolled: what the web services last said, None when they said nothing.
        listed: whether the roster last had them, None when it never did.
        roster_is_newer: which of the two was read last.
    """
    if enrolled is None:
        state = EnrolmentState.ACTIVE if listed else EnrolmentState.GONE
        return state, Source.ROSTER
    if listed is None or not roster_is_newer:
        return enrolled, Source.WEB_SERVICES
    if listed:
        return EnrolmentState.ACTIVE, Source.ROSTER
    if enrolled.is_inactive:
        return enrolled, Source.WEB_SERVICES
    return EnrolmentState.GONE, Source.ROSTER


def _role(
    enrolled: EnrolledAs | None, roles: list[str], launched_as_trainer: bool
) -> CourseRole | None:
    if enrolled is not None and enrolled is not EnrolledAs.OTHER:
        return CourseRole(enrolled)
    return CourseRole.TRAINER if launched_as_trainer else course_role(roles)


def _trainers_by_launch(session: Session, course_id: int) -> frozenset[int]:
    """Return the people whom a launch, in a session still kept, presented as trainers."""
    return frozenset(
        session.scalars(
            select(BrowserSession.person_id)
            .join(SessionCourse, SessionCourse.session_id == BrowserSession.id)
            .where(SessionCourse.course_id == course_id, SessionCourse.role == CourseRole.TRAINER)
        )
    )


def _roster_is_newer(session: Session, course_id: int) -> bool:
    read_at, pull = roster_read_at(session, course_id), last_pull(session, course_id)
    if read_at is None:
        return False
    return pull is None or pull.finished_at is None or read_at > pull.finished_at

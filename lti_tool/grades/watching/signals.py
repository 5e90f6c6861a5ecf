"""A site without the report: who is read is chosen by signs that something moved, within a budget.

Signs that are not followed for lack of time are not kept: age and the nights make up for them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.grades.due import mark_due
from lti_tool.grades.models import Pull
from lti_tool.grades.rules.priority import Candidate, Signal, choose
from lti_tool.grades.rules.scope import Part
from lti_tool.grades.watching.costs import ALONE_SECONDS, LEARNER_SECONDS, whole_reading_seconds
from lti_tool.grades.watching.courses import mapped_courses
from lti_tool.grades.watching.models import SiteWatch
from lti_tool.jobs import Priority
from lti_tool.lti.models import LineItem, Score
from lti_tool.people.models import Account, BrowserSession, CourseRole, SessionCourse
from lti_tool.platforms.models import Site
from lti_tool.platforms.service import client_for
from lti_tool.settings import Settings
from moodle_client import AccessDenied, MissingCapability, MoodleClient

SIGNAL = "signal"
"""Reason of a mark: a sign that something may have moved."""
LOOKED_BACK = timedelta(hours=1)
"""Signs older than that belong to the nights; a budget is not saved up for longer either."""
ASKED_SHARE = 0.25
"""Of the budget, what asking for accesses may take."""
ACCESS_SECONDS = 0.0016
"""What asking for the last access costs Moodle, for each person."""
OLD = timedelta(days=1)
"""Without a sign, a course read since is left to the nights."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What one turn chose."""

    learners: int
    courses: int

    def to_dict(self) -> dict[str, object]:
        """Return it as the ledger keeps it."""
        return {"learners": self.learners, "whole_courses": self.courses}


def follow_signals(sessions: sessionmaker[Session], settings: Settings, site_id: int) -> Followed:
    """Mark whom signs point to, within the site's budget since the last turn.

    Raises:
        MoodleError: as the client raises it; what a missing right forbids is done without.
    """
    now = clock.now()
    with sessions.begin() as session:
        watch = session.get_one(SiteWatch, site_id)
        since = max(watch.signals_at or now - LOOKED_BACK, now - LOOKED_BACK)
        watch.signals_at = now
        courses = mapped_courses(session, site_id, now)
        dear = whole_reading_seconds(session, courses.values())
        found = [*_of_ours(session, courses.values(), since, dear), *_by_age(session, dear, now)]
        client = client_for(session.get_one(Site, site_id), settings)
    budget = settings.signal_seconds * ((now - since) / timedelta(hours=1))
    with client:
        graded = [*_graded(client, courses, since)]
        asked = _courses_to_ask(courses, dear, budget * ASKED_SHARE, now)
        seen = [*_accessed(client, asked, since)]
    chosen = choose([*found, *graded, *seen], budget)
    _mark(sessions, chosen)
    return Followed(
        learners=sum(1 for one in chosen if one.subject is not None),
        courses=sum(1 for one in chosen if one.subject is None),
    )


def _of_ours(
    session: Session, course_ids: Collection[int], since: datetime, dear: Mapping[int, float]
) -> Iterator[Candidate]:
    """Yield what the tool itself saw: scores that it sent, people who opened it."""
    scored = (
        select(LineItem.course_id, Account.subject)
        .join(Score, Score.line_item_id == LineItem.id)
        .join(Account, Account.id == Score.account_id)
        .where(LineItem.course_id.in_(course_ids), Score.sent_at >= since)
    )
    for course_id, subject in session.execute(scored):
        if subject.isdecimal():
            yield Candidate(course_id, int(subject), Signal.SCORED, ALONE_SECONDS)
    opened = (
        select(SessionCourse.course_id, SessionCourse.role, Account.subject)
        .join(BrowserSession, BrowserSession.id == SessionCourse.session_id)
        .join(Account, Account.person_id == BrowserSession.person_id)
        .where(SessionCourse.course_id.in_(course_ids), BrowserSession.created_at >= since)
    )
    for course_id, role, subject in session.execute(opened):
        if role == CourseRole.TRAINER:
            yield Candidate(course_id, None, Signal.TRAINER, dear[course_id])
        elif subject.isdecimal():
            yield Candidate(course_id, int(subject), Signal.LAUNCHED, ALONE_SECONDS)


def _by_age(session: Session, dear: Mapping[int, float], now: datetime) -> Iterator[Candidate]:
    last = session.execute(
        select(Pull.course_id, func.max(Pull.started_at))
        .where(Pull.course_id.in_(dear), Pull.finished_at.is_not(None), Pull.everyone.is_(True))
        .group_by(Pull.course_id)
    )
    read_at = {row[0]: row[1] for row in last}
    for course_id, seconds in dear.items():
        moment = read_at.get(course_id)
        if moment is None or now - moment >= OLD:
            yield Candidate(course_id, None, Signal.AGE, seconds, moment)


def _graded(
    client: MoodleClient, courses: Mapping[int, int], since: datetime
) -> Iterator[Candidate]:
    """Yield whom Moodle says that a grade was given to in an assignment."""
    try:
        listed = client.get_assignments(sorted(courses)).items
        course_of = {one.id: courses[item.course_id] for item in listed for one in item.assignments}
        given = client.get_assignment_grades(sorted(course_of), since).items if course_of else ()
    except (AccessDenied, MissingCapability):
        return
    for assignment in given:
        for grade in assignment.grades:
            course_id = course_of[assignment.assignment_id]
            yield Candidate(course_id, grade.user_id, Signal.GRADED, ALONE_SECONDS)


def _courses_to_ask(
    courses: Mapping[int, int], dear: Mapping[int, float], seconds: float, now: datetime
) -> dict[int, int]:
    """Return the courses whose accesses can be asked for now; the others have their turn later."""
    numbers = sorted(courses)
    first = int(now.timestamp() // 60) % len(numbers) if numbers else 0
    asked: dict[int, int] = {}
    for number in [*numbers[first:], *numbers[:first]]:
        # A whole reading costs twenty times as much a learner.
        seconds -= ACCESS_SECONDS * dear[courses[number]] / LEARNER_SECONDS
        if seconds < 0:
            break
        asked[number] = courses[number]
    return asked


def _accessed(
    client: MoodleClient, courses: Mapping[int, int], since: datetime
) -> Iterator[Candidate]:
    for number, course_id in courses.items():
        people = client.get_enrolled_users(
            number, fields=("id", "lastcourseaccess"), only_active=True
        )
        for person in people:
            if person.last_course_access_at is not None and person.last_course_access_at >= since:
                yield Candidate(course_id, person.id, Signal.ACCESSED, ALONE_SECONDS)


def _mark(sessions: sessionmaker[Session], chosen: Collection[Candidate]) -> None:
    by_course: dict[int, list[Candidate]] = defaultdict(list)
    for one in chosen:
        by_course[one.course_id].append(one)
    for course_id, candidates in sorted(by_course.items()):
        learners = {one.subject for one in candidates if one.subject is not None}
        with sessions.begin() as session:
            if learners:
                mark_due(
                    session,
                    course_id,
                    learners,
                    parts={Part.GRADES, Part.COMPLETION},
                    priority=Priority.SOON,
                    reason=SIGNAL,
                )
            if any(one.subject is None for one in candidates):
                mark_due(session, course_id, None, priority=Priority.BACKGROUND, reason=SIGNAL)

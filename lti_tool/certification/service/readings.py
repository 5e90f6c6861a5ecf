"""What Moodle was last read to say: grades, completion, and why they cannot be relied upon.

Several people at once, a constant number of queries. Columns rather than objects: a page may judge
thousands of people. Judges nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from lti_tool.certification.rules import facts
from lti_tool.grades.dating import date_of_item, read_dates
from lti_tool.grades.models import (
    CompletionSnapshot,
    CurrentGrade,
    Enrolment,
    GradeItem,
    GradeSnapshot,
    Pull,
    Unreadable,
)
from lti_tool.grades.pulls import courses_left_out
from lti_tool.grades.weights import counted_readings
from lti_tool.lti.gradebook.weights import own_columns
from lti_tool.people.models import Account
from lti_tool.platforms.models import Course, Site

ACCESS_CODES = frozenset(
    {
        "MOODLE-ACCESS-DENIED",
        "MOODLE-MISSING-FUNCTION",
        "MOODLE-MISSING-CAPABILITY",
        "MOODLE-COURSE-INACCESSIBLE",
        "MOODLE-INVALID-TOKEN",
        "MOODLE-PROTOCOL-DISABLED",
        "MOODLE-SERVICE-ACCOUNT-CLOSED",
        "MOODLE-SITE-NOT-READY",
    }
)
TOTALS = ("course", "category")
VIEW_HIDDEN = "moodle/grade:viewhidden"
_OUR_NUMBER = re.compile(r"course-[0-9]+", re.IGNORECASE)


def course_key(course: Course) -> str:
    """Return the name by which rules and decisions call a course: its idnumber, else its number.

    Trainers choose the idnumber in Moodle: one that looks like our number would pass for another
    course, and is not used.
    """
    named = course.idnumber and not _OUR_NUMBER.fullmatch(course.idnumber)
    return course.idnumber if named else f"course-{course.id}"


def sees_hidden(site: Site) -> bool:
    """Whether the last check let the token see hidden grades; totals are wrong otherwise (M3)."""
    return all(
        VIEW_HIDDEN not in finding.get("capabilities", ()) for finding in site.check_findings or ()
    )


@dataclass(frozen=True, slots=True)
class Readings:
    """What was read of some people in some courses."""

    courses: dict[int, Course]
    """By Course.id."""
    names: dict[int, str]
    """How rules call each course."""
    sites: dict[int, Site]
    people: dict[int, int]
    """Account.id → Person.id."""
    sites_of: dict[int, frozenset[int]]
    """Person.id → sites of their accounts: courses of another bind nobody."""
    unreadable: dict[tuple[int, int], facts.UnreadableReason]
    """(Course.id, Account.id) → why the values cannot be relied upon; absent: they can."""

    @classmethod
    def of(
        cls,
        session: Session,
        courses: Sequence[Course],
        person_ids: Sequence[int],
        names: Mapping[int, str] | None = None,
    ) -> Readings:
        """Find the accounts and sites, and what could not be read; ``names`` as in `gather_facts`."""
        by_id = {course.id: course for course in courses}
        accounts = session.execute(
            select(Account.id, Account.person_id, Account.site_id).where(
                Account.person_id.in_(person_ids)
            )
        ).all()
        people = {account.id: account.person_id for account in accounts}
        held: dict[int, frozenset[int]] = {}
        for account in accounts:
            held[account.person_id] = held.get(account.person_id, frozenset()) | {account.site_id}
        sites = select(Site).where(Site.id.in_({course.site_id for course in courses}))
        return cls(
            courses=by_id,
            names={c.id: (names or {}).get(c.id) or course_key(c) for c in courses},
            sites={site.id: site for site in session.scalars(sites)},
            people=people,
            sites_of=held,
            unreadable=_unreadable(session, by_id, people),
        )

    def site_of(self, course_id: int) -> Site:
        """Return the site of a course."""
        return self.sites[self.courses[course_id].site_id]


def read_grades(session: Session, readings: Readings) -> dict[int, list[facts.GradeFact]]:
    """Return the grades of each person: course totals, and items that a rule can name."""
    ours = own_columns(session, readings.courses)
    counted = counted_readings(session, readings.courses, readings.people)
    dates = read_dates(session, readings.courses, readings.people)
    left_out = courses_left_out(session, readings.courses)
    rows = session.execute(
        select(
            GradeItem.course_id,
            GradeItem.moodle_id,
            GradeItem.item_type,
            GradeItem.idnumber,
            GradeSnapshot.id,
            GradeSnapshot.account_id,
            GradeSnapshot.final,
            GradeSnapshot.grade_min,
            GradeSnapshot.grade_max,
            GradeSnapshot.hidden,
            GradeSnapshot.overridden,
            GradeSnapshot.locked,
            GradeSnapshot.excluded,
            GradeSnapshot.needs_update,
            GradeSnapshot.counts,
            GradeSnapshot.label,
            GradeSnapshot.read_at,
            GradeItem.seen_at,
            GradeItem.gone_at,
        )
        .join(CurrentGrade, CurrentGrade.item_id == GradeItem.id)
        .join(GradeSnapshot, GradeSnapshot.id == CurrentGrade.snapshot_id)
        .where(
            GradeItem.course_id.in_(readings.courses),
            CurrentGrade.account_id.in_(readings.people),
            # An item without idnumber cannot be named; hidden, it still betrays the total.
            or_(
                GradeItem.item_type == "course",
                GradeItem.idnumber != "",
                GradeSnapshot.hidden.is_(True),
            ),
        )
        # Of two columns of one name, the one deleted in Moodle decides nothing.
        .order_by(GradeItem.gone_at.is_not(None), GradeItem.gone_at.desc(), GradeSnapshot.id.desc())
    ).all()
    # A column of ours that is out of the total betrays nothing of it.
    hiding = {
        (row.account_id, row.course_id)
        for row in rows
        if row.hidden and row.item_type != "course" and row.counts is not False
    }
    found: dict[int, list[facts.GradeFact]] = defaultdict(list)
    seen = set()
    for row in rows:
        key = (
            facts.COURSE_TOTAL
            if row.item_type == "course"
            else row.idnumber and facts.idnumber_key(row.idnumber)
        )
        site, person_id = readings.site_of(row.course_id), readings.people[row.account_id]
        identity = (person_id, site.id, readings.names[row.course_id], key)
        if not key or identity in seen:
            continue
        seen.add(identity)
        blocked = readings.unreadable.get((row.course_id, row.account_id))
        counted_at = counted.get((row.course_id, row.account_id))
        read_at = date_of_item(
            dates.get((row.course_id, row.account_id), row.read_at), row.seen_at, row.gone_at
        )
        if row.item_type in TOTALS and (row.course_id in left_out or not sees_hidden(site)):
            blocked = facts.UnreadableReason.ACCESS_DENIED
        found[person_id].append(
            facts.GradeFact(
                site=site.base_url,
                course=readings.names[row.course_id],
                item=key,
                snapshot_id=str(row.id),
                fetched_at=read_at,
                final=row.final,
                grademin=row.grade_min,
                grademax=row.grade_max,
                hidden=row.hidden,
                contains_hidden=key == facts.COURSE_TOTAL
                and (row.account_id, row.course_id) in hiding,
                contains_own=row.moodle_id in ours.get(row.course_id, ())
                or (row.item_type in TOTALS and counted_at is not None and counted_at >= read_at),
                overridden=row.overridden,
                locked=row.locked,
                excluded=row.excluded,
                needs_update=row.needs_update,
                label=row.label,
                unreadable=blocked,
            )
        )
    return found


def read_completions(session: Session, readings: Readings) -> dict[int, list[facts.CompletionFact]]:
    """Return the completion of each person in each course, as last read."""
    newest = (
        select(func.max(CompletionSnapshot.id))
        .where(
            CompletionSnapshot.course_id.in_(readings.courses),
            CompletionSnapshot.account_id.in_(readings.people),
        )
        .group_by(CompletionSnapshot.course_id, CompletionSnapshot.account_id)
    )
    rows = session.execute(
        select(
            CompletionSnapshot.id,
            CompletionSnapshot.course_id,
            CompletionSnapshot.account_id,
            CompletionSnapshot.completed,
            CompletionSnapshot.reason,
            CompletionSnapshot.read_at,
        ).where(CompletionSnapshot.id.in_(newest))
    )
    found: dict[int, list[facts.CompletionFact]] = defaultdict(list)
    seen = set()
    for row in rows:
        site, person_id = readings.site_of(row.course_id), readings.people[row.account_id]
        identity = (person_id, site.id, readings.names[row.course_id])
        if identity in seen:
            continue
        seen.add(identity)
        blocked = readings.unreadable.get((row.course_id, row.account_id))
        if blocked is None and row.completed is None:
            blocked = (
                facts.UnreadableReason.NO_COMPLETION_CRITERIA
                if row.reason == "nocriteriaset"
                else facts.UnreadableReason.GONE
            )
        found[person_id].append(
            facts.CompletionFact(
                site=site.base_url,
                course=readings.names[row.course_id],
                snapshot_id=str(row.id),
                fetched_at=row.read_at,
                completed=row.completed,
                unreadable=blocked,
            )
        )
    return found


def _unreadable(
    session: Session, courses: dict[int, Course], people: dict[int, int]
) -> dict[tuple[int, int], facts.UnreadableReason]:
    """Return why a person's values of a course cannot be relied upon; absent: they can."""
    found: dict[tuple[int, int], facts.UnreadableReason] = {}
    ended = (
        select(func.max(Pull.id))
        .where(
            Pull.course_id.in_(courses),
            Pull.finished_at.is_not(None) | Pull.error_code.is_not(None),
        )
        .group_by(Pull.course_id)
    )
    for pull in session.scalars(
        select(Pull).where(Pull.id.in_(ended), Pull.error_code.is_not(None))
    ):
        reason = (
            facts.UnreadableReason.ACCESS_DENIED
            if pull.error_code in ACCESS_CODES
            else facts.UnreadableReason.MOODLE_UNREACHABLE
        )
        enrolled = session.scalars(
            select(Enrolment.account_id).where(
                Enrolment.course_id == pull.course_id, Enrolment.account_id.in_(people)
            )
        )
        found |= {(pull.course_id, account_id): reason for account_id in enrolled}
    for row in session.scalars(
        select(Unreadable).where(
            Unreadable.course_id.in_(courses), Unreadable.account_id.in_(people)
        )
    ):
        found[row.course_id, row.account_id] = facts.UnreadableReason(row.reason)
    return found

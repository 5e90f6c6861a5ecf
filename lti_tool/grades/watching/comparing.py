"""Compares a report with what was known of it, and names the enrolments that moved. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.grades.rules.fingerprints import (
    Enrolments,
    Family,
    families_moved,
    key_of,
    number_of,
    pack,
    unpack,
)
from lti_tool.grades.rules.kinds import Kind
from lti_tool.grades.rules.scope import EVERY_PART, Part
from lti_tool.grades.watching.models import WatchedEnrolment

FETCHED = 5000
PARTS: dict[Family, frozenset[Part]] = {
    Family.GRADE: frozenset({Part.GRADES}),
    Family.COMPLETION: frozenset({Part.COMPLETION}),
    Family.MEMBERSHIP: frozenset({Part.MEMBERSHIP}),
    Family.ACCESS: frozenset(),
    Family.COHORT: frozenset(),
}
"""What has to be read of a course when a family moved: somebody who came there changed nothing by that,
and who changed cohort is told by the site's cohorts."""
GONE = frozenset({Part.MEMBERSHIP, Part.GRADES})


@dataclass(frozen=True, slots=True)
class Change:
    """An enrolment that is not what it was.

    Args:
        course, subject: Moodle's numbers.
        digests: what it looks like now; None: it is no longer there.
        parts: what has to be read of it; empty: nothing.
        kind: why it is not in force, as far as the report tells.
    """

    course: int
    subject: int
    digests: int | None
    parts: frozenset[Part]
    kind: Kind = Kind.UNKNOWN


@dataclass(slots=True)
class Differences:
    """What differs between a report and what was known."""

    known: int = 0
    moved: list[Change] = field(default_factory=list)
    new: list[Change] = field(default_factory=list)
    gone: list[Change] = field(default_factory=list)
    cohorts: int = 0
    """How many of those that moved changed cohort."""

    @property
    def to_read(self) -> int:
        """How many of those that moved have something to be read."""
        return sum(1 for change in self.moved if change.parts)


def compare(
    session: Session, site_id: int, enrolments: Enrolments, courses: Mapping[int, int]
) -> Differences:
    """Return what differs; empties ``enrolments`` on the way, so that memory does not double.

    Args:
        courses: those that count, by Moodle's number; what is known of others is left aside.
    """
    found = Differences()
    known = select(
        WatchedEnrolment.course,
        WatchedEnrolment.subject,
        WatchedEnrolment.kind,
        WatchedEnrolment.grade,
        WatchedEnrolment.completion,
        WatchedEnrolment.membership,
        WatchedEnrolment.access,
        WatchedEnrolment.cohort,
    ).where(WatchedEnrolment.site_id == site_id)
    for course, subject, was, *digests in session.execute(
        known.execution_options(yield_per=FETCHED)
    ):
        if course not in courses:
            continue
        found.known += 1
        number = number_of(course, subject)
        after, kind = enrolments.take(number), enrolments.kind(number)
        if after is None:
            found.gone.append(Change(course, subject, None, GONE))
            continue
        # What is not known yet did not move: it is only kept.
        before = pack(
            now if digest is None else digest
            for digest, now in zip(digests, unpack(after), strict=True)
        )
        if after != before or kind != was or None in digests:
            moved = families_moved(before, after)
            parts = frozenset[Part]().union(*(PARTS[one] for one in moved))
            if kind != was:
                parts |= PARTS[Family.MEMBERSHIP]
            found.moved.append(Change(course, subject, after, parts, kind))
            found.cohorts += Family.COHORT in moved
    for number, digests_now in enrolments.left():
        key = key_of(number)
        found.new.append(
            Change(key.course, key.person, digests_now, EVERY_PART, enrolments.kind(number))
        )
    return found

"""Who learns in a course, and where each stands on what the course counts for.

Constant number of queries whatever the number of learners; decides nothing, writes nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from lti_tool.certification.models import OPEN, Award
from lti_tool.certification.rules.decision import Decision
from lti_tool.certification.service.evaluation import (
    Target,
    evaluate_people,
    target_of,
    targets_of_course,
)
from lti_tool.grades.membership import members_of_course
from lti_tool.grades.models import Enrolment, EnrolmentState
from lti_tool.people.models import Account, CourseRole

LONGEST_TEXT = 2000
"""To take a long run of accents apart takes a time that grows with its square."""


@dataclass(frozen=True, slots=True)
class Learner:
    """One learner of a course."""

    person_id: int
    full_name: str
    state: EnrolmentState


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one person stands on one target: today's decision, and the newest award if any."""

    target: Target
    decision: Decision
    award: Award | None


def learners(session: Session, course_id: int, words: str = "") -> list[Learner]:
    """Return the learners of a course by name, suspended ones included, each person once.

    Args:
        words: only those whose name holds every word; case and accents do not matter.
    """
    wanted = folded(words).split()
    learning = [
        member
        for member in members_of_course(session, course_id)
        if member.role is CourseRole.LEARNER
        and member.state is not EnrolmentState.GONE
        and all(word in folded(member.full_name) for word in wanted)
    ]
    # Of two accounts of one person, the active one speaks, then the older one.
    learning.sort(key=lambda one: (one.state != EnrolmentState.ACTIVE, one.account_id))
    found: dict[int, Learner] = {}
    for one in learning:
        found.setdefault(one.person_id, Learner(one.person_id, one.full_name, one.state))
    return sorted(found.values(), key=lambda one: (folded(one.full_name), one.person_id))


def standings(
    session: Session, targets: Sequence[Target], person_ids: Sequence[int]
) -> dict[int, list[Standing]]:
    """Return where each person stands on each target, in the order of the targets."""
    awards = _newest_awards(session, targets, person_ids)
    found: dict[int, list[Standing]] = {person_id: [] for person_id in person_ids}
    for target in targets:
        for person_id, decision in evaluate_people(session, target, person_ids).items():
            award = awards.get((person_id, *_key(target)))
            found[person_id].append(Standing(target, decision, award))
    return found


def standings_of_awards(session: Session, awards: Sequence[Award]) -> dict[int, Standing]:
    """Return where each award's person stands today on what it certifies, by award."""
    groups: dict[tuple[int, int | None], list[Award]] = {}
    for award in awards:
        groups.setdefault((award.domain_id, award.subtheme_id), []).append(award)
    found: dict[int, Standing] = {}
    for group in groups.values():
        target = target_of(session, group[0].domain, group[0].subtheme)
        if target is None:
            continue
        decisions = evaluate_people(session, target, [award.person_id for award in group])
        found |= {one.id: Standing(target, decisions[one.person_id], one) for one in group}
    return found


def targets_elsewhere(
    session: Session, person_id: int, here: Sequence[Target], course_id: int
) -> list[Target]:
    """Return what the other courses that a person follows count for, but for the targets ``here``."""
    followed = session.scalars(
        select(Enrolment.course_id)
        .join(Account, Account.id == Enrolment.account_id)
        .where(
            Account.person_id == person_id,
            Enrolment.role == CourseRole.LEARNER,
            Enrolment.state != EnrolmentState.GONE,
            Enrolment.course_id != course_id,
        )
        .distinct()
        .order_by(Enrolment.course_id)
    )
    known = {_key(target) for target in here}
    found: dict[tuple[int, int | None], Target] = {}
    for other in followed:
        for target in targets_of_course(session, other):
            if _key(target) not in known:
                found.setdefault(_key(target), target)
    return list(found.values())


def awards_of_person(session: Session, person_id: int) -> list[Award]:
    """Return every award of a person, oldest first."""
    return list(
        session.scalars(select(Award).where(Award.person_id == person_id).order_by(Award.id))
    )


def _newest_awards(
    session: Session, targets: Iterable[Target], person_ids: Sequence[int]
) -> dict[tuple[int, int, int | None], Award]:
    rows = session.scalars(
        select(Award)
        .where(
            Award.person_id.in_(person_ids),
            Award.domain_id.in_({target.domain.id for target in targets}),
        )
        # The last one stands: of two linked accounts, one may hold the older that is still open.
        .order_by(case((Award.state.in_(OPEN), 1), else_=0), Award.id)
    )
    return {(row.person_id, row.domain_id, row.subtheme_id): row for row in rows}


def _key(target: Target) -> tuple[int, int | None]:
    return target.domain.id, None if target.subtheme is None else target.subtheme.id


def folded(text: str) -> str:
    """Return a name without case and accents, to sort and to search by."""
    apart = unicodedata.normalize("NFKD", text[:LONGEST_TEXT].casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))

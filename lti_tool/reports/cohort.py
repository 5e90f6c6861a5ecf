"""The cohort of one association: who is where on the way to a certification, without any mark.

What the lead reads is built from the learner's own view of each decision, so that neither a
measured value nor anything that follows from a hidden grade can reach them (§4.7, N6). A constant
number of queries, whatever the number of members.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.certification.models import Award, AwardState
from lti_tool.certification.rules.decision import Decision
from lti_tool.certification.rules.logic import Status
from lti_tool.certification.rules.reasons import Reason
from lti_tool.certification.service.evaluation import Target, evaluate_people, target_of
from lti_tool.certification.service.roster import folded
from lti_tool.grades.models import Enrolment, EnrolmentState
from lti_tool.grades.watching.freshness import Known, oldest_known
from lti_tool.partners.models import Affiliation
from lti_tool.partners.service import members
from lti_tool.people.models import Account, CourseRole, Person, Purpose
from lti_tool.people.service.consents import consents_given
from lti_tool.referential.models import CourseMapping, Domain, MappingKind, Subtheme
from lti_tool.referential.service import current_mappings

QUIET = timedelta(days=30)
"""Without any visit for so long, a learner who is not there yet needs a hand."""


Key = tuple[int, int, int | None]
"""Person, domain, sub-theme."""


class Standing(StrEnum):
    """Where a member stands in a domain."""

    CERTIFIED = "certified"
    EXAMINED = "examined"
    """Every visible criterion is met: a person decides."""
    UNDER_WAY = "under_way"
    QUIET = "quiet"
    """Not there yet, and no visit for a month: « à relancer »."""
    ENROLLED = "enrolled"


@dataclass(frozen=True, slots=True)
class CohortLine:
    """One member in one domain."""

    person: Person
    domain: Domain
    subtheme: Subtheme | None
    standing: Standing
    missing: tuple[Reason, ...]
    """Why the visible criteria are not all met."""
    last_week: date | None
    """Monday of the week of the last visit to a course of the domain; None: never, or unknown."""


@dataclass(frozen=True, slots=True)
class CohortFilter:
    """What the lead asked to see; None or empty: everything."""

    domain: str = ""
    standing: Standing | None = None
    name: str = ""
    group: int | None = None
    """Group.id: the people of one session of learners."""
    within: frozenset[int] | None = None
    """Who is in that group, among the association's own; None: no group asked for."""

    def keeps(self, line: CohortLine) -> bool:
        """Whether a line is asked for."""
        return (
            self.domain in ("", line.domain.code)
            and self.standing in (None, line.standing)
            and (self.within is None or line.person.id in self.within)
            and folded(self.name) in folded(line.person.full_name)
        )


def cohort_lines(session: Session, partner_id: int) -> list[CohortLine]:
    """Return a line for each member of the association and domain that they study or hold."""
    moment = clock.now()
    people = {person.id: person for person in members(session, partner_id, moment.date())}
    visits = _visits(session, people)
    certified, elsewhere = _certified(session, people, partner_id)
    lines: dict[Key, CohortLine] = {}
    for target in _targets(session):
        studying = _studying(target, visits)
        decisions = evaluate_people(session, target, list(studying)) if studying else {}
        for person_id, decision in decisions.items():
            key = _key(person_id, target.domain, target.subtheme)
            if key in elsewhere:
                continue
            lines[key] = _line(
                people[person_id],
                target,
                decision.for_learner(),
                studying[person_id],
                moment,
                certified=key in certified,
            )
    for key, award in certified.items():
        lines.setdefault(
            key,
            CohortLine(
                people[award.person_id], award.domain, award.subtheme, Standing.CERTIFIED, (), None
            ),
        )
    return sorted(
        lines.values(),
        key=lambda line: (folded(line.person.full_name), line.person.id, line.domain.number),
    )


def counts(lines: Sequence[CohortLine]) -> dict[Standing, int]:
    """Return how many lines stand where."""
    return {standing: sum(line.standing is standing for line in lines) for standing in Standing}


def freshness_of(session: Session, partner_id: int) -> Known:
    """Return how fresh what is known of the members is, by the course read the longest ago."""
    studied = (
        select(Enrolment.course_id)
        .distinct()
        .join(Account, Account.id == Enrolment.account_id)
        .join(Affiliation, Affiliation.person_id == Account.person_id)
        .where(
            Affiliation.partner_id == partner_id,
            Affiliation.until.is_(None),
            Enrolment.course_id.in_(
                select(CourseMapping.course_id).where(CourseMapping.valid_to.is_(None))
            ),
        )
    )
    return oldest_known(session, session.scalars(studied).all())


def _line(
    person: Person,
    target: Target,
    decision: Decision,
    last_visit: datetime | None,
    moment: datetime,
    *,
    certified: bool,
) -> CohortLine:
    if certified:
        standing = Standing.CERTIFIED
    elif decision.status is Status.SATISFIED:
        standing = Standing.EXAMINED
    elif last_visit is not None and moment - last_visit > QUIET:
        standing = Standing.QUIET
    elif any(leaf.status is Status.SATISFIED for leaf in decision.leaves()):
        standing = Standing.UNDER_WAY
    else:
        standing = Standing.ENROLLED
    missing = (
        ()
        if certified
        else tuple(
            dict.fromkeys(
                leaf.reason for leaf in decision.leaves() if leaf.status is not Status.SATISFIED
            )
        )
    )
    return CohortLine(person, target.domain, target.subtheme, standing, missing, _week(last_visit))


def _targets(session: Session) -> list[Target]:
    wanted = {
        (mapping.domain_id, mapping.subtheme_id): (mapping.domain, mapping.subtheme)
        for mapping in current_mappings(session, clock.now())
        if mapping.kind != MappingKind.OPTIONAL
    }
    targets = [target_of(session, domain, subtheme) for domain, subtheme in wanted.values()]
    return [target for target in targets if target is not None]


def _visits(session: Session, people: Collection[int]) -> dict[int, dict[int, datetime | None]]:
    """Return course → person → last visit, of the members who are learners there."""
    rows = session.execute(
        select(Enrolment.course_id, Account.person_id, func.max(Enrolment.last_access))
        .join(Account, Account.id == Enrolment.account_id)
        .where(
            Account.person_id.in_(people),
            Enrolment.role == CourseRole.LEARNER,
            Enrolment.state != EnrolmentState.GONE,
        )
        .group_by(Enrolment.course_id, Account.person_id)
    )
    found: dict[int, dict[int, datetime | None]] = defaultdict(dict)
    for course_id, person_id, last_access in rows:
        found[course_id][person_id] = last_access
    return found


def _studying(
    target: Target, visits: dict[int, dict[int, datetime | None]]
) -> dict[int, datetime | None]:
    """Return who studies a course of the target, and their last visit to one of them."""
    found: dict[int, datetime | None] = {}
    for mapping in target.mappings:
        for person_id, last in visits.get(mapping.course_id, {}).items():
            known = [moment for moment in (found.get(person_id), last) if moment is not None]
            found[person_id] = max(known, default=None)
    return found


def _certified(
    session: Session, people: Collection[int], partner_id: int
) -> tuple[dict[Key, Award], set[Key]]:
    """Return the certifications that this association may know, and those that it may not.

    An award belongs to the affiliation of record; a second association knows of it only when the
    person agreed to share (V14).
    """
    sharing = consents_given(session, people, Purpose.SHARE_WITH_PARTNER)
    known: dict[Key, Award] = {}
    elsewhere: set[Key] = set()
    for award in session.scalars(
        select(Award).where(Award.person_id.in_(people), Award.state == AwardState.ISSUED)
    ):
        key = _key(award.person_id, award.domain, award.subtheme)
        if award.partner_id in (None, partner_id) or sharing.get(award.person_id):
            known[key] = award
        else:
            elsewhere.add(key)
    return known, elsewhere


def _key(person_id: int, domain: Domain, subtheme: Subtheme | None) -> tuple[int, int, int | None]:
    return person_id, domain.id, None if subtheme is None else subtheme.id


def _week(moment: datetime | None) -> date | None:
    if moment is None:
        return None
    day = moment.date()
    return day - timedelta(days=day.weekday())

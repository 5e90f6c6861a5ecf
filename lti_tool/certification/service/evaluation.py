"""Evaluates learners on what is stored, and proposes those who satisfy the rule; decides nothing.

A *target* is what a course counts for: a domain, or one of its sub-themes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lti_tool import clock, journal
from lti_tool.certification.models import OPEN, Award, AwardState, PublishedRule
from lti_tool.certification.rules.decision import Decision
from lti_tool.certification.rules.drift import Drift, compare
from lti_tool.certification.rules.evaluate import evaluate
from lti_tool.certification.rules.logic import Status
from lti_tool.certification.rules.model import Route
from lti_tool.certification.service.facts import gather_facts
from lti_tool.certification.service.publishing import newest_rule, read_rule
from lti_tool.grades.membership import members_of_course
from lti_tool.grades.models import EnrolmentState
from lti_tool.partners.service import partner_of_record
from lti_tool.people.models import CourseRole
from lti_tool.referential.models import CourseMapping, Domain, MappingKind, Subtheme
from lti_tool.referential.service import mappings_of_course, mappings_of_domain


@dataclass(frozen=True, slots=True)
class Target:
    """A domain, or one of its sub-themes, and the rule in force for it."""

    domain: Domain
    subtheme: Subtheme | None
    published: PublishedRule
    mappings: tuple[CourseMapping, ...]


def targets_of_course(session: Session, course_id: int) -> list[Target]:
    """Return what the course counts for today; optional courses enter no rule."""
    found = {}
    for mapping in mappings_of_course(session, course_id, clock.now()):
        if mapping.kind != MappingKind.OPTIONAL:
            found[mapping.domain_id, mapping.subtheme_id] = (mapping.domain, mapping.subtheme)
    targets = [target_of(session, domain, subtheme) for domain, subtheme in found.values()]
    return [target for target in targets if target is not None]


def target_of(session: Session, domain: Domain, subtheme: Subtheme | None) -> Target | None:
    """Return the target of a domain or sub-theme, None while no rule is published for it."""
    published = newest_rule(session, domain.id)
    if published is None:
        return None
    wanted = None if subtheme is None else subtheme.id
    mappings = mappings_of_domain(session, domain.id, clock.now())
    return Target(
        domain, subtheme, published, tuple(m for m in mappings if m.subtheme_id == wanted)
    )


def evaluate_people(
    session: Session, target: Target, person_ids: Sequence[int], route: Route = Route.FORMATION
) -> dict[int, Decision]:
    """Return the decision of the rule for each person, from stored snapshots and evidence."""
    rule = read_rule(target.published, target.domain, target.subtheme)
    moment = clock.now()
    gathered = gather_facts(session, person_ids, target.domain.id, target.mappings)
    return {person: evaluate(rule, found, route, moment) for person, found in gathered.items()}


def learners_of_course(session: Session, course_id: int) -> list[int]:
    """Return the people who learn in the course, suspended ones included, each once, by name."""
    learning = (
        member
        for member in members_of_course(session, course_id)
        if member.role is CourseRole.LEARNER and member.state is not EnrolmentState.GONE
    )
    ordered = sorted(learning, key=lambda one: (one.full_name, one.account_id))
    return list(dict.fromkeys(member.person_id for member in ordered))


def propose_in_course(
    session: Session, course_id: int, person_ids: Sequence[int] | None = None
) -> int:
    """Propose whoever satisfies a rule that the course counts for; commit; return how many are new.

    May run twice, and at once: one open award for a person and a domain, by unique index (V23).
    """
    people = learners_of_course(session, course_id) if person_ids is None else list(person_ids)
    proposed = 0
    for target in targets_of_course(session, course_id):
        for person_id, decision in evaluate_people(session, target, people).items():
            if decision.status is Status.SATISFIED:
                proposed += _propose(session, target, person_id, course_id, decision)
    session.commit()
    return proposed


def latest_award(session: Session, person_id: int, target: Target) -> Award | None:
    """Return the award of a person for a target: the open one, else the newest, else None."""
    subtheme_id = None if target.subtheme is None else target.subtheme.id
    return session.scalar(
        select(Award)
        .where(
            Award.person_id == person_id,
            Award.domain_id == target.domain.id,
            Award.subtheme_id.is_(None)
            if subtheme_id is None
            else Award.subtheme_id == subtheme_id,
        )
        .order_by(case((Award.state.in_(OPEN), 0), else_=1), Award.id.desc())
        .limit(1)
    )


def _propose(
    session: Session, target: Target, person_id: int, course_id: int, decision: Decision
) -> int:
    frozen = decision.to_dict()
    latest = latest_award(session, person_id, target)
    if latest is not None and latest.state in OPEN:
        return 0
    if (
        latest is not None
        and latest.state in (AwardState.REFUSED, AwardState.REVOKED)
        and compare(Decision.from_dict(latest.decision), decision) is Drift.NONE
    ):
        return 0  # refused or revoked on these very facts: only new ones propose again
    partner = partner_of_record(session, person_id, clock.now().date())
    award = Award(
        person_id=person_id,
        domain_id=target.domain.id,
        subtheme_id=None if target.subtheme is None else target.subtheme.id,
        rule_id=target.published.id,
        course_id=course_id,
        partner_id=None if partner is None else partner.id,
        route=decision.route.value,
        decision=frozen,
        proposed_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(award)
    except IntegrityError:
        return 0
    journal.record(
        session,
        actor_id=None,
        action="award.proposed",
        subject="award",
        subject_id=award.id,
        rule=target.published.id,
    )
    return 1

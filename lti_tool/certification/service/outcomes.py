"""What the gradebook of Moodle should show of a course: who is certified, how far each learner is.

Never a false zero: who is not certified has no score, and a progress of which nothing is known has
none (decision 0031). Progress is made of the learner's own view of the decision, so that no hidden
grade can be guessed from it (N6).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from babel.dates import format_date
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from lti_tool import clock
from lti_tool.certification.models import Award, AwardState
from lti_tool.certification.rules.criteria import Criterion
from lti_tool.certification.rules.logic import Status
from lti_tool.certification.rules.progress import share_of
from lti_tool.certification.service.evaluation import evaluate_people, targets_of_course
from lti_tool.grades.membership import Membership, learners_present
from lti_tool.lti.gradebook.outcomes import MAXIMUM, Outcomes, Wanted
from lti_tool.lti.gradebook.service import ask_for_publication
from lti_tool.lti.models import Outcome
from lti_tool.referential.service import mappings_of_domain

HUNDREDTHS = Decimal("0.01")


def outcomes_of_course(session: Session, course_id: int, outcome: Outcome) -> Outcomes:
    """Return what should stand in the column of an outcome, for the active learners of the course."""
    learners = list(learners_present(session, course_id))
    people = list(dict.fromkeys(learner.person_id for learner in learners))
    wanted = (
        _certified(session, course_id, people)
        if outcome is Outcome.CERTIFIED
        else _progress(session, course_id, people)
    )
    return Outcomes(
        learners=frozenset(learner.account_id for learner in learners),
        wanted=None if wanted is None else _by_account(learners, wanted),
    )


def publish_award(session: Session, award: Award) -> None:
    """Have the columns that an award concerns brought up to date; in the caller's transaction."""
    publish_domain(session, award.domain_id, award.course_id)


def publish_domain(session: Session, domain_id: int, course_id: int | None = None) -> None:
    """Have the columns of the courses that count for a domain brought up to date."""
    courses = {mapping.course_id for mapping in mappings_of_domain(session, domain_id, clock.now())}
    if course_id is not None:
        courses.add(course_id)
    ask_for_publication(session, sorted(courses))


def _certified(session: Session, course_id: int, people: Sequence[int]) -> dict[int, Wanted]:
    domains = {target.domain.id for target in targets_of_course(session, course_id)}
    awards = session.scalars(
        select(Award)
        .options(joinedload(Award.domain))
        .where(
            Award.person_id.in_(people),
            Award.state == AwardState.ISSUED,
            or_(Award.domain_id.in_(domains), Award.course_id == course_id),
        )
        .order_by(Award.issued_on, Award.id)
    )
    said: dict[int, list[str]] = {}
    for award in awards:
        said.setdefault(award.person_id, []).append(
            f"Certification {award.domain.name} délivrée le {_day(award.issued_on)}."
        )
    return {person: Wanted(MAXIMUM, " ".join(words)) for person, words in said.items()}


def _progress(session: Session, course_id: int, people: Sequence[int]) -> dict[int, Wanted] | None:
    targets = targets_of_course(session, course_id)
    if not targets:
        return None
    seen: dict[int, list[Criterion]] = {person: [] for person in people}
    for target in targets:
        for person, decision in evaluate_people(session, target, people).items():
            seen[person].append(decision.for_learner().root)
    found = {}
    for person, roots in seen.items():
        share = share_of(roots)
        if share is not None:
            found[person] = Wanted((share * MAXIMUM).quantize(HUNDREDTHS), _counts(roots))
    return found


def _counts(roots: Iterable[Criterion]) -> str:
    statuses = [leaf.status for root in roots for leaf in root.leaves()]
    done, redo, wait = (
        statuses.count(status)
        for status in (Status.SATISFIED, Status.NOT_SATISFIED, Status.PENDING)
    )
    return (
        f"Critères remplis\u00a0: {done} sur {len(statuses)} "
        f"(à reprendre\u00a0: {redo}, en attente\u00a0: {wait})."
    )


def _day(value: date | None) -> str:
    """Write a day in French: a comment stands in Moodle for everyone, whoever had it sent."""
    if value is None:
        return "—"
    text = format_date(value, "long", locale="fr")
    return text.replace("1 ", "1er ", 1) if value.day == 1 else text


def _by_account(learners: Iterable[Membership], wanted: dict[int, Wanted]) -> dict[int, Wanted]:
    return {
        learner.account_id: wanted[learner.person_id]
        for learner in learners
        if learner.person_id in wanted
    }

"""Gathers from the tables what a rule is evaluated on: grades, completion, evidence, mapping.

Several people at once, a constant number of queries. Judges nothing; what Moodle said comes from
``readings``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.certification.models import Evidence, EvidenceReview, EvidenceState
from lti_tool.certification.rules import facts
from lti_tool.certification.service.independence import leads_of_partners_of
from lti_tool.certification.service.readings import Readings, read_completions, read_grades
from lti_tool.referential.models import CourseMapping


def gather_facts(
    session: Session,
    person_ids: Sequence[int],
    domain_id: int,
    mappings: Sequence[CourseMapping],
    names: Mapping[int, str] | None = None,
) -> dict[int, facts.Facts]:
    """Return the facts of each person for one domain.

    Args:
        person_ids: people to judge.
        domain_id: domain of the evidence.
        mappings: lines of the mapping in force for the domain or sub-theme.
        names: Course.id → name by which a decision called it, where Moodle renamed it since.
    """
    courses = {mapping.course_id: mapping.course for mapping in mappings}
    readings = Readings.of(session, list(courses.values()), person_ids, names)
    grades = read_grades(session, readings)
    completions = read_completions(session, readings)
    evidence = _evidence(session, person_ids, domain_id)
    mapped = {
        sites: _mapped_courses(readings, (m for m in mappings if m.course.site_id in sites))
        for sites in set(readings.sites_of.values())
    }
    return {
        person_id: facts.Facts.of(
            str(person_id),
            grades=grades.get(person_id, ()),
            completions=completions.get(person_id, ()),
            evidence=evidence.get(person_id, ()),
            mapped=mapped.get(readings.sites_of.get(person_id, frozenset()), ()),
        )
        for person_id in person_ids
    }


def _mapped_courses(
    readings: Readings, mappings: Iterable[CourseMapping]
) -> list[facts.MappedCourse]:
    by_key = {readings.names[mapping.course_id]: mapping for mapping in mappings}
    return [
        facts.MappedCourse(key, facts.MappingKind(mapping.kind)) for key, mapping in by_key.items()
    ]


def _evidence(
    session: Session, person_ids: Sequence[int], domain_id: int
) -> dict[int, list[facts.EvidenceFact]]:
    leads = leads_of_partners_of(session, person_ids)
    accepted = {
        review.evidence_id: review
        for review in session.execute(
            select(
                EvidenceReview.evidence_id,
                EvidenceReview.reviewer_id,
                EvidenceReview.reviewer_role,
                EvidenceReview.at,
            )
            .join(Evidence)
            .where(
                Evidence.author_id.in_(person_ids),
                Evidence.domain_id == domain_id,
                EvidenceReview.state == EvidenceState.ACCEPTED,
            )
            .order_by(EvidenceReview.id)
        )
    }
    rows = session.execute(
        select(
            Evidence.id, Evidence.author_id, Evidence.kind, Evidence.state, Evidence.happened_on
        ).where(Evidence.author_id.in_(person_ids), Evidence.domain_id == domain_id)
    )
    found: dict[int, list[facts.EvidenceFact]] = defaultdict(list)
    for row in rows:
        review = accepted.get(row.id) if row.state == EvidenceState.ACCEPTED else None
        found[row.author_id].append(
            facts.EvidenceFact(
                id=str(row.id),
                kind=facts.EvidenceKind(row.kind),
                state=facts.EvidenceState(row.state),
                happened_on=row.happened_on,
                validated_by=None if review is None else str(review.reviewer_id),
                validator_is_independent=review is not None
                and review.reviewer_id != row.author_id
                and not leads.held_at(row.author_id, review.reviewer_id, review.at),
                validator_roles=frozenset()
                if review is None
                else frozenset({facts.ValidatorRole(review.reviewer_role)}),
            )
        )
    return found

"""Judges issued awards again on what is read today, by the rule and the courses of their issue.

The rule is the published row that the award names; the courses are the lines of the mapping in force
at its issue, which are never rewritten. Courses keep the name that the frozen decision gives them,
found by the snapshots that it cites: Moodle may have renamed them since.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from lti_tool.certification.models import Award
from lti_tool.certification.rules.criteria import Kind
from lti_tool.certification.rules.decision import Decision
from lti_tool.certification.rules.evaluate import evaluate
from lti_tool.certification.rules.model import Route
from lti_tool.certification.service.facts import gather_facts
from lti_tool.certification.service.publishing import read_rule
from lti_tool.certification.service.readings import course_key
from lti_tool.grades.models import CompletionSnapshot, GradeItem, GradeSnapshot
from lti_tool.platforms.models import Course
from lti_tool.referential.models import CourseMapping

Basis = tuple[int, tuple[tuple[int, str], ...]]
"""Domain, and the lines that counted with the name of each course: what one query can gather."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """An award with the decision of its issue."""

    award: Award
    decision: Decision
    names: Mapping[int, str]
    """Course.id → name in the decision, of the courses whose readings it cites."""


def frozen_awards(session: Session, awards: Sequence[Award]) -> list[Frozen]:
    """Return the awards with their frozen decisions and the courses that these cite."""
    decisions = [Decision.from_dict(award.decision) for award in awards]
    grades, completions = _cited(session, decisions)
    found = []
    for award, decision in zip(awards, decisions, strict=True):
        names = {}
        for leaf in decision.leaves():
            courses = completions if leaf.kind is Kind.COMPLETION else grades
            if leaf.source is not None and leaf.course is not None:
                names[courses.get(int(leaf.source.snapshot_id), 0)] = leaf.course
        found.append(Frozen(award, decision, {number: names[number] for number in names if number}))
    return found


def judge_again(session: Session, awards: Sequence[Frozen]) -> dict[int, Decision]:
    """Return today's decision of each award, by Award.id; a constant number of queries for a basis."""
    lines = _lines(session, {one.award.domain_id for one in awards})
    groups: dict[Basis, list[Frozen]] = defaultdict(list)
    for one in awards:
        groups[_basis(one, lines[one.award.domain_id])].append(one)
    by_id = {line.id: line for found in lines.values() for line in found}
    decisions = {}
    for (domain_id, kept), members in groups.items():
        mappings = [by_id[number] for number, _name in kept]
        facts = gather_facts(
            session,
            [one.award.person_id for one in members],
            domain_id,
            mappings,
            {by_id[number].course_id: name for number, name in kept},
        )
        for one in members:
            rule = read_rule(one.award.rule, one.award.domain, one.award.subtheme)
            route = Route(one.award.route)
            if route in rule.routes:
                # As on the day of the issue: what has aged since is not judged again.
                decision = evaluate(rule, facts[one.award.person_id], route, one.decision.at)
                decisions[one.award.id] = decision
    return decisions


def names_of_courses(session: Session, awards: Sequence[Award]) -> dict[str, str]:
    """Return the full name of each course that the decisions of some awards cite, by its key there."""
    keys = {
        number: key for one in frozen_awards(session, awards) for number, key in one.names.items()
    }
    courses = session.scalars(select(Course).where(Course.id.in_(keys)))
    return {keys[course.id]: course.fullname for course in courses}


def _cited(
    session: Session, decisions: Iterable[Decision]
) -> tuple[dict[int, int], dict[int, int]]:
    """Return the course of each snapshot cited: of grades, and of completions."""
    grades: set[int] = set()
    completions: set[int] = set()
    for decision in decisions:
        for leaf in decision.leaves():
            if leaf.source is not None:
                wanted = completions if leaf.kind is Kind.COMPLETION else grades
                wanted.add(int(leaf.source.snapshot_id))
    of_grades = session.execute(
        select(GradeSnapshot.id, GradeItem.course_id)
        .join(GradeItem, GradeItem.id == GradeSnapshot.item_id)
        .where(GradeSnapshot.id.in_(grades))
    )
    of_completions = session.execute(
        select(CompletionSnapshot.id, CompletionSnapshot.course_id).where(
            CompletionSnapshot.id.in_(completions)
        )
    )
    return dict(of_grades.all()), dict(of_completions.all())


def _lines(session: Session, domain_ids: Iterable[int]) -> dict[int, list[CourseMapping]]:
    """Return every line ever of some domains."""
    found: dict[int, list[CourseMapping]] = defaultdict(list)
    for line in session.scalars(
        select(CourseMapping)
        .options(joinedload(CourseMapping.course))
        .where(CourseMapping.domain_id.in_(set(domain_ids)))
        .order_by(CourseMapping.id)
    ):
        found[line.domain_id].append(line)
    return found


def _basis(one: Frozen, lines: Iterable[CourseMapping]) -> Basis:
    """Return the lines that counted for an award: a course of an account linked since is no part of it."""
    at, judged = one.decision.at, {leaf.course for leaf in one.decision.leaves()}
    kept = []
    for line in lines:
        name = one.names.get(line.course_id) or course_key(line.course)
        in_force = line.valid_from <= at and (line.valid_to is None or at < line.valid_to)
        if in_force and line.subtheme_id == one.award.subtheme_id and name in judged:
            kept.append((line.id, name))
    return one.award.domain_id, tuple(kept)

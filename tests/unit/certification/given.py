"""The base rule R and facts around it: unsaid, completion is yes and the action is validated."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from lti_tool.certification.data import base_rule_text
from lti_tool.certification.rules.criteria import Criterion, Kind
from lti_tool.certification.rules.decision import Decision
from lti_tool.certification.rules.evaluate import evaluate
from lti_tool.certification.rules.facts import (
    COURSE_TOTAL,
    CompletionFact,
    EvidenceFact,
    EvidenceKind,
    EvidenceState,
    Facts,
    GradeFact,
    MappedCourse,
    ValidatorRole,
)
from lti_tool.certification.rules.leaves.grade import GradeLeaf, Percent, Scale
from lti_tool.certification.rules.model import Route, Rule
from lti_tool.certification.rules.parser import parse_rule

NOW = datetime(2027, 3, 12, 2, 10, tzinfo=UTC)
READ = datetime(2027, 3, 11, 2, 10, tzinfo=UTC)
CLOSED = datetime(2027, 3, 1, tzinfo=UTC)
COURSE = "RMP4-SOCLE"
PERSON = "person-1"
SIXTY = Percent(Decimal(60))
LEVELS = Scale(("Non acquis", "En cours", "Acquis", "Expert"), 3)
UNSAID: Any = object()


def a_grade(final: str | None, **said: Any) -> GradeFact:
    """A visible course total out of 100, read yesterday."""
    fact: dict[str, Any] = {
        "site": "moodle-1",
        "course": COURSE,
        "item": COURSE_TOTAL,
        "snapshot_id": "snapshot-1",
        "fetched_at": READ,
        "grademin": Decimal(0),
        "grademax": Decimal(100),
        "hidden": False,
        "overridden": False,
        "locked": False,
        "excluded": False,
        "needs_update": False,
    }
    return GradeFact(final=None if final is None else Decimal(final), **(fact | said))


def a_completion(completed: bool | None = True, **said: Any) -> CompletionFact:
    fact: dict[str, Any] = {
        "site": "moodle-1",
        "course": COURSE,
        "snapshot_id": "completion-1",
        "fetched_at": READ,
    }
    return CompletionFact(completed=completed, **(fact | said))


def an_action(**said: Any) -> EvidenceFact:
    """A real action validated by an independent trainer."""
    fact: dict[str, Any] = {
        "id": "evidence-1",
        "kind": EvidenceKind.REAL_ACTION,
        "state": EvidenceState.ACCEPTED,
        "happened_on": date(2027, 1, 20),
        "validated_by": "trainer-1",
        "validator_is_independent": True,
        "validator_roles": frozenset({ValidatorRole.TRAINER}),
    }
    return EvidenceFact(**(fact | said))


def facts_with(
    *grades: GradeFact,
    completions: Any = UNSAID,
    evidence: Any = UNSAID,
    mapped: Any = UNSAID,
) -> Facts:
    return Facts.of(
        PERSON,
        grades=grades,
        completions=[a_completion()] if completions is UNSAID else completions,
        evidence=[an_action()] if evidence is UNSAID else evidence,
        mapped=[MappedCourse(COURSE)] if mapped is UNSAID else mapped,
    )


def rule_r(changes: dict[str, str] | None = None) -> Rule:
    """The base rule for RMP-ADL-4; `changes` replaces texts of its YAML."""
    text = base_rule_text()
    for old, new in (changes or {}).items():
        assert old in text
        text = text.replace(old, new)
    return parse_rule(text).for_domain("RMP-ADL-4", "Recherche scientifique")


def decide(facts: Facts, rule: Rule | None = None, at: datetime = NOW) -> Decision:
    return evaluate(rule or rule_r(), facts, Route.FORMATION, at)


def grade_leaf(threshold: Percent | Scale = SIXTY, **said: Any) -> GradeLeaf:
    return GradeLeaf(course=COURSE, item=COURSE_TOTAL, threshold=threshold, **said)


def the(kind: Kind, decision: Decision) -> Criterion:
    """The only leaf of that kind."""
    (leaf,) = [leaf for leaf in decision.leaves() if leaf.kind is kind]
    return leaf

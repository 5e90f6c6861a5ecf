"""The walk down the rule: mapped courses, alternatives, several sites, refusals."""

from datetime import datetime
from decimal import Decimal

import pytest

from lti_tool.certification.data import base_rule_text
from lti_tool.certification.rules.criteria import Criterion, Kind
from lti_tool.certification.rules.evaluate import evaluate
from lti_tool.certification.rules.facts import Facts, MappedCourse, MappingKind
from lti_tool.certification.rules.logic import Status
from lti_tool.certification.rules.model import Route
from lti_tool.certification.rules.parser import parse_rule
from lti_tool.certification.rules.reasons import Reason
from tests.unit.certification.given import (
    NOW,
    PERSON,
    a_completion,
    a_grade,
    an_action,
    decide,
    rule_r,
)

S, A, N = Status.SATISFIED, Status.PENDING, Status.NOT_SATISFIED


def learner(mapped: list[MappedCourse], **courses: tuple[str, bool]) -> Facts:
    """A learner with a validated action and, by course, a grade and whether it is completed."""
    return Facts.of(
        PERSON,
        grades=[a_grade(final, course=name) for name, (final, _) in courses.items()],
        completions=[a_completion(done, course=name) for name, (_, done) in courses.items()],
        evidence=[an_action()],
        mapped=mapped,
    )


def mapped_part(facts: Facts) -> Criterion:
    (part,) = [child for child in decide(facts).root.children if child.kind is Kind.MAPPED]
    return part


def test_no_mapped_course_is_pending_for_its_own_reason() -> None:
    part = mapped_part(learner([]))
    assert (part.status, part.reason) == (A, Reason.NO_MAPPED_COURSE)


def test_optional_courses_never_enter_the_rule() -> None:
    optional = MappedCourse("C", MappingKind.OPTIONAL)
    assert mapped_part(learner([optional], C=("90", True))).reason is Reason.NO_MAPPED_COURSE
    required = MappedCourse("A")
    assert mapped_part(learner([required, optional], A=("70", True), C=("0", False))).status is S


def test_every_required_course_is_needed() -> None:
    both = [MappedCourse("A"), MappedCourse("B")]
    assert mapped_part(learner(both, A=("70", True), B=("70", True))).status is S
    assert mapped_part(learner(both, A=("70", True), B=("50", True))).status is N
    assert mapped_part(learner(both, A=("70", True))).status is A


def test_the_order_in_which_courses_were_mapped_changes_nothing() -> None:
    one, other = MappedCourse("A"), MappedCourse("B")
    read = {"A": ("70", True), "B": ("50", True)}
    assert decide(learner([one, other], **read)) == decide(learner([other, one], **read))


def test_one_course_of_each_group_of_alternatives_is_enough() -> None:
    choices = [
        MappedCourse("A", MappingKind.CHOICE, "g1"),
        MappedCourse("B", MappingKind.CHOICE, "g1"),
        MappedCourse("C", MappingKind.CHOICE, "g2"),
    ]
    assert mapped_part(learner(choices, A=("20", True), B=("70", True), C=("60", True))).status is S
    assert mapped_part(learner(choices, A=("70", True), B=("70", True))).status is A


def test_an_alternative_cannot_lend_its_grade_to_another() -> None:
    choices = [MappedCourse("A", MappingKind.CHOICE), MappedCourse("B", MappingKind.CHOICE)]
    part = mapped_part(learner(choices, A=("80", False), B=("30", True)))
    assert part.status is A


def test_a_course_taken_on_two_sites_counts_on_the_best_of_them() -> None:
    facts = Facts.of(
        PERSON,
        grades=[a_grade("40", site="moodle-1"), a_grade("65", site="moodle-2")],
        completions=[a_completion()],
        evidence=[an_action()],
        mapped=[MappedCourse("RMP4-SOCLE")],
    )
    decision = decide(facts)
    assert decision.status is S
    grades = [leaf for leaf in decision.leaves() if leaf.kind is Kind.GRADE]
    assert [leaf.source and leaf.source.site for leaf in grades] == ["moodle-1", "moodle-2"]
    assert len({leaf.path for leaf in decision.leaves()}) == 4


def test_v15_courses_of_two_linked_sites_are_both_cited() -> None:
    text = base_rule_text().replace(
        "    all:\n      - mapped:",
        "    all:\n"
        "      - grade: {course: RMP4-QUALI, item: {idnumber: GRILLE}, unit: scale,\n"
        "                scale: [Non acquis, En cours, Acquis, Expert], min: Acquis}\n"
        "      - mapped:",
    )
    rule = parse_rule(text).for_domain("RMP-ADL-4", "Recherche")
    facts = Facts.of(
        PERSON,
        grades=[
            a_grade("65", site="moodle-1"),
            a_grade(
                "3",
                site="moodle-2",
                course="RMP4-QUALI",
                item="idnumber:GRILLE",
                grademin=Decimal(1),
                grademax=Decimal(4),
                label="Acquis",
            ),
        ],
        completions=[a_completion()],
        evidence=[an_action()],
        mapped=[MappedCourse("RMP4-SOCLE")],
    )
    decision = decide(facts, rule)
    assert decision.status is S
    sites = {leaf.source.site for leaf in decision.leaves() if leaf.source}
    assert sites == {"moodle-1", "moodle-2"}


def test_a_decision_says_which_rule_version_and_domain_it_applies() -> None:
    decision = decide(learner([]))
    assert (decision.rule, decision.version, decision.domain) == ("RMP-ADL-4", 1, "RMP-ADL-4")
    assert decision.title == "Certification en plaidoyer — Recherche scientifique"


def test_a_rule_for_each_domain_must_be_given_one_before_it_decides() -> None:
    rule = parse_rule(base_rule_text())
    with pytest.raises(ValueError, match="each domain"):
        evaluate(rule, learner([]), Route.FORMATION, NOW)
    with pytest.raises(ValueError, match="already that of"):
        rule_r().for_domain("RMP-ADL-5", "Photographie et plaidoyer")


def test_a_subtheme_gives_its_own_code() -> None:
    rule = parse_rule(base_rule_text()).for_domain("RMP-ADL-3", "Santé", "sante")
    assert (rule.code, rule.subtheme) == ("RMP-ADL-3-SANTE", "sante")


def test_a_route_that_the_rule_lacks_and_a_naive_moment_are_refused() -> None:
    with pytest.raises(ValueError, match="no route vae"):
        evaluate(rule_r(), learner([]), Route.VAE, NOW)
    with pytest.raises(ValueError, match="time zone"):
        evaluate(rule_r(), learner([]), Route.FORMATION, datetime(2027, 3, 12))  # noqa: DTZ001 - naive on purpose

"""The text of a rule: what is read, what is refused, at which line, and what was expected."""

from datetime import date
from decimal import Decimal

import pytest

from lti_tool.certification.data import base_rule_text
from lti_tool.certification.rules.facts import EvidenceKind, ValidatorRole
from lti_tool.certification.rules.leaves import CompletionLeaf, EvidenceLeaf, GradeLeaf
from lti_tool.certification.rules.leaves.grade import HiddenPolicy, Percent, Scale
from lti_tool.certification.rules.model import AllOf, AnyOf, AtLeast, Effective, Mapped, Route
from lti_tool.certification.rules.parser import RuleError, RuleErrorCode, parse_rule

HEAD = """\
rule: RMP-ADL-4
version: 3
title: "Certification en plaidoyer — Recherche scientifique"
domain: RMP-ADL-4
effective: {from: 2026-09-01, to: null}
routes:
  formation:
"""
FULL = (
    HEAD
    + """\
    all:
      - grade: {course: "RMP4-SOCLE", item: course_total, unit: percent, min: 60,
                missing: pending, after_deadline: fail, hidden: accept, overridden: flag}
      - at_least: {k: 1, of: [
          {grade: {course: "RMP4-QUANTI", item: {idnumber: EVAL_FINALE}, unit: percent, min: 50.5}},
          {grade: {course: "RMP4-QUALI", item: {idnumber: GRILLE}, unit: scale,
                   scale: ["Non acquis","En cours","Acquis","Expert"], min: "Acquis"}}]}
      - any: [{completion: {course: "RMP4-SOCLE"}}, {completion: {course: mapped}}]
      - evidence: {type: action_reelle, count: 1, since: P18M, validated_by: trainer,
                   independent_of: author}
"""
)


def test_the_rule_of_the_specification_is_read_whole() -> None:
    rule = parse_rule(FULL)
    assert (rule.code, rule.version, rule.domain, rule.subtheme) == (
        "RMP-ADL-4",
        3,
        "RMP-ADL-4",
        None,
    )
    assert rule.effective == Effective(date(2026, 9, 1), None)
    assert rule.routes[Route.FORMATION] == AllOf(
        (
            GradeLeaf(
                course="RMP4-SOCLE",
                item="course_total",
                threshold=Percent(Decimal(60)),
                hidden=HiddenPolicy.ACCEPT,
            ),
            AtLeast(
                1,
                (
                    GradeLeaf(
                        course="RMP4-QUANTI",
                        item="idnumber:EVAL_FINALE",
                        threshold=Percent(Decimal("50.5")),
                    ),
                    GradeLeaf(
                        course="RMP4-QUALI",
                        item="idnumber:GRILLE",
                        threshold=Scale(("Non acquis", "En cours", "Acquis", "Expert"), 3),
                    ),
                ),
            ),
            AnyOf((CompletionLeaf(course="RMP4-SOCLE"), Mapped(CompletionLeaf(course=None)))),
            EvidenceLeaf(
                kind=EvidenceKind.REAL_ACTION,
                count=1,
                validated_by=frozenset({ValidatorRole.TRAINER}),
                since_months=18,
            ),
        )
    )


def test_the_base_rule_is_read_for_each_domain() -> None:
    rule = parse_rule(base_rule_text())
    assert rule.domain == "each"
    node = rule.routes[Route.FORMATION]
    assert isinstance(node, AllOf)
    assert [type(child) for child in node.children] == [Mapped, EvidenceLeaf]


def test_a_leaf_without_course_stands_under_the_mapped_courses_of_its_own() -> None:
    rule = parse_rule(HEAD + "    completion: {}\n")
    assert rule.routes[Route.FORMATION] == Mapped(CompletionLeaf(course=None))


def test_a_rule_is_in_force_from_its_first_day_to_its_last() -> None:
    effective = Effective(date(2026, 9, 1), date(2027, 8, 31))
    inside = [date(2026, 9, 1), date(2027, 8, 31)]
    assert all(effective.covers(day) for day in inside)
    assert not effective.covers(date(2026, 8, 31))
    assert not effective.covers(date(2027, 9, 1))
    assert Effective(date(2026, 9, 1)).covers(date(2099, 1, 1))


GRADE = "    grade: {item: course_total, unit: percent, min: 60}\n"


@pytest.mark.parametrize(
    ("text", "line", "code", "expected"),
    [
        ("", 1, RuleErrorCode.WRONG_TYPE, "a mapping"),
        ("- rule", 1, RuleErrorCode.WRONG_TYPE, "a mapping"),
        ("rule: R\nversion: [", 2, RuleErrorCode.SYNTAX, "YAML"),
        ("rule: R\nversion: \x07", 2, RuleErrorCode.SYNTAX, "printable"),
        ("rule: R\nrule: S\n", 2, RuleErrorCode.DUPLICATE_KEY, "rule"),
        ("rule: R\nseuil: 3\n", 2, RuleErrorCode.UNKNOWN_KEY, "version"),
        ("rule: R\nversion: 1\n", 1, RuleErrorCode.MISSING_KEY, "title"),
        ("rule: &a R\ntitle: *a\n", 1, RuleErrorCode.ALIAS, "no &"),
        ("a: " + "[" * 50 + "]" * 50, 1, RuleErrorCode.TOO_DEEP, "levels"),
        ("#" * 70_000, 1, RuleErrorCode.TOO_LARGE, "characters"),
        (HEAD.replace("version: 3", "version: 3.5") + GRADE, 2, RuleErrorCode.BAD_VALUE, "whole"),
        (HEAD.replace("version: 3", 'version: "3"') + GRADE, 2, RuleErrorCode.BAD_VALUE, "number"),
        (HEAD.replace("version: 3", "version: 0") + GRADE, 2, RuleErrorCode.BAD_VALUE, "1 …"),
        (
            HEAD.replace("domain: RMP-ADL-4", "domain: RMP-ADL-16") + GRADE,
            4,
            RuleErrorCode.BAD_VALUE,
            "RMP-ADL-15",
        ),
        (
            HEAD.replace("effective:", "subtheme: sante\neffective:") + GRADE,
            5,
            RuleErrorCode.BAD_VALUE,
            "RMP-ADL-3",
        ),
        (HEAD.replace("2026-09-01", "2026-02-30") + GRADE, 5, RuleErrorCode.BAD_VALUE, "YYYY"),
        (HEAD.replace("to: null", "to: 2026-08-31") + GRADE, 5, RuleErrorCode.BAD_VALUE, ">= 2026"),
        (HEAD.replace("formation:", "{}"), 7, RuleErrorCode.MISSING_KEY, "formation"),
        (HEAD.replace("formation", "stage") + GRADE, 7, RuleErrorCode.UNKNOWN_KEY, "vae"),
        (HEAD + "    all: []\n", 8, RuleErrorCode.BAD_VALUE, "at least one"),
        (HEAD + "    all: {}\n", 8, RuleErrorCode.WRONG_TYPE, "a list"),
        (HEAD + "    {}\n", 8, RuleErrorCode.WRONG_TYPE, "one key"),
        (HEAD + "    attendance: {}\n", 8, RuleErrorCode.UNKNOWN_KEY, "evidence"),
        (
            HEAD + "    at_least:\n      k: 2\n      of: [{completion: {}}]\n",
            9,
            RuleErrorCode.BAD_VALUE,
            "1 … 1",
        ),
        (
            HEAD + "    mapped: {mapped: {completion: {}}}\n",
            8,
            RuleErrorCode.BAD_VALUE,
            "once",
        ),
        (HEAD + GRADE.replace("60", "101"), 8, RuleErrorCode.BAD_VALUE, "0 … 100"),
        (HEAD + GRADE.replace("60", "soixante"), 8, RuleErrorCode.BAD_VALUE, "a number"),
        (HEAD + GRADE.replace("percent", "points"), 8, RuleErrorCode.BAD_VALUE, "percent | scale"),
        (HEAD + GRADE.replace("course_total", "total"), 8, RuleErrorCode.BAD_VALUE, "idnumber"),
        (
            HEAD + GRADE.replace("min: 60", "min: 60, hidden: show"),
            8,
            RuleErrorCode.BAD_VALUE,
            "pending | accept",
        ),
        (
            HEAD + GRADE.replace("min: 60", "min: 60, scale: [A]"),
            8,
            RuleErrorCode.UNKNOWN_KEY,
            "no scale",
        ),
        (
            HEAD + "    grade:\n      item: course_total\n      unit: scale\n      min: A\n",
            10,
            RuleErrorCode.MISSING_KEY,
            "scale",
        ),
        (
            HEAD
            + "    grade: {item: course_total, unit: scale,\n      scale: [A, B],\n      min: C}\n",
            10,
            RuleErrorCode.BAD_VALUE,
            "A | B",
        ),
        (
            HEAD + "    grade: {item: course_total, unit: scale, min: A,\n      scale: [A, A]}\n",
            9,
            RuleErrorCode.BAD_VALUE,
            "each level once",
        ),
        (
            HEAD + "    evidence: {type: selfie, count: 1, validated_by: trainer}\n",
            8,
            RuleErrorCode.BAD_VALUE,
            "action_reelle",
        ),
        (
            HEAD + "    evidence: {type: action_reelle, count: 0, validated_by: trainer}\n",
            8,
            RuleErrorCode.BAD_VALUE,
            "1 … 99",
        ),
        (
            HEAD
            + "    evidence: {type: action_reelle, count: 1, validated_by: trainer, since: 18}\n",
            8,
            RuleErrorCode.BAD_VALUE,
            "P18M",
        ),
        (
            HEAD
            + "    evidence: {type: action_reelle, count: 1, validated_by: trainer,\n"
            + "               independent_of: nobody}\n",
            9,
            RuleErrorCode.BAD_VALUE,
            "author",
        ),
    ],
)
def test_an_error_names_its_line_and_what_was_expected(
    text: str, line: int, code: RuleErrorCode, expected: str
) -> None:
    with pytest.raises(RuleError) as caught:
        parse_rule(text)
    assert (caught.value.line, caught.value.code) == (line, code)
    assert expected in caught.value.expected


def test_an_error_gives_its_address_in_the_rule_and_what_was_found() -> None:
    text = HEAD + "    all:\n      - completion: {}\n      - completion: {cours: X}\n"
    with pytest.raises(RuleError) as caught:
        parse_rule(text)
    assert caught.value.where == "routes.formation.all[1].completion.cours"
    assert caught.value.found == "cours"


@pytest.mark.parametrize(("text", "months"), [("P18M", 18), ("P2Y", 24), ("P1Y6M", 18)])
def test_a_period_is_counted_in_months(text: str, months: int) -> None:
    rule = parse_rule(
        HEAD
        + f"    evidence: {{type: action_reelle, count: 1, validated_by: jury, since: {text}}}\n"
    )
    leaf = rule.routes[Route.FORMATION]
    assert isinstance(leaf, EvidenceLeaf)
    assert leaf.since_months == months

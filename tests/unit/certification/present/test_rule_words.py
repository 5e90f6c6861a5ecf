"""A rule in French sentences."""

from __future__ import annotations

from lti_tool.certification.data import base_rule_text
from lti_tool.certification.present.rule_words import Sentence, rule_sentences
from lti_tool.certification.rules.model import Route
from lti_tool.certification.rules.parser import parse_rule

BESIDE = """
rule: ESSAI
version: 1
title: "Essai"
domain: RMP-ADL-4
effective: {from: 2026-09-01, to: null}
routes:
  formation:
    all:
      - at_least:
          k: 2
          of:
            - grade: {course: A, item: course_total, unit: percent, min: 50}
            - grade: {course: B, item: {idnumber: GRILLE}, unit: scale, scale: [Non, Oui], min: Oui}
            - all:
                - completion: {course: A}
                - completion: {course: B}
      - any:
          - evidence: {type: action_reelle, count: 2, since: P18M, validated_by: trainer, independent_of: author}
          - evidence: {type: outil_aide_decision, count: 1, validated_by: [trainer, jury], independent_of: author}
"""


def said(text: str) -> list[str]:
    """The sentences of a rule, one a line, parts after a dash."""
    node = parse_rule(text).routes[Route.FORMATION]
    lines: list[str] = []

    def write(sentence: Sentence, depth: int) -> None:
        lines.append("- " * depth + sentence.text.replace("\N{NO-BREAK SPACE}", " "))
        for part in sentence.parts:
            write(part, depth + 1)

    for sentence in rule_sentences(node, {"A": "Cours A", "B": "Cours B"}):
        write(sentence, 0)
    return lines


def test_the_base_rule_reads_as_a_person_would_say_it() -> None:
    assert said(base_rule_text()) == [
        "Dans chaque cours requis du domaine, et dans l’un des cours au choix s’il y en a :",
        "- Une note totale de 60 % ou plus.",
        "- Le cours achevé dans Moodle.",
        "Action réelle de plaidoyer : une preuve validée par une personne indépendante "
        "(coordination, formateur·rice du cours).",
    ]


def test_every_kind_of_node_has_its_sentence() -> None:
    assert said(BESIDE) == [
        "2 de ces critères sont demandés :",
        "- Note totale du cours « Cours A » : 50 % ou plus.",
        "- Note « GRILLE » du cours « Cours B » : « Oui » ou plus.",
        "- Tous ces critères :",
        "- - Le cours « Cours A » achevé dans Moodle.",
        "- - Le cours « Cours B » achevé dans Moodle.",
        "L’un de ces critères suffit :",
        "- Action réelle de plaidoyer : 2 preuves validées par une personne indépendante "
        "(formateur·rice du cours), menée depuis moins de 18 mois.",
        "- Outil d’aide à la décision : une preuve validée par une personne indépendante "
        "(formateur·rice du cours, jury).",
    ]

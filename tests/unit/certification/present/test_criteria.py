"""A decision as readers see it: flattened, in words, without what is not theirs."""

from __future__ import annotations

from decimal import Decimal

from lti_tool.certification.present.criteria import (
    CriterionView,
    learner_criteria,
    trainer_criteria,
)
from lti_tool.certification.rules.decision import Decision
from lti_tool.certification.rules.facts import MappedCourse, MappingKind
from lti_tool.certification.rules.logic import Status
from lti_tool.certification.rules.reasons import Reason
from tests.unit.certification.given import (
    COURSE,
    a_completion,
    a_grade,
    decide,
    facts_with,
    rule_r,
)

NAMES = {COURSE: "Socle"}


def for_trainer(decision: Decision, *, sees: bool = True) -> dict[str, CriterionView]:
    found = trainer_criteria(decision, NAMES, lambda _site, _course: sees)
    return {view.label: view for view in found}


def for_learner(decision: Decision) -> dict[str, CriterionView]:
    return {view.label: view for view in learner_criteria(decision, NAMES)}


GRADE = "Note totale du cours « Socle »"
DONE = "Achèvement du cours « Socle »"
ACTION = "Action réelle de plaidoyer"


def test_what_is_needed_is_one_list_in_the_rules_order() -> None:
    views = for_trainer(decide(facts_with(a_grade("75"))))
    assert list(views) == [GRADE, DONE, ACTION]
    assert all(view.status is Status.SATISFIED and not view.next for view in views.values())


def test_a_grade_says_what_was_read_and_what_is_asked() -> None:
    view = for_trainer(decide(facts_with(a_grade("59.995"))))[GRADE]
    # Cut, never rounded: what is below the threshold does not read as the threshold.
    assert (
        view.measured.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
        == "59,9 %"
    )
    assert view.threshold.startswith("60")
    assert view.read_at is not None
    assert view.next


def test_a_missing_grade_has_no_value_at_all() -> None:
    view = for_learner(decide(facts_with(a_grade(None))))[GRADE]
    assert (view.measured, view.reason) == ("", "Pas encore noté.")


def test_the_learner_reads_nothing_of_a_hidden_grade_and_the_trainer_does() -> None:
    decision = decide(facts_with(a_grade("81.25", hidden=True)))
    seen = for_learner(decision)[GRADE]
    assert (seen.measured, seen.read_at, seen.status) == ("", None, Status.PENDING)
    assert "81,2" in for_trainer(decision)[GRADE].measured


def test_a_decision_is_never_shown_to_a_learner_in_full() -> None:
    decision = decide(facts_with(a_grade("81.25", hidden=True)))
    assert learner_criteria(decision, NAMES) == learner_criteria(decision.for_learner(), NAMES)


def test_another_courses_values_are_not_shown_and_its_status_is() -> None:
    view = for_trainer(decide(facts_with(a_grade("48"))), sees=False)[GRADE]
    assert (view.measured, view.threshold, view.read_at) == ("", "", None)
    assert view.status is Status.NOT_SATISFIED
    assert "autre cours" in view.reason


def test_evidence_belongs_to_no_course_and_is_always_shown() -> None:
    view = for_trainer(decide(facts_with(a_grade("75"))), sees=False)[ACTION]
    assert view.reason == "Critère rempli."


def test_one_evidence_asked_for_is_never_counted_as_zero() -> None:
    view = for_learner(decide(facts_with(a_grade("75"), evidence=[])))[ACTION]
    assert (view.measured, view.threshold) == ("", "")


def test_several_pieces_of_evidence_asked_for_are_counted() -> None:
    view = for_learner(decide(facts_with(a_grade("75")), rule_r({"count: 1": "count: 2"})))[ACTION]
    assert (view.measured, view.threshold) == ("une preuve validée", "2 preuves validées ou plus")


def test_a_flag_is_said_to_trainers_and_not_to_learners() -> None:
    decision = decide(facts_with(a_grade("65", overridden=True)))
    assert "saisie à la main" in for_trainer(decision)[GRADE].reason
    assert "saisie à la main" not in for_learner(decision)[GRADE].reason


def test_alternatives_stay_together() -> None:
    other = "RMP4-QUANTI"
    decision = decide(
        facts_with(
            a_grade("20"),
            a_grade("75", course=other),
            completions=[a_completion(), a_completion(course=other)],
            mapped=[
                MappedCourse(COURSE, MappingKind.CHOICE, "a"),
                MappedCourse(other, MappingKind.CHOICE, "a"),
            ],
        )
    )
    group = for_trainer(decision)["Au choix : l’un de ces critères suffit"]
    assert group.status is Status.SATISFIED
    assert [view.label for view in group.children] == ["Cours « RMP4-QUANTI »", "Cours « Socle »"]
    assert [view.status for view in group.children] == [Status.SATISFIED, Status.NOT_SATISFIED]
    assert [view.label for view in group.children[1].children] == [GRADE, DONE]


def test_a_domain_without_course_says_so() -> None:
    views = for_trainer(decide(facts_with(mapped=[])))
    assert views["Cours du domaine"].reason == "Aucun cours ne compte encore pour ce domaine."


def test_a_level_of_a_scale_is_shown_by_its_word() -> None:
    rule = rule_r(
        {
            "unit: percent": "unit: scale\n                scale: [Non acquis, En cours, Acquis, Expert]",
            "min: 60": "min: Acquis",
        }
    )
    grade = a_grade("2", grademin=Decimal(1), grademax=Decimal(4), label="En cours")
    view = for_trainer(decide(facts_with(grade), rule))[GRADE]
    assert (view.measured, view.threshold) == ("« En cours »", "« Acquis » ou plus")


def test_the_stored_reason_goes_along_for_whoever_chooses_what_comes_first() -> None:
    view = for_learner(decide(facts_with(a_grade("75"), evidence=[])))[ACTION]
    assert view.why is Reason.EVIDENCE_MISSING

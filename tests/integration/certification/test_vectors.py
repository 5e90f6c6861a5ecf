"""Vectors V1–V9b, V11–V13, V20 and V23 of the specification, from stored rows to the proposal."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.certification.models import Award, AwardState, EvidenceState
from lti_tool.certification.rules.criteria import Kind
from lti_tool.certification.rules.decision import Decision
from lti_tool.certification.rules.drift import Drift, compare
from lti_tool.certification.rules.logic import Status
from lti_tool.certification.rules.reasons import Flag, Reason
from lti_tool.certification.service.awards import approve
from lti_tool.certification.service.evaluation import propose_in_course
from lti_tool.certification.service.evidence import review_evidence
from lti_tool.grades.models import GradeItem
from lti_tool.lti.models import LineItem, Outcome
from lti_tool.people.models import Role
from lti_tool.platforms.models import Registration
from tests.factories import affiliate, make_grant, make_partner, make_person
from tests.integration.certification.given import rule_text, the, today
from tests.integration.certification.world import READ, World


def test_v1_the_nominal_case_is_satisfied_and_proposed(world: World) -> None:
    world.satisfy(world.learner)
    leaf = world.grade_criterion(world.learner)
    assert (leaf.status, leaf.measured.amount) == (Status.SATISFIED, Decimal("75.00000"))
    assert world.decide(world.learner).status is Status.SATISFIED
    award = world.session.scalars(select(Award)).one()
    assert (award.state, award.person_id) == (AwardState.PROPOSED, world.learner.id)
    assert Decision.from_dict(award.decision).status is Status.SATISFIED


def test_v2_zero_is_a_grade(world: World) -> None:
    world.satisfy(world.learner, "0")
    leaf = world.grade_criterion(world.learner)
    assert (leaf.status, leaf.reason) == (Status.NOT_SATISFIED, Reason.BELOW_THRESHOLD)
    assert leaf.measured.amount == 0
    assert world.session.scalar(select(func.count()).select_from(Award)) == 0


def test_v3_a_missing_grade_is_pending_and_has_no_value(world: World) -> None:
    world.satisfy(world.learner)
    world.grade(world.learner, None)
    leaf = world.grade_criterion(world.learner)
    assert (leaf.status, leaf.reason, leaf.measured) == (Status.PENDING, Reason.MISSING, None)


def test_a_column_made_again_decides_and_not_the_one_that_was_deleted(world: World) -> None:
    world.satisfy(world.learner, "90")
    deleted = world.session.scalars(select(GradeItem)).one()
    deleted.item_type = "former"  # out of sight of the world, which makes another
    world.grade(world.learner, "30")
    deleted.item_type, deleted.gone_at = "course", READ
    world.session.commit()
    leaf = world.grade_criterion(world.learner)
    assert (leaf.status, leaf.measured.amount) == (Status.NOT_SATISFIED, Decimal("30.00000"))


def test_v4_a_hidden_grade_is_pending_and_its_value_is_not_the_learners(world: World) -> None:
    world.satisfy(world.learner, "80", hidden=True)
    leaf = world.grade_criterion(world.learner)
    assert (leaf.status, leaf.reason) == (Status.PENDING, Reason.HIDDEN)
    shown = the(Kind.GRADE, world.decide(world.learner).for_learner())
    assert (shown.measured, shown.reading, shown.source) == (None, None, None)


def test_v4_a_hidden_grade_that_the_rule_accepts_is_still_not_shown(session: Session) -> None:
    with today():
        world = World.make(session, {"hidden: pending": "hidden: accept"})
        world.satisfy(world.learner, "81.25", hidden=True)
        decision = world.decide(world.learner)
        assert decision.status is Status.SATISFIED
        assert Flag.HIDDEN_ACCEPTED in the(Kind.GRADE, decision).flags
        assert decision.for_learner().status is Status.PENDING
        assert "81.25" not in str(decision.for_learner().to_dict())


def test_v4b_a_grade_hidden_from_the_token_is_hidden_and_not_missing(world: World) -> None:
    world.satisfy(world.learner)
    world.grade(world.learner, None, hidden=True)
    assert world.grade_criterion(world.learner).reason is Reason.HIDDEN


def test_a_total_read_without_the_right_to_see_hidden_grades_is_not_relied_upon(
    world: World,
) -> None:
    world.satisfy(world.learner)
    world.site.check_findings = [{"capabilities": ["moodle/grade:viewhidden"]}]
    world.session.commit()
    leaf = world.grade_criterion(world.learner)
    assert (leaf.status, leaf.reason) == (Status.PENDING, Reason.ACCESS_DENIED)


def test_a_total_that_holds_a_hidden_grade_is_kept_from_the_learner(world: World) -> None:
    world.satisfy(world.learner)
    world.grade(world.learner, "90", item_type="mod", idnumber="EVAL", hidden=True)
    assert world.decide(world.learner).status is Status.SATISFIED
    assert world.decide(world.learner).for_learner().status is Status.PENDING


def test_v5_an_overridden_grade_counts_and_is_flagged(world: World) -> None:
    world.satisfy(world.learner, "65", overridden=True)
    leaf = world.grade_criterion(world.learner)
    assert (leaf.status, leaf.flags) == (Status.SATISFIED, (Flag.OVERRIDDEN,))


def test_v5_an_overridden_grade_waits_where_the_rule_rejects_it(session: Session) -> None:
    with today():
        world = World.make(session, {"overridden: flag": "overridden: reject"})
        world.satisfy(world.learner, "65", overridden=True)
        leaf = world.grade_criterion(world.learner)
        assert (leaf.status, leaf.reason) == (Status.PENDING, Reason.OVERRIDDEN_TO_CONFIRM)


@pytest.mark.parametrize(
    ("final", "maximum", "status", "measured"),
    [
        ("59.995", "100", Status.NOT_SATISFIED, "59.99500"),
        ("60", "100", Status.SATISFIED, "60.00000"),
        ("12", "20", Status.SATISFIED, "60.00000"),
    ],
)
def test_v6_the_boundary_is_exact(
    world: World, final: str, maximum: str, status: Status, measured: str
) -> None:
    world.satisfy(world.learner, final, grade_max=Decimal(maximum))
    leaf = world.grade_criterion(world.learner)
    assert (leaf.status, leaf.measured.amount) == (status, Decimal(measured))


@pytest.mark.parametrize(
    ("value", "maximum", "label", "status", "reason"),
    [
        ("3", "4", "Acquis", Status.SATISFIED, Reason.SATISFIED),
        ("2", "4", "En cours", Status.NOT_SATISFIED, Reason.BELOW_THRESHOLD),
        ("3", "5", "Acquis", Status.PENDING, Reason.SCALE_CHANGED),
    ],
)
def test_v7_a_scale_is_compared_by_its_declared_words(
    session: Session, value: str, maximum: str, label: str, status: Status, reason: Reason
) -> None:
    scale = 'unit: scale\n                scale: ["Non acquis", "En cours", "Acquis", "Expert"]'
    changes = {
        "unit: percent": scale,
        "item: course_total": "item: {idnumber: GRILLE}",
        "min: 60": 'min: "Acquis"',
    }
    with today():
        world = World.make(session, changes)
        world.grade(
            world.learner,
            value,
            item_type="mod",
            idnumber="GRILLE",
            grade_min=Decimal(1),
            grade_max=Decimal(maximum),
            label=label,
        )
        leaf = world.grade_criterion(world.learner)
        assert (leaf.status, leaf.reason) == (status, reason)


@pytest.mark.parametrize(
    ("later", "drift"),
    [("71", Drift.NO_EFFECT), ("61", Drift.NO_EFFECT), ("48", Drift.GAP), ("62", Drift.NONE)],
)
def test_v8_v9_a_grade_changed_after_the_issue_leaves_the_award_as_it_is(
    world: World, later: str, drift: Drift
) -> None:
    world.satisfy(world.learner, "62")
    award = world.session.scalars(select(Award)).one()
    approve(world.session, award, actor_id=world.trainer.id)
    frozen = award.decision
    world.grade(world.learner, later)
    assert propose_in_course(world.session, world.course.id) == 0
    world.session.refresh(award)
    assert (award.state, award.decision) == (AwardState.ISSUED, frozen)
    assert compare(Decision.from_dict(frozen), world.decide(world.learner)) is drift


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("account_suspended", Reason.ACCOUNT_SUSPENDED),
        ("enrolment_suspended", Reason.ENROLMENT_SUSPENDED),
        ("enrolment_expired", Reason.ENROLMENT_EXPIRED),
        ("enrolment_future", Reason.ENROLMENT_FUTURE),
        ("enrolment_inactive", Reason.ENROLMENT_INACTIVE),
        ("gone", Reason.GONE),
    ],
)
def test_v11_v12_who_cannot_be_read_is_pending_and_never_missing(
    world: World, reason: str, expected: Reason
) -> None:
    world.satisfy(world.learner, "70")
    world.unreadable(world.learner, reason)
    leaf = world.grade_criterion(world.learner)
    assert (leaf.status, leaf.reason) == (Status.PENDING, expected)
    assert leaf.measured.amount == Decimal(70)


def test_v13_a_validation_by_the_authors_partner_lead_does_not_count(world: World) -> None:
    lead = make_person(world.session, "Référente Fictive", world.site)
    evidence = world.give_action(world.learner)
    world.accept(evidence, lead)
    partner = make_partner(world.session)
    affiliate(world.session, world.learner, partner)
    make_grant(world.session, lead, Role.PARTNER_LEAD, partner)
    world.session.commit()
    leaf = the(Kind.EVIDENCE, world.decide(world.learner))
    assert (leaf.status, leaf.reason) == (Status.NOT_SATISFIED, Reason.EVIDENCE_NOT_INDEPENDENT)


def test_v13_an_action_refused_leaves_the_rule_unsatisfied(world: World) -> None:
    review_evidence(
        world.session,
        world.give_action(world.learner),
        reviewer_id=world.trainer.id,
        reviewer_role="trainer",
        state=EvidenceState.REFUSED,
        reason="L’action n’a pas eu lieu.",
    )
    assert the(Kind.EVIDENCE, world.decide(world.learner)).reason is Reason.EVIDENCE_REFUSED


def test_v20_when_moodle_fails_the_last_snapshot_stays_with_its_date(world: World) -> None:
    world.satisfy(world.learner, "70")
    world.pull(error_code="MOODLE-TIMEOUT")
    leaf = world.grade_criterion(world.learner)
    assert (leaf.status, leaf.reason) == (Status.PENDING, Reason.MOODLE_UNREACHABLE)
    assert leaf.measured.amount == Decimal(70)
    assert leaf.source.fetched_at is not None


def test_v20_a_grade_being_recalculated_is_pending(world: World) -> None:
    world.satisfy(world.learner, "70", needs_update=True)
    assert world.grade_criterion(world.learner).reason is Reason.RECALCULATING


def test_a_total_that_holds_a_score_that_we_published_proposes_nobody(world: World) -> None:
    """Decision 0031: a false « obtenu » would be our own doing."""
    publish_in(world, "ancrage-progress")
    world.grade(world.learner, "100", item_type="manual", idnumber="ancrage-progress", counts=True)
    world.satisfy(world.learner, "95")
    leaf = world.grade_criterion(world.learner)
    assert (leaf.status, leaf.reason) == (Status.PENDING, Reason.OWN_SCORE_COUNTED)
    assert leaf.measured is None
    assert world.session.scalar(select(func.count()).select_from(Award)) == 0
    world.grade(world.learner, "100", item_type="manual", idnumber="ancrage-progress", counts=False)
    assert world.grade_criterion(world.learner).status is Status.SATISFIED


def test_a_grade_that_was_read_before_weights_were_is_not_believed(world: World) -> None:
    publish_in(world, "ancrage-progress")
    world.grade(world.learner, "100", item_type="manual", idnumber="ancrage-progress")
    world.grade(world.learner, "95")
    assert world.grade_criterion(world.learner).reason is Reason.OWN_SCORE_COUNTED
    other = world.new_learner()
    world.grade(other, None, item_type="manual", idnumber="ancrage-progress")
    world.grade(other, "95")
    assert world.grade_criterion(other).status is Status.SATISFIED


def publish_in(world: World, idnumber: str) -> None:
    """Have the tool publish in the column with this idnumber, the first of the course."""
    world.session.add(
        LineItem(
            course_id=world.course.id,
            registration_id=world.session.scalars(select(Registration.id)).one(),
            outcome=Outcome.PROGRESS,
            url=f"{world.site.base_url}/mod/lti/services.php/2/lineitems/1/lineitem",
            label=idnumber,
            score_maximum=Decimal(100),
            created_at=READ,
        )
    )
    world.session.commit()


def test_v23_an_engine_that_runs_twice_proposes_once(world: World) -> None:
    world.satisfy(world.learner)
    assert propose_in_course(world.session, world.course.id) == 0
    assert world.session.scalar(select(func.count()).select_from(Award)) == 1


def test_the_rule_of_the_tests_is_the_published_one(world: World) -> None:
    assert world.rule.text == rule_text()

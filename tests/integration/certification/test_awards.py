"""Proposals: who decides, once, on today's facts; refused ones come back on new facts only."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.anchoring.models import AnchoringCase
from lti_tool.certification.errors import (
    AlreadyDecided,
    NoLongerSatisfied,
    OwnProposal,
    ReasonMissing,
)
from lti_tool.certification.models import Award, AwardState
from lti_tool.certification.rules.decision import Decision
from lti_tool.certification.rules.logic import Status
from lti_tool.certification.service.awards import (
    approve,
    approve_together,
    count_proposals,
    proposals_of_course,
    refuse,
)
from lti_tool.certification.service.evaluation import propose_in_course
from lti_tool.certification.service.publishing import publish_rule
from lti_tool.credentials.models import Certificate
from lti_tool.errors import LtiToolError
from lti_tool.journal import entries_about
from lti_tool.people.models import Role
from tests.factories import (
    affiliate,
    make_course,
    make_grant,
    make_partner,
    make_person,
    make_site,
    map_course,
)
from tests.integration.certification.given import rule_text, today
from tests.integration.certification.world import World


def proposal(world: World) -> Award:
    world.satisfy(world.learner)
    return world.session.scalars(select(Award)).one()


def test_an_approval_issues_the_award_with_its_certificate_and_its_follow_up(world: World) -> None:
    award = approve(world.session, proposal(world), actor_id=world.trainer.id, reason="Jury.")
    assert (award.state, award.decided_by, award.decision_reason) == (
        AwardState.ISSUED,
        world.trainer.id,
        "Jury.",
    )
    assert Decision.from_dict(award.decision).status is Status.SATISFIED
    assert world.session.scalars(select(Certificate)).one().award_id == award.id
    assert world.session.scalars(select(AnchoringCase)).one().award_id == award.id
    actions = [entry.action for entry in entries_about(world.session, "award", award.id)]
    assert actions == ["award.proposed", "award.issued"]


def test_an_approval_rests_on_the_facts_of_the_day(world: World) -> None:
    award = proposal(world)
    world.grade(world.learner, "48")
    with pytest.raises(NoLongerSatisfied):
        approve(world.session, award, actor_id=world.trainer.id)
    world.session.rollback()
    assert world.session.get_one(Award, award.id).state == AwardState.PROPOSED


def test_an_approval_freezes_the_decision_and_the_rule_of_the_day(world: World) -> None:
    award = proposal(world)
    world.grade(world.learner, "80")
    newer = publish_rule(world.session, world.domain, rule_text({"min: 60": "min: 70"}), None)
    world.session.commit()
    approve(world.session, award, actor_id=world.trainer.id)
    assert award.rule_id == newer.id
    grade = Decision.from_dict(award.decision).leaves()[0]
    assert (grade.measured.amount, grade.threshold.amount) == (80, 70)


def test_nobody_decides_their_own_certification(world: World) -> None:
    award = proposal(world)
    with pytest.raises(OwnProposal):
        approve(world.session, award, actor_id=world.learner.id)
    with pytest.raises(OwnProposal):
        refuse(world.session, award, actor_id=world.learner.id, reason="")


def test_the_lead_of_the_learners_association_does_not_decide(world: World) -> None:
    award = proposal(world)
    partner = make_partner(world.session)
    affiliate(world.session, world.learner, partner)
    lead = make_person(world.session, "Référente Fictive", world.site)
    make_grant(world.session, lead, Role.PARTNER_LEAD, partner)
    world.session.commit()
    with pytest.raises(OwnProposal):
        approve(world.session, award, actor_id=lead.id)


def test_a_refusal_needs_a_reason_that_is_kept(world: World) -> None:
    award = proposal(world)
    with pytest.raises(ReasonMissing):
        refuse(world.session, award, actor_id=world.trainer.id, reason=" ")
    refuse(world.session, award, actor_id=world.trainer.id, reason="Entretien à reprendre.")
    assert (award.state, award.decision_reason) == (AwardState.REFUSED, "Entretien à reprendre.")


def test_a_decided_proposal_is_decided(world: World) -> None:
    award = proposal(world)
    refuse(world.session, award, actor_id=world.trainer.id, reason="Motif.")
    with pytest.raises(AlreadyDecided):
        approve(world.session, award, actor_id=world.trainer.id)


def test_a_refused_proposal_comes_back_on_new_facts_only(world: World) -> None:
    refuse(world.session, proposal(world), actor_id=world.trainer.id, reason="Motif.")
    assert propose_in_course(world.session, world.course.id) == 0
    world.grade(world.learner, "75")
    assert propose_in_course(world.session, world.course.id) == 0
    world.grade(world.learner, "82")
    assert propose_in_course(world.session, world.course.id) == 1
    states = world.session.scalars(select(Award.state).order_by(Award.id)).all()
    assert states == [AwardState.REFUSED, AwardState.PROPOSED]


def test_a_refused_proposal_comes_back_with_another_evidence(world: World) -> None:
    refuse(world.session, proposal(world), actor_id=world.trainer.id, reason="Motif.")
    world.accept(world.give_action(world.learner, title="Une autre action"))
    assert count_proposals(world.session, world.course.id) == 1


def test_proposals_of_a_course_are_not_those_of_another(world: World) -> None:
    award = proposal(world)
    other = make_course(world.session, world.site)
    assert [one.id for one in proposals_of_course(world.session, world.course.id)] == [award.id]
    assert proposals_of_course(world.session, other.id) == []


def test_several_are_approved_one_by_one_and_each_says_what_became_of_it(world: World) -> None:
    world.satisfy(world.learner)
    second = world.new_learner()
    world.satisfy(second)
    awards = proposals_of_course(world.session, world.course.id)
    world.grade(second, "20")
    issued, refused = approve_together(world.session, awards, actor_id=world.trainer.id)
    assert [one.person_id for one in issued] == [world.learner.id]
    assert [(one.person_id, error.code) for one, error in refused] == [(second.id, "CERT-CHANGED")]


def test_a_course_of_a_site_where_a_person_has_no_account_does_not_bind_them(world: World) -> None:
    elsewhere = make_site(world.session, "http://autre.localhost:8082")
    map_course(world.session, make_course(world.session, elsewhere), world.domain)
    world.session.commit()
    world.satisfy(world.learner)
    assert world.decide(world.learner).status is Status.SATISFIED


def race(sessions: sessionmaker[Session], *acts: object) -> list[str]:
    """Run the acts at once, each in its own session; return what each said."""
    together = Barrier(len(acts))
    said: list[str] = []

    def run(act: object) -> None:
        with today(), sessions() as session:
            together.wait(10)
            try:
                said.append(str(act(session)))  # type: ignore[operator]  # a function
            except LtiToolError as error:
                said.append(error.code)

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(said)


def test_two_approvers_at_once_issue_one_certificate(
    world: World, sessions: sessionmaker[Session]
) -> None:
    award_id = proposal(world).id
    second = make_person(world.session, "Second Formateur", world.site)
    world.session.commit()

    def approval(actor_id: int) -> object:
        return lambda session: (
            approve(session, session.get_one(Award, award_id), actor_id=actor_id).state
        )

    said = race(sessions, approval(world.trainer.id), approval(second.id))
    assert said == ["CERT-DECIDED", "issued"]
    assert world.session.scalar(select(func.count()).select_from(Certificate)) == 1
    assert world.session.scalar(select(func.count()).select_from(AnchoringCase)) == 1


def test_v23_two_engines_at_once_make_one_proposal(
    world: World, sessions: sessionmaker[Session]
) -> None:
    # The evidence comes first, so that everything is there and nobody proposed yet.
    world.accept(world.give_action(world.learner))
    world.grade(world.learner, "75")
    world.complete(world.learner)
    assert world.session.scalars(select(Award)).all() == []
    world.session.commit()
    course_id = world.course.id

    def engine(session: Session) -> int:
        return propose_in_course(session, course_id)

    assert race(sessions, engine, engine) == ["0", "1"]
    assert world.session.scalar(select(func.count()).select_from(Award)) == 1

"""Evidence: submission, reviews and their history, independence, and two people at once."""

from __future__ import annotations

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.certification.errors import (
    EvidenceAlreadyReviewed,
    EvidenceClosed,
    EvidenceIncomplete,
    NotIndependent,
    ReasonMissing,
    ReasonTooLong,
)
from lti_tool.certification.models import Award, Evidence, EvidenceReview, EvidenceState
from lti_tool.certification.service.evidence import (
    evidence_of,
    evidence_to_review,
    resubmit_evidence,
    review_evidence,
)
from lti_tool.errors import LtiToolError
from lti_tool.journal import entries_about
from lti_tool.people.models import Person, Role
from tests.factories import affiliate, make_grant, make_partner, make_person
from tests.integration.certification.given import NOW, an_action, today
from tests.integration.certification.world import World


def review(
    world: World,
    evidence: Evidence,
    state: EvidenceState,
    reason: str = "",
    reviewer: Person | None = None,
) -> EvidenceReview:
    return review_evidence(
        world.session,
        evidence,
        reviewer_id=(reviewer or world.trainer).id,
        reviewer_role="trainer",
        state=state,
        reason=reason,
    )


def test_the_history_keeps_every_decision_in_order(world: World) -> None:
    evidence = world.give_action(world.learner)
    review(world, evidence, EvidenceState.MORE_ASKED, "Dites quand.")
    resubmit_evidence(world.session, evidence, an_action(title="Audition, complétée"))
    review(world, evidence, EvidenceState.ACCEPTED)
    world.session.expire_all()
    assert [(one.state, one.reason) for one in evidence.reviews] == [
        (EvidenceState.MORE_ASKED, "Dites quand."),
        (EvidenceState.ACCEPTED, ""),
    ]
    assert (evidence.state, evidence.title) == (EvidenceState.ACCEPTED, "Audition, complétée")
    actions = [entry.action for entry in entries_about(world.session, "evidence", evidence.id)]
    assert actions == [
        "evidence.submitted",
        "evidence.more_asked",
        "evidence.resubmitted",
        "evidence.accepted",
    ]


def test_what_waits_is_listed_oldest_first_and_what_is_decided_is_not(world: World) -> None:
    first = world.give_action(world.learner, title="Première")
    with clock.set_to(NOW + timedelta(minutes=1)):
        world.give_action(world.learner, title="Deuxième")
    assert [one.title for one in evidence_to_review(world.session, world.course.id)] == [
        "Première",
        "Deuxième",
    ]
    review(world, first, EvidenceState.ACCEPTED)
    assert [one.title for one in evidence_to_review(world.session, world.course.id)] == ["Deuxième"]
    assert len(evidence_of(world.session, world.learner.id)) == 2


@pytest.mark.parametrize("state", [EvidenceState.MORE_ASKED, EvidenceState.REFUSED])
def test_a_refusal_and_a_request_for_more_need_a_reason(world: World, state: EvidenceState) -> None:
    evidence = world.give_action(world.learner)
    with pytest.raises(ReasonMissing):
        review(world, evidence, state, "  \n ")
    assert evidence.state == EvidenceState.SUBMITTED


def test_a_reason_longer_than_what_is_kept_is_refused_and_not_cut(world: World) -> None:
    evidence = world.give_action(world.learner)
    with pytest.raises(ReasonTooLong):
        review(world, evidence, EvidenceState.REFUSED, "x" * 1001)
    assert review(world, evidence, EvidenceState.REFUSED, "x" * 1000).reason == "x" * 1000


def test_nobody_reviews_their_own_evidence(world: World) -> None:
    evidence = world.give_action(world.trainer)
    with pytest.raises(NotIndependent):
        review(world, evidence, EvidenceState.ACCEPTED)
    assert NotIndependent.status == 403


def test_the_lead_of_the_authors_association_does_not_review(world: World) -> None:
    partner = make_partner(world.session)
    lead = make_person(world.session, "Référente Fictive", world.site)
    affiliate(world.session, world.learner, partner)
    grant = make_grant(world.session, lead, Role.PARTNER_LEAD, partner)
    evidence = world.give_action(world.learner)
    with pytest.raises(NotIndependent):
        review(world, evidence, EvidenceState.ACCEPTED, reviewer=lead)
    grant.revoked_at = NOW
    world.session.commit()
    assert review(world, evidence, EvidenceState.ACCEPTED, reviewer=lead).reviewer_id == lead.id


def test_the_lead_of_another_association_may_review(world: World) -> None:
    affiliate(world.session, world.learner, make_partner(world.session, "Association A"))
    lead = make_person(world.session, "Référent Fictif", world.site)
    make_grant(world.session, lead, Role.PARTNER_LEAD, make_partner(world.session, "Association B"))
    evidence = world.give_action(world.learner)
    review(world, evidence, EvidenceState.ACCEPTED, reviewer=lead)
    assert evidence.state == EvidenceState.ACCEPTED


def test_a_decided_evidence_is_neither_reviewed_again_nor_changed(world: World) -> None:
    evidence = world.give_action(world.learner)
    review(world, evidence, EvidenceState.REFUSED, "Hors sujet.")
    with pytest.raises(EvidenceAlreadyReviewed):
        review(world, evidence, EvidenceState.ACCEPTED)
    with pytest.raises(EvidenceClosed):
        resubmit_evidence(world.session, evidence, an_action(title="Autre"))
    world.session.refresh(evidence)
    assert (evidence.state, evidence.title) == (
        EvidenceState.REFUSED,
        "Audition fictive au conseil",
    )


def test_a_text_changed_since_it_was_read_is_not_accepted(world: World) -> None:
    evidence = world.give_action(world.learner)
    read_at = evidence.submitted_at
    with clock.set_to(NOW + timedelta(seconds=1)):
        resubmit_evidence(world.session, evidence, an_action(title="Tout autre chose"))
    with pytest.raises(EvidenceAlreadyReviewed):
        review_evidence(
            world.session,
            evidence,
            reviewer_id=world.trainer.id,
            reviewer_role="trainer",
            state=EvidenceState.ACCEPTED,
            read_at=read_at,
        )
    assert world.session.scalar(select(func.count()).select_from(EvidenceReview)) == 0


def test_an_incomplete_evidence_is_not_stored(world: World) -> None:
    with pytest.raises(EvidenceIncomplete):
        world.give_action(world.learner, title="", happened_on=date(2030, 1, 1))
    world.session.rollback()
    assert world.session.scalar(select(func.count()).select_from(Evidence)) == 0


def test_accepting_the_last_thing_asked_makes_the_proposal(world: World) -> None:
    world.grade(world.learner, "75")
    world.complete(world.learner)
    evidence = world.give_action(world.learner)
    assert world.session.scalar(select(func.count()).select_from(Award)) == 0
    review(world, evidence, EvidenceState.ACCEPTED)
    assert world.session.scalar(select(func.count()).select_from(Award)) == 1


def test_two_reviewers_at_once_make_one_decision(
    world: World, sessions: sessionmaker[Session]
) -> None:
    evidence_id = world.give_action(world.learner).id
    second = make_person(world.session, "Second Formateur", world.site)
    world.session.commit()
    both = Barrier(2)
    said: list[str] = []

    def decide(reviewer_id: int, state: EvidenceState) -> None:
        with today(), sessions() as session:
            both.wait(10)
            try:
                review_evidence(
                    session,
                    session.get_one(Evidence, evidence_id),
                    reviewer_id=reviewer_id,
                    reviewer_role="trainer",
                    state=state,
                    reason="Motif.",
                )
                said.append(state.value)
            except LtiToolError as error:
                said.append(error.code)

    threads = [
        Thread(target=decide, args=(world.trainer.id, EvidenceState.ACCEPTED)),
        Thread(target=decide, args=(second.id, EvidenceState.REFUSED)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert min(said) == "CERT-REVIEWED"
    assert len(said) == 2
    reviews = world.session.scalars(select(EvidenceReview)).all()
    world.session.expire_all()
    assert [one.state for one in reviews] == [world.session.get_one(Evidence, evidence_id).state]

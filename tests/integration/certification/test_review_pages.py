"""« Preuves à valider »: the queue, one evidence and the decision on it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lti_tool import clock
from lti_tool.certification.models import Award, Evidence, EvidenceState
from lti_tool.certification.service.evidence import resubmit_evidence
from lti_tool.people.models import CourseRole, Role
from tests.factories import (
    affiliate,
    make_course,
    make_grant,
    make_partner,
    sign_in,
)
from tests.integration.certification.given import NOW, an_action
from tests.integration.certification.world import World


@pytest.fixture
def trainer(client: FlaskClient, world: World) -> FlaskClient:
    """A browser in which the trainer was launched into the course."""
    sign_in(client, world.session, world.trainer, {world.course.id: CourseRole.TRAINER})
    return client


def queue(world: World, *parts: str) -> str:
    return "/".join(("", "cours", str(world.course.id), "preuves", *parts))


def decide(browser: FlaskClient, world: World, evidence: Evidence, **fields: str) -> Any:
    return browser.post(queue(world, evidence.public_id, "decision"), data=fields)


def test_an_empty_queue_says_what_will_come(trainer: FlaskClient, world: World) -> None:
    assert "Aucune preuve n’attend" in trainer.get(queue(world)).text


def test_the_queue_leads_to_each_evidence(trainer: FlaskClient, world: World) -> None:
    evidence = world.give_action(world.learner)
    shown = trainer.get(queue(world)).text
    assert "Une preuve attend d’être examinée." in shown
    assert queue(world, evidence.public_id) in shown
    detail = trainer.get(queue(world, evidence.public_id)).text
    for part in ("Audition fictive au conseil", "Awa Fictive", "Réalité", "Rôle personnel"):
        assert part in detail


def test_an_acceptance_is_recorded_and_makes_the_proposal(
    trainer: FlaskClient, world: World
) -> None:
    world.grade(world.learner, "75")
    world.complete(world.learner)
    evidence = world.give_action(world.learner)
    answer = decide(trainer, world, evidence, decision="accepted")
    assert (answer.status_code, answer.location) == (303, queue(world))
    assert "Votre décision est enregistrée" in trainer.get(answer.location).text
    assert world.session.scalar(select(func.count()).select_from(Award)) == 1
    detail = trainer.get(queue(world, evidence.public_id)).text
    assert "Tiana Formatrice" in detail
    assert "Enregistrer la décision" not in detail


@pytest.mark.parametrize("decision", ["refused", "more_asked"])
def test_a_refusal_without_a_reason_keeps_the_choice_and_asks_for_it(
    trainer: FlaskClient, world: World, decision: str
) -> None:
    evidence = world.give_action(world.learner)
    answer = decide(trainer, world, evidence, decision=decision)
    assert answer.status_code == 422
    assert 'href="#reason"' in answer.text
    assert f'value="{decision}" checked' in answer.text
    answer = decide(trainer, world, evidence, decision=decision, reason="Dites quand.")
    assert answer.status_code == 303
    assert "Dites quand." in trainer.get(queue(world, evidence.public_id)).text


def test_a_form_without_a_decision_asks_for_one_and_keeps_the_reason(
    trainer: FlaskClient, world: World
) -> None:
    evidence = world.give_action(world.learner)
    for wrong in ("", "submitted", "draft"):
        answer = decide(trainer, world, evidence, decision=wrong, reason="Déjà écrit.")
        assert answer.status_code == 422
        assert "Choisissez une décision." in answer.text
        assert "Déjà écrit." in answer.text


def test_ones_own_evidence_is_explained_without_a_form_and_refused_when_posted(
    trainer: FlaskClient, world: World
) -> None:
    evidence = world.give_action(world.trainer)
    assert "à confier à une autre personne" in trainer.get(queue(world)).text
    detail = trainer.get(queue(world, evidence.public_id)).text
    assert "ni son auteur ou autrice" in detail
    assert "Enregistrer la décision" not in detail
    assert decide(trainer, world, evidence, decision="accepted").status_code == 403
    assert decide(trainer, world, evidence, decision="refused").status_code == 403
    world.session.refresh(evidence)
    assert evidence.state == EvidenceState.SUBMITTED


def test_v13_a_lead_of_the_authors_association_gets_403(trainer: FlaskClient, world: World) -> None:
    partner = make_partner(world.session)
    affiliate(world.session, world.learner, partner)
    make_grant(world.session, world.trainer, Role.PARTNER_LEAD, partner)
    evidence = world.give_action(world.learner)
    answer = decide(trainer, world, evidence, decision="accepted")
    assert answer.status_code == 403
    assert "CERT-INDEPENDENCE" in answer.text


def test_a_text_changed_while_it_was_read_is_not_accepted(
    trainer: FlaskClient, world: World
) -> None:
    evidence = world.give_action(world.learner)
    read = evidence.submitted_at.isoformat()
    with clock.set_to(NOW + timedelta(minutes=1)):
        resubmit_evidence(world.session, evidence, an_action(title="Autre texte"))
    assert decide(trainer, world, evidence, decision="accepted", version=read).status_code == 409


def test_evidence_of_another_course_does_not_exist(trainer: FlaskClient, world: World) -> None:
    other = make_course(world.session, world.site)
    evidence = world.give_action(world.learner)
    evidence.course_id = other.id
    world.session.commit()
    assert "Audition" not in trainer.get(queue(world)).text
    assert trainer.get(queue(world, evidence.public_id)).status_code == 404
    assert decide(trainer, world, evidence, decision="accepted").status_code == 404
    assert trainer.get(queue(world, "inconnue")).status_code == 404


def test_a_draft_is_its_authors_alone(trainer: FlaskClient, world: World) -> None:
    evidence = world.give_action(world.learner)
    evidence.state = EvidenceState.DRAFT
    world.session.commit()
    assert trainer.get(queue(world, evidence.public_id)).status_code == 404


def test_what_a_learner_writes_is_text_and_never_markup(trainer: FlaskClient, world: World) -> None:
    script = "<script>alert(1)</script>"
    evidence = world.give_action(
        world.learner, title=script, author_role=script, outcome=f"{script}\n\"'>", link=""
    )
    for address in (queue(world), queue(world, evidence.public_id)):
        shown = trainer.get(address).text
        assert "<script>alert" not in shown
        assert "&lt;script&gt;" in shown

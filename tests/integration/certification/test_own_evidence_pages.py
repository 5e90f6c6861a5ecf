"""« Mes preuves »: giving an evidence, completing it, reading the answer."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lti_tool.certification.models import Evidence, EvidenceState
from lti_tool.certification.service.evidence import review_evidence
from lti_tool.certification.service.publishing import publish_base_rule
from lti_tool.people.models import CourseRole
from tests.factories import (
    make_course,
    make_domain,
    map_course,
    sign_in,
)
from tests.integration.certification.world import World

TYPED = {
    "kind": "action_reelle",
    "title": "Audition fictive",
    "happened_on": "2027-01-20",
    "place_precision": "none",
    "author_role": "J’ai porté la demande.",
    "outcome": "La séance a été ouverte au public.",
    "link": "https://exemple.localhost/compte-rendu",
}


@pytest.fixture
def trainer(client: FlaskClient, world: World) -> FlaskClient:
    """A browser in which the trainer was launched into the course."""
    sign_in(client, world.session, world.trainer, {world.course.id: CourseRole.TRAINER})
    return client


@pytest.fixture
def learner(client: FlaskClient, world: World) -> FlaskClient:
    """A browser in which the learner, who answered the notice, was launched into the course."""
    world.answer_notice(world.learner)
    sign_in(client, world.session, world.learner, {world.course.id: CourseRole.LEARNER})
    return client


def own(world: World, *parts: str) -> str:
    return "/".join(("", "cours", str(world.course.id), "mes-preuves", *parts))


def test_a_learner_gives_an_evidence(learner: FlaskClient, world: World) -> None:
    assert "Vous n’avez encore rien donné" in learner.get(own(world)).text
    form = learner.get(own(world, "nouvelle")).text
    assert "N’indiquez pas de nom de personne exposée" in form
    answer = learner.post(own(world, "nouvelle"), data=TYPED)
    assert (answer.status_code, answer.location) == (303, own(world))
    evidence = world.session.scalars(select(Evidence)).one()
    assert (evidence.author_id, evidence.course_id) == (world.learner.id, world.course.id)
    assert (evidence.domain_id, evidence.state) == (world.domain.id, EvidenceState.SUBMITTED)
    shown = learner.get(own(world)).text
    assert "Votre preuve est envoyée." in shown
    assert "Audition fictive" in shown


def test_what_was_typed_stays_when_something_is_to_be_corrected(
    learner: FlaskClient, world: World
) -> None:
    wrong = TYPED | {
        "title": "",
        "happened_on": "2030-01-01",
        "place_precision": "region",
        "link": "javascript:alert(1)",
        "outcome": "Déjà écrit.",
    }
    answer = learner.post(own(world, "nouvelle"), data=wrong)
    assert answer.status_code == 422
    for field in ("title", "happened_on", "place", "link"):
        assert f'href="#{field}"' in answer.text
    for kept in ("Déjà écrit.", "2030-01-01", "javascript:alert(1)", "J’ai porté la demande."):
        assert kept in answer.text
    assert world.session.scalar(select(func.count()).select_from(Evidence)) == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "x" * 201},
        {"author_role": "x" * 501},
        {"outcome": "x" * 2001},
        {"place": "x" * 121, "place_precision": "country"},
        {"link": "https://[", "title": "nul"},
        {"link": "https://exemple.localhost/" + "x" * 500},
        {"kind": "autre"},
        {"happened_on": "hier"},
    ],
)
def test_nothing_that_the_database_would_refuse_is_sent_to_it(
    learner: FlaskClient, world: World, changes: dict[str, str]
) -> None:
    assert learner.post(own(world, "nouvelle"), data=TYPED | changes).status_code == 422


def test_signs_that_a_database_cannot_store_are_left_out(
    learner: FlaskClient, world: World
) -> None:
    answer = learner.post(own(world, "nouvelle"), data=TYPED | {"title": "Audition\x00 fictive"})
    assert answer.status_code == 303
    assert world.session.scalars(select(Evidence.title)).one() == "Audition fictive"


def test_with_several_domains_one_is_chosen_among_those_of_the_course(
    learner: FlaskClient, world: World
) -> None:
    second = make_domain(world.session, 8)
    make_domain(world.session, 9)
    map_course(world.session, world.course, second)
    publish_base_rule(world.session)
    answer = learner.post(own(world, "nouvelle"), data=TYPED)
    assert answer.status_code == 422
    assert 'href="#domain"' in answer.text
    assert (
        learner.post(own(world, "nouvelle"), data=TYPED | {"domain": "RMP-ADL-9"}).status_code
        == 422
    )
    assert (
        learner.post(own(world, "nouvelle"), data=TYPED | {"domain": "RMP-ADL-8"}).status_code
        == 303
    )
    assert world.session.scalars(select(Evidence.domain_id)).one() == second.id


def test_a_request_for_more_is_read_answered_and_sent_again(
    learner: FlaskClient, world: World
) -> None:
    evidence = world.give_action(world.learner)
    review_evidence(
        world.session,
        evidence,
        reviewer_id=world.trainer.id,
        reviewer_role="trainer",
        state=EvidenceState.MORE_ASKED,
        reason="Dites quand.\nEt où.",
    )
    assert "À compléter" in learner.get(own(world)).text
    shown = learner.get(own(world, evidence.public_id)).text
    assert "Dites quand.<br>Et où." in shown
    assert "Tiana Formatrice" not in shown
    assert "Audition fictive au conseil" in shown
    answer = learner.post(own(world, evidence.public_id), data=TYPED | {"title": "Complétée"})
    assert answer.status_code == 303
    world.session.refresh(evidence)
    assert (evidence.title, evidence.state) == ("Complétée", EvidenceState.SUBMITTED)


def test_a_decided_evidence_is_read_and_no_longer_changed(
    learner: FlaskClient, world: World
) -> None:
    evidence = world.give_action(world.learner)
    world.accept(evidence)
    shown = learner.get(own(world, evidence.public_id)).text
    assert "ne peut plus être modifiée" in shown
    assert "Envoyer à nouveau" not in shown
    answer = learner.post(own(world, evidence.public_id), data=TYPED)
    assert answer.status_code == 409
    assert "CERT-EVIDENCE-CLOSED" in answer.text


def test_n2_the_evidence_of_another_learner_does_not_exist(
    learner: FlaskClient, world: World
) -> None:
    evidence = world.give_action(world.new_learner())
    assert "Audition" not in learner.get(own(world)).text
    assert learner.get(own(world, evidence.public_id)).status_code == 404
    assert learner.post(own(world, evidence.public_id), data=TYPED).status_code == 404


def test_evidence_given_in_another_course_is_listed_and_opened_from_there(
    learner: FlaskClient, world: World
) -> None:
    other = make_course(world.session, world.site, fullname="Autre cours fictif")
    evidence = world.give_action(world.learner)
    evidence.course_id = other.id
    world.session.commit()
    shown = learner.get(own(world)).text
    assert "Autre cours fictif" in shown
    assert evidence.public_id not in shown
    assert learner.get(own(world, evidence.public_id)).status_code == 404


def test_the_form_begins_with_the_domain_that_the_activity_was_placed_for(
    learner: FlaskClient, world: World
) -> None:
    second = make_domain(world.session, 8)
    map_course(world.session, world.course, second)
    publish_base_rule(world.session)

    listed = learner.get(own(world) + f"?domaine={second.code}").text

    address = own(world, "nouvelle") + f"?domaine={second.code}"
    assert f'href="{address}"' in listed
    assert f'<option value="{second.code}" selected' in learner.get(address).text
    assert "nouvelle?domaine=" not in learner.get(own(world) + "?domaine=RMP-ADL-15").text


def test_a_first_opening_begins_with_the_notice(client: FlaskClient, world: World) -> None:
    sign_in(client, world.session, world.learner, {world.course.id: CourseRole.LEARNER})

    assert client.get(own(world)).location == f"/bienvenue?next={own(world)}"


def test_a_course_that_counts_for_nothing_takes_no_evidence(
    client: FlaskClient, world: World
) -> None:
    other = make_course(world.session, world.site)
    world.answer_notice(world.learner)
    sign_in(client, world.session, world.learner, {other.id: CourseRole.LEARNER})
    assert "Vous n’avez rien à faire." in client.get(f"/cours/{other.id}/mes-preuves").text
    answer = client.get(f"/cours/{other.id}/mes-preuves/nouvelle")
    assert answer.status_code == 302
    assert client.post(f"/cours/{other.id}/mes-preuves/nouvelle", data=TYPED).status_code == 422


def test_a_trainer_is_no_learner_of_the_course(trainer: FlaskClient, world: World) -> None:
    assert trainer.get(own(world)).status_code == 404
    assert trainer.post(own(world, "nouvelle"), data=TYPED).status_code == 404

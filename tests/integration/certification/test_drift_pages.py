"""The pages of an « écart »: its course's trainers, the coordination, the learner; and nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool import clock
from lti_tool.certification.models import Award, AwardState, DriftReview
from lti_tool.certification.service.awards import approve
from lti_tool.certification.service.drift import note_drift
from lti_tool.credentials.models import Certificate
from lti_tool.people.models import CourseRole, Person, Role
from tests.factories import affiliate, make_course, make_grant, make_partner, make_person, sign_in
from tests.integration.certification.given import NOW
from tests.integration.certification.world import READ, World
from tests.reading import words_of


@pytest.fixture
def review(client: FlaskClient, world: World) -> DriftReview:
    """A certification issued on 62 of 100, read as 48 since."""
    # ``client`` first: the application hears of issues, and makes the certificate.
    world.learner.full_name = "أوا المتخيلة"
    world.satisfy(world.learner, "62")
    with clock.set_to(READ):
        approve(
            world.session, world.session.scalars(select(Award)).one(), actor_id=world.trainer.id
        )
    return read(world, "48")


def read(world: World, final: str, **flags: Any) -> DriftReview:
    world.grade(world.learner, final, **flags)
    note_drift(world.session, world.course.id)
    found = world.session.scalars(select(DriftReview)).one()
    world.session.commit()  # SQLite has one writer: the pages need it
    return found


def enter(client: FlaskClient, world: World, person: Person, role: CourseRole) -> FlaskClient:
    if role == CourseRole.LEARNER:
        world.answer_notice(person)
    sign_in(client, world.session, person, {world.course.id: role})
    return client


def place(world: World, *parts: str) -> str:
    return "/".join(("", "cours", str(world.course.id), *parts))


def decide(client: FlaskClient, world: World, review: DriftReview, **fields: str) -> Any:
    where = place(world, "ecarts", review.public_id, "decision")
    return client.post(where, data={"reason": "Vu en équipe."} | fields)


def state_of(world: World) -> str:
    state = world.session.scalars(select(Award.state)).one()
    world.session.commit()
    return state


def test_a_trainer_reads_what_was_issued_and_what_is_read_then_decides(
    client: FlaskClient, world: World, review: DriftReview
) -> None:
    trainer = enter(client, world, world.trainer, CourseRole.TRAINER)
    assert "Un écart attend votre examen" in words_of(trainer.get(place(world, "formation")))
    shown = words_of(trainer.get(place(world, "ecarts"))).replace("\u00a0", " ")
    for part in ("أوا المتخيلة", "62 %", "48 %", "60 % ou plus", "encore 30 jours"):
        assert part in shown
    assert "Une note plus basse n’est pas à elle seule un motif" in shown
    assert "Choisissez une décision." in words_of(decide(trainer, world, review))
    refused = decide(trainer, world, review, decision="revoked")
    assert refused.status_code == 422
    assert "Choisissez pourquoi la certification est révoquée" in words_of(refused)
    assert "Vu en équipe." in refused.text
    assert "Indiquez en une phrase" in words_of(
        decide(trainer, world, review, decision="maintained", reason=" ")
    )
    assert decide(trainer, world, review, decision="maintained").status_code == 303
    assert "Aucun écart n’attend" in words_of(trainer.get(place(world, "ecarts")))
    assert state_of(world) == AwardState.ISSUED


def test_the_certificate_follows_what_people_decide(
    client: FlaskClient, world: World, review: DriftReview
) -> None:
    code = world.session.scalars(select(Certificate.code)).one()
    world.session.commit()
    assert "valable aujourd’hui" in words_of(client.get(f"/verifier/{code}"))
    trainer = enter(client, world, world.trainer, CourseRole.TRAINER)
    assert decide(trainer, world, review, decision="suspended").status_code == 303
    assert "en cours de vérification" in words_of(client.get(f"/verifier/{code}"))
    learner = enter(client, world, world.learner, CourseRole.LEARNER)
    assert "Ce n’est pas une révocation" in words_of(learner.get(place(world, "parcours")))
    trainer = enter(client, world, world.trainer, CourseRole.TRAINER)
    assert "Lever la suspension et maintenir" in words_of(trainer.get(place(world, "ecarts")))
    assert decide(trainer, world, review, decision="revoked", ground="fraud").status_code == 303
    assert "a été révoqué" in words_of(client.get(f"/verifier/{code}"))
    learner = enter(client, world, world.learner, CourseRole.LEARNER)
    told = words_of(learner.get(place(world, "parcours")))
    assert "Certification révoquée. Pourquoi : fraude prouvée." in told
    assert "Vu en équipe." in told


def test_the_learner_is_told_calmly_and_answers(
    client: FlaskClient, world: World, review: DriftReview
) -> None:
    learner = enter(client, world, world.learner, CourseRole.LEARNER)
    told = words_of(learner.get(place(world, "parcours")))
    assert "Votre certification reste valable" in told
    assert "11 avril 2027" in told
    where = place(world, "parcours", "ecarts", review.public_id)
    assert learner.post(where, data={"answer": " "}).status_code == 422
    kept = learner.post(where, data={"answer": "z" * 1001})
    assert kept.status_code == 422
    assert "z" * 1001 in kept.text
    assert learner.post(where, data={"answer": "Erreur <b>de</b> saisie."}).status_code == 303
    safe = "Erreur &lt;b&gt;de&lt;/b&gt; saisie."
    assert safe in learner.get(place(world, "parcours")).text
    trainer = enter(client, world, world.trainer, CourseRole.TRAINER)
    assert safe in trainer.get(place(world, "ecarts")).text


def test_n6_what_a_hidden_grade_shows_is_not_on_the_learners_page(
    client: FlaskClient, world: World
) -> None:
    world.satisfy(world.learner, "62")
    with clock.set_to(READ):
        approve(
            world.session, world.session.scalars(select(Award)).one(), actor_id=world.trainer.id
        )
    world.grade(world.learner, "10", item_type="mod", idnumber="EVAL", hidden=True)
    review = read(world, "48")
    learner = enter(client, world, world.learner, CourseRole.LEARNER)
    told = words_of(learner.get(place(world, "parcours")))
    assert "une note a changé" not in told
    where = place(world, "parcours", "ecarts", review.public_id)
    assert learner.post(where, data={"answer": "?"}).status_code == 404
    trainer = enter(client, world, world.trainer, CourseRole.TRAINER)
    assert "n’est pas prévenu·e" in words_of(trainer.get(place(world, "ecarts")))


def test_a_change_without_effect_is_told_to_trainers_alone(
    client: FlaskClient, world: World, review: DriftReview
) -> None:
    trainer = enter(client, world, world.trainer, CourseRole.TRAINER)
    decide(trainer, world, review, decision="maintained")
    read(world, "71")
    read(world, "73")
    shown = words_of(trainer.get(place(world, "ecarts"))).replace("\u00a0", " ")
    assert "Changements sans effet" in shown
    assert "73 %" in shown


def test_the_coordination_sees_every_course_the_late_ones_first(
    client: FlaskClient, world: World, review: DriftReview
) -> None:
    person = make_person(world.session, "Coordination Fictive")
    make_grant(world.session, person, Role.COORDINATOR)
    sign_in(client, world.session, person)
    assert "Un écart est à examiner" in words_of(client.get("/coordination"))
    with clock.set_to(NOW + timedelta(days=33)):
        sign_in(client, world.session, person)
        assert "Un délai est dépassé." in words_of(client.get("/coordination"))
        assert "en retard de 3 jours" in words_of(client.get("/coordination/ecarts"))
        where = f"/coordination/ecarts/{review.public_id}/decision"
        assert client.post(where, data={"decision": "maintained"}).status_code == 422
        kept = {"decision": "maintained", "reason": "Entretien fait."}
        assert client.post(where, data=kept).status_code == 303
    assert state_of(world) == AwardState.ISSUED


def test_it_does_not_exist_for_anyone_else(
    client: FlaskClient, world: World, review: DriftReview
) -> None:
    elsewhere = make_course(world.session, world.site)
    lead, other = make_person(world.session, "Référente Fictive"), world.new_learner()
    partner = make_partner(world.session)
    affiliate(world.session, world.learner, partner)
    make_grant(world.session, lead, Role.PARTNER_LEAD, partner)
    decision = {"decision": "revoked", "ground": "fraud", "reason": "Non."}
    in_course = place(world, "ecarts", review.public_id, "decision")
    in_other = f"/cours/{elsewhere.id}/ecarts/{review.public_id}/decision"
    everywhere = f"/coordination/ecarts/{review.public_id}/decision"
    own = place(world, "parcours", "ecarts", review.public_id)
    sign_in(client, world.session, world.trainer, {elsewhere.id: CourseRole.TRAINER})
    for where in (in_course, in_other, everywhere):
        assert client.post(where, data=decision).status_code == 404
    assert "المتخيلة" not in client.get(f"/cours/{elsewhere.id}/ecarts").text
    for person in (lead, other, world.learner):
        enter(client, world, person, CourseRole.LEARNER)
        assert client.get(place(world, "ecarts")).status_code == 404
        assert client.get("/coordination/ecarts").status_code == 404
        assert client.post(in_course, data=decision).status_code == 404
        if person is not world.learner:
            assert client.post(own, data={"answer": "?"}).status_code == 404
            assert "une note a changé" not in client.get(place(world, "parcours")).text
    assert state_of(world) == AwardState.ISSUED


def test_a_trainer_who_leads_the_learners_association_reads_no_answer_and_decides_nothing(
    client: FlaskClient, world: World, review: DriftReview
) -> None:
    learner = enter(client, world, world.learner, CourseRole.LEARNER)
    learner.post(place(world, "parcours", "ecarts", review.public_id), data={"answer": "Secret."})
    partner = make_partner(world.session)
    affiliate(world.session, world.learner, partner)
    make_grant(world.session, world.trainer, Role.PARTNER_LEAD, partner)
    trainer = enter(client, world, world.trainer, CourseRole.TRAINER)
    shown = words_of(trainer.get(place(world, "ecarts")))
    assert "À confier à une autre personne" in shown
    assert "Secret." not in shown
    assert decide(trainer, world, review, decision="maintained").status_code == 403

"""The page of proposals: the reasoning, one decision or several, each outcome said."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lti_tool.certification.models import Award, AwardState
from lti_tool.certification.service.publishing import publish_rule
from lti_tool.credentials.models import Certificate
from lti_tool.people.models import CourseRole, Role
from tests.factories import affiliate, make_course, make_grant, make_partner, sign_in
from tests.integration.certification.given import rule_text
from tests.integration.certification.world import World


@pytest.fixture
def trainer(client: FlaskClient, world: World) -> FlaskClient:
    """A browser in which the trainer was launched into the course."""
    sign_in(client, world.session, world.trainer, {world.course.id: CourseRole.TRAINER})
    return client


@pytest.fixture
def award(world: World) -> Award:
    """The proposal of the learner."""
    world.satisfy(world.learner)
    made = world.session.scalars(select(Award)).one()
    world.session.commit()  # SQLite has one writer: the pages need it
    return made


def address(world: World, *parts: str) -> str:
    return "/".join(("", "cours", str(world.course.id), "propositions", *parts))


def state_of(world: World, award: Award) -> str:
    state = world.session.scalars(select(Award.state).where(Award.id == award.id)).one()
    world.session.commit()
    return state


def post(browser: FlaskClient, where: str, **fields: Any) -> Any:
    return browser.post(where, data=fields)


def test_without_proposals_the_page_says_what_will_come(trainer: FlaskClient, world: World) -> None:
    assert "Aucune proposition n’attend" in trainer.get(address(world)).text


def test_a_proposal_shows_its_whole_reasoning(
    trainer: FlaskClient, world: World, award: Award
) -> None:
    shown = trainer.get(address(world)).text
    for part in (
        "Awa Fictive",
        "RMP-ADL\N{NO-BREAK SPACE}4",
        "Note totale",
        "Achèvement",
        "Action réelle",
    ):
        assert part in shown
    assert "75\N{NO-BREAK SPACE}%" in shown
    assert f'value="{award.public_id}" form="ensemble"' in shown


def test_an_approval_issues_the_certification(
    trainer: FlaskClient, world: World, award: Award
) -> None:
    answer = post(trainer, address(world, award.public_id, "approuver"))
    assert (answer.status_code, answer.location) == (303, address(world))
    assert "Certification délivrée à Awa Fictive." in trainer.get(address(world)).text
    assert state_of(world, award) == AwardState.ISSUED


def test_a_refusal_without_a_reason_opens_the_form_with_the_error(
    trainer: FlaskClient, world: World, award: Award
) -> None:
    answer = post(trainer, address(world, award.public_id, "refuser"), reason=" ")
    assert answer.status_code == 422
    assert f'href="#refuser-{award.public_id}-reason"' in answer.text
    assert state_of(world, award) == AwardState.PROPOSED
    answer = post(
        trainer, address(world, award.public_id, "refuser"), reason="Entretien à refaire."
    )
    assert answer.status_code == 303
    assert state_of(world, award) == AwardState.REFUSED


def test_a_reason_too_long_is_kept_in_the_form(
    trainer: FlaskClient, world: World, award: Award
) -> None:
    answer = post(trainer, address(world, award.public_id, "refuser"), reason="z" * 1001)
    assert answer.status_code == 422
    assert "z" * 1001 in answer.text


def test_ones_own_and_ones_members_proposals_are_left_to_others(
    trainer: FlaskClient, world: World, award: Award
) -> None:
    partner = make_partner(world.session)
    affiliate(world.session, world.learner, partner)
    make_grant(world.session, world.trainer, Role.PARTNER_LEAD, partner)
    world.session.commit()
    shown = trainer.get(address(world)).text
    assert "À confier à une autre personne" in shown
    assert "Approuver" not in shown
    assert "Refuser…" not in shown
    for act in ("approuver", "refuser"):
        assert post(trainer, address(world, award.public_id, act), reason="x").status_code == 403
    assert state_of(world, award) == AwardState.PROPOSED


def test_a_proposal_that_no_longer_holds_is_shown_so_and_not_issued(
    trainer: FlaskClient, world: World, award: Award
) -> None:
    world.grade(world.learner, "48")
    shown = trainer.get(address(world)).text
    assert "La situation a changé" in shown
    assert 'form="ensemble"' not in shown
    answer = post(trainer, address(world, award.public_id, "approuver"))
    assert answer.status_code == 409
    assert "CERT-CHANGED" in answer.text


def test_v19_a_rule_changed_since_the_proposal_is_said(
    trainer: FlaskClient, world: World, award: Award
) -> None:
    publish_rule(world.session, world.domain, rule_text({"min: 60": "min: 70"}), None)
    world.session.commit()
    assert "version 1, puis 2" in trainer.get(address(world)).text


def test_several_are_issued_together_and_each_outcome_is_said(
    trainer: FlaskClient, world: World, award: Award
) -> None:
    second = world.new_learner()
    world.satisfy(second)
    other = world.session.scalars(select(Award).where(Award.person_id == second.id)).one()
    world.grade(second, "20")
    answer = post(
        trainer,
        address(world),
        awards=[award.public_id, other.public_id, "disparue"],
        reason="Jury du 12 mars.",
    )
    assert answer.status_code == 200
    for part in ("Une certification délivrée.", "Awa Fictive", "Moussa Fictif", "CERT-CHANGED"):
        assert part in answer.text
    assert "n’attendait plus de décision" in answer.text
    assert (state_of(world, award), state_of(world, other)) == ("issued", "proposed")
    world.session.refresh(award)
    assert award.decision_reason == "Jury du 12 mars."
    assert world.session.scalar(select(func.count()).select_from(Certificate)) == 1


def test_choosing_none_asks_for_one(trainer: FlaskClient, world: World, award: Award) -> None:
    answer = post(trainer, address(world), reason="Jury.")
    assert answer.status_code == 422
    assert "Cochez au moins une proposition." in answer.text
    assert "Jury." in answer.text


def test_a_proposal_of_another_course_does_not_exist(
    trainer: FlaskClient, world: World, award: Award
) -> None:
    award.course_id = make_course(world.session, world.site).id
    world.session.commit()
    assert "Awa Fictive" not in trainer.get(address(world)).text
    for act in ("approuver", "refuser"):
        assert post(trainer, address(world, award.public_id, act), reason="x").status_code == 404
    answer = post(trainer, address(world), awards=[award.public_id])
    assert "Aucune certification n’a été délivrée." in answer.text
    assert state_of(world, award) == AwardState.PROPOSED


def test_the_second_of_two_decisions_learns_that_the_first_was_taken(
    trainer: FlaskClient, world: World, award: Award
) -> None:
    assert post(trainer, address(world, award.public_id, "approuver")).status_code == 303
    answer = post(trainer, address(world, award.public_id, "refuser"), reason="Trop tard.")
    assert answer.status_code == 409
    assert "CERT-DECIDED" in answer.text

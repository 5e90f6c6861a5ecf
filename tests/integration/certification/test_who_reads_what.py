"""What a trainer reads of another course, and of the evidence that they may not review."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from lti_tool.people.models import CourseRole, Role
from tests.factories import affiliate, make_course, make_grant, make_partner, map_course, sign_in
from tests.integration.certification.world import World


@pytest.fixture
def trainer(client: FlaskClient, world: World) -> FlaskClient:
    """The browser of a trainer of the course."""
    sign_in(client, world.session, world.trainer, {world.course.id: CourseRole.TRAINER})
    return client


@pytest.mark.parametrize("borrowed", ["number", "idnumber"])
def test_n3_a_borrowed_idnumber_opens_no_grade_of_another_course(
    trainer: FlaskClient, world: World, borrowed: str
) -> None:
    other = make_course(
        world.session, world.site, idnumber="" if borrowed == "number" else "RMP4-QUANTI"
    )
    map_course(world.session, other, world.domain)
    world.enrol(world.learner, other)
    world.grade(world.learner, "83.5", course=other)
    world.course.idnumber = f"course-{other.id}" if borrowed == "number" else "RMP4-QUANTI"
    world.session.commit()

    assert "83,5" not in trainer.get(f"/cours/{world.course.id}/formation").text


def test_a_lead_who_trains_reads_no_evidence_of_their_association(
    trainer: FlaskClient, world: World
) -> None:
    partner = make_partner(world.session)
    affiliate(world.session, world.learner, partner)
    make_grant(world.session, world.trainer, Role.PARTNER_LEAD, partner)
    evidence = world.give_action(world.learner, outcome="Un nom à protéger.")

    shown = trainer.get(f"/cours/{world.course.id}/preuves/{evidence.public_id}").text

    assert "J’ai préparé et porté la demande." not in shown
    assert "Un nom à protéger." not in shown
    assert "À confier à une autre personne" in shown

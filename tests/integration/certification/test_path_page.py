"""The learner's path: done, pending, to take up again; nothing that betrays a hidden grade."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.certification.models import Award, AwardState
from lti_tool.certification.service.awards import approve, refuse
from lti_tool.credentials.models import Certificate
from lti_tool.people.models import CourseRole
from lti_tool.people.service import record_choices
from tests.factories import make_course, make_domain, map_course, sign_in
from tests.integration.certification.given import today
from tests.integration.certification.world import World


@pytest.fixture
def learner(client: FlaskClient, world: World) -> FlaskClient:
    """A browser in which the learner, who answered the notice, was launched into the course."""
    return browser_of_learner(client, world)


def browser_of_learner(client: FlaskClient, world: World) -> FlaskClient:
    for number in range(1, 16):
        make_domain(world.session, number)
    world.answer_notice(world.learner)
    sign_in(client, world.session, world.learner, {world.course.id: CourseRole.LEARNER})
    return client


def path(browser: FlaskClient, world: World) -> str:
    answer = browser.get(f"/cours/{world.course.id}/parcours")
    assert answer.status_code == 200
    # The tickets of the forms are the only thing that changes between two equal pages.
    return re.sub(r'<input type="hidden"[^>]*>', "", answer.text)


def test_a_first_opening_leads_to_the_notice_and_back(client: FlaskClient, world: World) -> None:
    sign_in(client, world.session, world.learner, {world.course.id: CourseRole.LEARNER})
    answer = client.get(f"/cours/{world.course.id}/parcours")
    assert answer.status_code == 302
    assert answer.location.startswith("/bienvenue?next=")
    assert str(world.course.id) in answer.location


def test_n17_refusing_every_purpose_opens_the_path_all_the_same(
    learner: FlaskClient, world: World
) -> None:
    assert "Mon parcours RMP-ADL" in path(learner, world)


def test_a_beginner_reads_what_is_asked_and_what_to_do(learner: FlaskClient, world: World) -> None:
    shown = path(learner, world)
    assert "Ce cours compte pour RMP-ADL\N{NO-BREAK SPACE}4" in shown
    assert "Pas encore lu dans Moodle." in shown
    assert "Et maintenant" in shown
    assert f"/cours/{world.course.id}/mes-preuves/nouvelle" in shown
    assert "Les 15 domaines" in shown


def test_a_grade_not_given_reads_not_yet_graded_and_never_zero(
    learner: FlaskClient, world: World
) -> None:
    world.grade(world.learner, None)
    shown = path(learner, world)
    assert "Pas encore noté." in shown
    assert "Lu :" not in shown


def test_a_zero_that_was_given_reads_zero(learner: FlaskClient, world: World) -> None:
    world.grade(world.learner, "0")
    shown = path(learner, world)
    assert "0\N{NO-BREAK SPACE}%" in shown
    assert "à reprendre" in shown


def test_criteria_that_are_met_are_said_to_be_under_examination_and_no_more(
    learner: FlaskClient, world: World
) -> None:
    world.satisfy(world.learner)
    shown = path(learner, world)
    assert "Vos critères sont remplis : ils sont en cours d’examen." in shown.replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert "proposition" not in shown.casefold()


@pytest.mark.parametrize(("low", "high"), [("20", "81.25"), (None, "59.9")])
def test_n6_two_hidden_grades_give_the_same_page(
    learner: FlaskClient, world: World, low: str | None, high: str
) -> None:
    world.complete(world.learner)
    world.accept(world.give_action(world.learner))
    world.grade(world.learner, low, hidden=True)
    first = path(learner, world)
    world.grade(world.learner, high, hidden=True)
    assert path(learner, world) == first
    assert "n’est pas encore visible" in first


def test_n6_a_total_that_holds_a_hidden_grade_tells_nothing_though_it_is_proposed(
    learner: FlaskClient, world: World
) -> None:
    world.grade(world.learner, "30")
    world.grade(world.learner, "30", item_type="mod", idnumber="EVAL", hidden=True)
    world.complete(world.learner)
    world.accept(world.give_action(world.learner))
    below = path(learner, world)
    world.grade(world.learner, "75")
    from lti_tool.certification.service.evaluation import propose_in_course

    assert propose_in_course(world.session, world.course.id) == 1
    assert path(learner, world) == below


def test_n6_a_proposal_on_an_accepted_hidden_grade_is_told_nowhere(
    client: FlaskClient, session: Session
) -> None:
    with today():
        world = World.make(session, {"hidden: pending": "hidden: accept"})
        learner = browser_of_learner(client, world)
        world.satisfy(world.learner, "81.25", hidden=True)
        assert world.session.scalars(select(Award.state)).one() == AwardState.PROPOSED
        shown = path(learner, world)
        assert "en cours d’examen" not in shown
        assert "81,2" not in shown
        own = learner.get("/mes-donnees.json").text
        assert "proposed" not in own
        assert "81.25" not in own


def test_a_certificate_is_shown_with_its_number_and_its_file(
    learner: FlaskClient, world: World
) -> None:
    world.satisfy(world.learner)
    award = world.session.scalars(select(Award)).one()
    approve(world.session, award, actor_id=world.trainer.id)
    certificate = world.session.scalars(select(Certificate)).one()
    shown = path(learner, world)
    assert "Certification délivrée le 12 mars 2027." in shown
    assert certificate.number in shown
    assert f"/cours/{world.course.id}/certificats/{award.public_id}.pdf" in shown
    assert certificate.code in shown


def test_a_refusal_is_read_with_its_reason(learner: FlaskClient, world: World) -> None:
    world.satisfy(world.learner)
    award = world.session.scalars(select(Award)).one()
    refuse(world.session, award, actor_id=world.trainer.id, reason="Entretien\nà reprendre.")
    shown = path(learner, world)
    assert "n’a pas été accordée" in shown
    assert "Entretien<br>à reprendre." in shown


def test_the_wheel_shows_the_domains_of_the_learners_other_courses(
    learner: FlaskClient, world: World
) -> None:
    from lti_tool.certification.service.publishing import publish_base_rule

    other = make_course(world.session, world.site)
    map_course(world.session, other, make_domain(world.session, 8))
    publish_base_rule(world.session)
    before = path(learner, world)
    world.enrol(world.learner, other)
    world.session.commit()
    after = path(learner, world)
    assert before.count("pas commencé") > after.count("pas commencé")
    assert "RMP-ADL\N{NO-BREAK SPACE}8" not in after


def test_a_course_that_counts_for_nothing_says_so(client: FlaskClient, world: World) -> None:
    other = make_course(world.session, world.site)
    world.answer_notice(world.learner)
    sign_in(client, world.session, world.learner, {other.id: CourseRole.LEARNER})
    shown = client.get(f"/cours/{other.id}/parcours").text
    assert "ne compte encore pour aucun domaine" in shown


def test_n2_n3_the_path_is_the_learners_own_in_their_own_course(
    learner: FlaskClient, world: World
) -> None:
    other = make_course(world.session, world.site)
    world.session.commit()
    assert learner.get(f"/cours/{other.id}/parcours").status_code == 404
    moussa = world.new_learner()
    world.grade(moussa, "77")
    shown = path(learner, world)
    assert "Moussa" not in shown
    assert "77" not in re.sub(r"\d{3,}|#\w+|\d+\.\d+", "", shown)


def test_a_withdrawn_answer_to_the_notice_is_still_an_answer(
    learner: FlaskClient, world: World
) -> None:
    from lti_tool.people.models import Purpose

    record_choices(world.session, person_id=world.learner.id, given={Purpose.ANCHORING: False})
    assert "Mon parcours RMP-ADL" in path(learner, world)

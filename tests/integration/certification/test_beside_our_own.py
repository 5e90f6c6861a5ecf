"""Groups and ratings of Moodle on the pages: the right people, each to those who may see them."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.grades.groups import SEPARATE
from lti_tool.grades.models import (
    Competency,
    CourseCompetency,
    CurrentRating,
    Enrolment,
    Group,
    GroupMember,
    RatingSnapshot,
)
from lti_tool.grades.own_data import groups_known, ratings_known
from lti_tool.people.models import CourseRole, Person, Role
from tests.factories import affiliate, make_grant, make_partner, make_person, sign_in
from tests.integration.certification.given import READ
from tests.integration.certification.world import World
from tests.reading import words_of

NAME = "C04 Données & <preuves>"


def group(world: World, name: str, *people: Person) -> int:
    """A group of the course with these people."""
    made = Group(course_id=world.course.id, moodle_id=len(name), name=name)
    world.session.add(made)
    world.session.flush()
    for person in people:
        account_id = world.account(person).id
        world.session.add(GroupMember(group_id=made.id, account_id=account_id, seen_from=READ))
    world.session.commit()
    return made.id


def rate(world: World, person: Person, label: str, proficient: bool | None) -> None:
    """What Moodle says of a person on the competency of the course; "" when nothing."""
    session, account_id = world.session, world.account(person).id
    competency = session.scalar(select(Competency))
    if competency is None:
        competency = Competency(
            site_id=world.site.id, moodle_id=4, idnumber="RMP-ADL-C04", name=NAME
        )
        session.add(competency)
        session.flush()
        session.add(CourseCompetency(course_id=world.course.id, competency_id=competency.id))
    key = {
        "course_id": world.course.id,
        "competency_id": competency.id,
        "account_id": account_id,
    }
    snapshot = None
    if label:
        snapshot = RatingSnapshot(
            **key, grade=1, label=label, proficient=proficient, rated_at=READ, read_at=READ
        )
    session.add(CurrentRating(**key, snapshot=snapshot, checked_at=READ))
    session.commit()


def course_page(client: FlaskClient, world: World, **asked: object) -> str:
    """The course, as its trainer reads it."""
    sign_in(client, world.session, world.trainer, {world.course.id: CourseRole.TRAINER})
    answer = client.get(f"/cours/{world.course.id}/formation", query_string=asked)
    assert answer.status_code == 200
    return words_of(answer)


def test_a_trainer_looks_at_one_cohort_of_learners(client: FlaskClient, world: World) -> None:
    other = world.new_learner()
    number = group(world, "جلسة <الربيع>", world.learner)
    everybody = course_page(client, world)
    assert "Moussa Fictif" in everybody
    assert "جلسة &lt;الربيع&gt; (1)" in everybody
    some = course_page(client, world, groupe=number)
    assert "Awa Fictive" in some
    assert other.full_name not in some
    for unknown in ("999999", "miennes", "x"):
        assert other.full_name in course_page(client, world, groupe=unknown)


def test_where_moodle_separates_groups_a_trainer_begins_with_their_own(
    client: FlaskClient, world: World
) -> None:
    other = world.new_learner()
    world.course.group_mode = SEPARATE
    world.session.add(
        Enrolment(
            course_id=world.course.id,
            account_id=world.account(world.trainer).id,
            role=CourseRole.TRAINER,
            state="active",
            seen_at=READ,
        )
    )
    group(world, "Groupe Un", world.learner, world.trainer)
    group(world, "Groupe Autre", other)
    begins = course_page(client, world)
    assert "Awa Fictive" in begins
    assert "Moussa Fictif" not in begins
    assert "la liste s’ouvre sur les vôtres" in begins
    assert "Moussa Fictif" in course_page(client, world, groupe="toutes")


def test_a_course_without_groups_offers_no_choice(client: FlaskClient, world: World) -> None:
    assert "Cohorte d’apprenant·es" not in course_page(client, world)


def test_a_trainer_reads_how_each_learner_was_rated(client: FlaskClient, world: World) -> None:
    rate(world, world.learner, "Partiellement atteint", proficient=False)
    shown = course_page(client, world)
    assert "C04 Données &amp; &lt;preuves&gt;" in shown
    assert "(RMP-ADL 4)" in shown
    assert "Partiellement atteint · pas encore maîtrisée" in shown
    rate(world, world.new_learner(), "", proficient=None)
    assert course_page(client, world).count("<summary>") == shown.count("<summary>") + 1


def test_learners_read_their_own_ratings_and_nobody_elses(
    client: FlaskClient, world: World
) -> None:
    rate(world, world.learner, "Atteint", proficient=True)
    rate(world, world.new_learner(), "Non atteint", proficient=False)
    world.answer_notice(world.learner)
    sign_in(client, world.session, world.learner, {world.course.id: CourseRole.LEARNER})
    shown = words_of(client.get(f"/cours/{world.course.id}/parcours"))
    assert "Atteint · maîtrisée" in shown
    assert "Non atteint" not in shown
    assert "ne décident d’aucune certification" in shown


@pytest.mark.parametrize("path", ["", "/cohorte.csv"])
def test_a_lead_filters_by_session_among_their_own_people_and_reads_no_rating(
    client: FlaskClient, session: Session, world: World, path: str
) -> None:
    mine, stranger = world.new_learner("Bintou Fictive"), world.new_learner("Zineb Étrangère")
    partner, other = make_partner(session, "Une Fictive"), make_partner(session, "Deux Fictive")
    for person in (world.learner, mine):
        affiliate(session, person, partner)
        rate(world, person, "Atteint", proficient=True)
    affiliate(session, stranger, other)
    number = group(world, "Session Un", mine, stranger)
    theirs = group(world, "Session des autres", stranger)
    lead = make_person(session, "Odile Référente-Fictive")
    make_grant(session, lead, Role.PARTNER_LEAD, partner)
    sign_in(client, session, lead)
    address = f"/association/{partner.public_id}{path}"
    everybody = words_of(client.get(address))
    assert "Awa Fictive" in everybody
    assert "Session des autres" not in everybody
    assert "Atteint" not in everybody
    some = words_of(client.get(address, query_string={"groupe": number}))
    assert "Bintou Fictive" in some
    assert "Awa Fictive" not in some
    assert "Zineb" not in some
    assert "Awa Fictive" in words_of(client.get(address, query_string={"groupe": theirs}))


def test_a_person_can_see_their_groups_and_ratings(session: Session, world: World) -> None:
    rate(world, world.learner, "Atteint", proficient=True)
    group(world, "Session Un", world.learner)
    ((group_told,), (rating,)) = (
        groups_known(session, world.learner.id),
        ratings_known(session, world.learner.id),
    )
    assert (group_told["group"], group_told["left_at"]) == ("Session Un", None)
    assert (rating["level"], rating["mastered"]) == ("Atteint", True)
    assert groups_known(session, world.trainer.id) == []

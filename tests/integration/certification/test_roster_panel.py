"""The list of the course on the trainer's page: how fresh, who left, and reading it again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool import clock
from lti_tool.jobs import Job, JobState
from lti_tool.lti.models import ContextServices, Member
from lti_tool.lti.roster.service import SYNC_ROSTER
from lti_tool.people.models import CourseRole, Person
from lti_tool.platforms.models import Registration
from tests.factories import make_person, sign_in
from tests.integration.certification.world import World


@pytest.fixture
def trainer(client: FlaskClient, world: World) -> FlaskClient:
    """A browser in which the trainer was launched into the course."""
    sign_in(client, world.session, world.trainer, {world.course.id: CourseRole.TRAINER})
    return client


@pytest.fixture
def services(world: World) -> ContextServices:
    """What a launch told of the course."""
    registration = world.session.scalars(select(Registration)).one()
    found = ContextServices(
        course_id=world.course.id,
        registration_id=registration.id,
        memberships_url=f"{world.site.base_url}/members",
        scopes=[],
        seen_at=clock.now(),
    )
    world.session.add(found)
    world.session.commit()
    return found


def page(browser: FlaskClient, world: World, **query: object) -> str:
    answer = browser.get(f"/cours/{world.course.id}/formation", query_string=query)
    assert answer.status_code == 200
    return answer.text


def member(world: World, person: Person, *, gone: bool = False) -> None:
    now = clock.now()
    world.session.add(
        Member(
            course_id=world.course.id,
            account_id=world.account(person).id,
            roles=["Learner"],
            first_seen_at=now,
            seen_at=now,
            gone_at=now if gone else None,
        )
    )
    world.session.commit()


def test_a_course_whose_list_is_not_offered_shows_nothing(
    trainer: FlaskClient, world: World
) -> None:
    assert "Liste du cours" not in page(trainer, world)
    assert trainer.post(f"/cours/{world.course.id}/liste/actualiser").status_code == 409


def test_a_list_never_read_says_so(
    trainer: FlaskClient, world: World, services: ContextServices
) -> None:
    shown = page(trainer, world)
    assert "n’a encore jamais été lue" in shown
    assert "Actualiser la liste" in shown


def test_the_page_says_when_the_list_was_read_and_who_left(
    trainer: FlaskClient, world: World, services: ContextServices
) -> None:
    services.roster_read_at = clock.now() + timedelta(seconds=1)
    other = world.new_learner("خديجة المتخيلة")
    member(world, world.learner)
    member(world, other, gone=True)
    shown = page(trainer, world)
    assert "Liste lue" in shown
    assert "Une personne inscrite" in shown
    assert "Une personne a quitté le cours" in shown
    assert "<bdi>خديجة المتخيلة</bdi>" in shown
    table = shown.partition('id="apprenants"')[2]
    assert "Awa Fictive" in table
    assert "خديجة المتخيلة" not in table


def test_without_web_services_the_learners_of_the_list_are_shown(
    trainer: FlaskClient, world: World, services: ContextServices
) -> None:
    person = make_person(world.session, "Lamine Fictif", world.site)
    member(world, person)
    assert "Lamine Fictif" in page(trainer, world).partition('id="apprenants"')[2]


def test_asking_for_the_list_queues_one_reading_and_shows_it(
    trainer: FlaskClient, world: World, services: ContextServices
) -> None:
    for _turn in range(2):
        answer = trainer.post(f"/cours/{world.course.id}/liste/actualiser")
        assert answer.status_code == 303
    [job] = world.session.scalars(select(Job).where(Job.kind == SYNC_ROSTER))
    assert job.asked_by == world.trainer.id
    assert f"liste={job.public_id}" in answer.headers["Location"]
    world.session.commit()
    shown = page(trainer, world, liste=job.public_id)
    assert "Lecture de la liste" in shown
    assert "Actualiser la liste" not in shown


def test_a_reading_that_failed_says_why(
    trainer: FlaskClient, world: World, services: ContextServices
) -> None:
    now = clock.now()
    job = Job(
        kind=SYNC_ROSTER,
        args={"course_id": world.course.id},
        state=JobState.FAILED,
        error_code="LTI-SERVICE-401",
        created_at=now,
        run_at=now,
        finished_at=now,
    )
    world.session.add(job)
    world.session.commit()
    shown = page(trainer, world, liste=job.public_id)
    assert "LTI-SERVICE-401" in shown
    assert "Authorization" in shown


def test_a_learner_cannot_ask_for_the_list(
    client: FlaskClient, world: World, services: ContextServices
) -> None:
    sign_in(client, world.session, world.learner, {world.course.id: CourseRole.LEARNER})
    assert client.post(f"/cours/{world.course.id}/liste/actualiser").status_code == 404

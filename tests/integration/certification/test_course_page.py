"""The trainer's page of a course: what it counts for, how fresh, where each learner stands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select

from lti_tool.grades.models import EnrolmentState
from lti_tool.grades.service import ask_for_pull
from lti_tool.jobs import Job, JobState
from lti_tool.people.models import CourseRole, Role
from lti_tool.platforms.service import origins
from lti_tool.referential.models import MappingKind
from tests.factories import make_course, make_grant, make_person, map_course, sign_in
from tests.integration.certification.given import NOW
from tests.integration.certification.world import World


@pytest.fixture
def trainer(client: FlaskClient, world: World) -> FlaskClient:
    """A browser in which the trainer was launched into the course."""
    sign_in(client, world.session, world.trainer, {world.course.id: CourseRole.TRAINER})
    return client


def page(browser: FlaskClient, world: World, **query: object) -> str:
    answer = browser.get(f"/cours/{world.course.id}/formation", query_string=query)
    assert answer.status_code == 200
    return answer.text


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements sent to the database inside the block."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_the_page_says_what_the_course_counts_for_and_by_which_rule(
    trainer: FlaskClient, world: World
) -> None:
    shown = page(trainer, world)
    assert "Ce cours compte pour RMP-ADL\N{NO-BREAK SPACE}4" in shown
    assert "Une note totale de 60\N{NO-BREAK SPACE}% ou plus." in shown
    assert "Le cours achevé dans Moodle." in shown
    assert "rule: BASE" in shown
    assert "Actualiser les notes" in shown


def test_each_learner_has_a_status_and_the_reason_of_each_criterion(
    trainer: FlaskClient, world: World
) -> None:
    world.satisfy(world.learner)
    other = world.new_learner()
    world.grade(other, "48")
    shown = page(trainer, world)
    assert "Awa Fictive" in shown
    assert "Moussa Fictif" in shown
    assert "La note lue est inférieure à ce qui est demandé." in shown
    assert "proposition en attente" in shown


def test_a_grade_not_given_is_never_a_zero(trainer: FlaskClient, world: World) -> None:
    world.grade(world.learner, None)
    shown = page(trainer, world)
    assert "Pas encore noté." in shown
    assert "Lu :" not in shown


def test_trainers_see_a_hidden_grade_of_their_own_course(
    trainer: FlaskClient, world: World
) -> None:
    world.grade(world.learner, "81.25", hidden=True)
    assert "81,2" in page(trainer, world)


def test_n3_trainers_do_not_see_the_grades_of_another_course(
    trainer: FlaskClient, world: World
) -> None:
    other = make_course(world.session, world.site, idnumber="RMP4-QUANTI")
    map_course(world.session, other, world.domain)
    world.enrol(world.learner, other)
    world.grade(world.learner, "83.5", course=other)
    shown = page(trainer, world)
    assert "83,5" not in shown
    assert "Rempli dans un autre cours." in shown


def test_a_coordinator_who_teaches_the_course_sees_the_grades_of_the_others(
    trainer: FlaskClient, world: World
) -> None:
    other = make_course(world.session, world.site, idnumber="RMP4-QUANTI")
    map_course(world.session, other, world.domain)
    world.grade(world.learner, "83.5", course=other)
    make_grant(world.session, world.trainer, Role.COORDINATOR)
    world.session.commit()
    assert "83,5" in page(trainer, world)


def test_the_list_is_found_by_name_whatever_the_accents_and_by_status(
    trainer: FlaskClient, world: World
) -> None:
    zoe = world.new_learner("Zoé Éluard-Fictive")
    world.grade(zoe, "10")
    found = page(trainer, world, nom="eluard ZOE")
    assert "Zoé Éluard-Fictive" in found
    assert "Awa Fictive" not in found
    found = page(trainer, world, statut="not_satisfied")
    assert "Zoé Éluard-Fictive" in found
    assert "Awa Fictive" not in found
    assert "Personne ne correspond" in page(trainer, world, nom="personne de ce nom")


def test_the_list_has_pages_of_fifty_and_a_bounded_page_number(
    trainer: FlaskClient, world: World
) -> None:
    for number in range(60):
        world.enrol(make_person(world.session, f"Personne {number:02} Fictive", world.site))
    world.session.commit()
    first, second = page(trainer, world), page(trainer, world, page=2)
    assert "Personne 48 Fictive" in first
    assert "Personne 50 Fictive" not in first
    assert "Personne 59 Fictive" in second
    assert "61 personnes." in second
    for odd in ("0", "-1", "99999999999999999999", "x", "²"):
        page(trainer, world, page=odd)


def test_the_number_of_queries_does_not_grow_with_the_learners(
    trainer: FlaskClient, world: World, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What is kept for a second would be asked for again on a busy machine.
    monkeypatch.setattr(origins, "KEPT_SECONDS", 3600.0)

    def queries() -> int:
        with counted(engine) as sent:
            page(trainer, world)
        return len(sent)

    world.satisfy(world.learner)
    page(trainer, world)
    few = queries()
    for number in range(8):
        world.satisfy(world.new_learner(f"Personne {number} Fictive"), str(50 + number * 5))
    assert queries() == few


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (EnrolmentState.INACTIVE, "inscription inactive"),
        (EnrolmentState.SUSPENDED, "inscription suspendue"),
        (EnrolmentState.EXPIRED, "inscription terminée"),
        (EnrolmentState.FUTURE, "inscription à venir"),
    ],
)
def test_a_suspended_learner_is_marked_and_one_who_left_is_not_listed(
    trainer: FlaskClient, world: World, state: EnrolmentState, said: str
) -> None:
    world.enrol(make_person(world.session, "Suspendue Fictive", world.site), state=state)
    world.enrol(make_person(world.session, "Partie Fictive", world.site), state=EnrolmentState.GONE)
    world.session.commit()
    shown = page(trainer, world)
    assert "Suspendue Fictive" in shown
    assert said in shown
    assert "Partie Fictive" not in shown


def test_freshness_warnings_and_failures_are_said(trainer: FlaskClient, world: World) -> None:
    assert "n’ont encore jamais été lues" in page(trainer, world)
    world.pull(warnings=["no_course_total"], read=120, changed=3, unreadable=1)
    shown = page(trainer, world)
    assert "Notes lues" in shown
    assert "120 valeurs lues" in shown
    assert "pas de total du cours" in shown
    world.site.check_findings = [{"capabilities": ["moodle/grade:viewhidden"]}]
    world.pull(error_code="MOODLE-TIMEOUT")
    shown = page(trainer, world)
    assert "La dernière lecture n’a pas abouti" in shown
    assert "MOODLE-TIMEOUT" in shown
    assert "n’a pas le droit de voir les notes masquées" in shown


def test_a_warning_that_has_no_sentence_yet_is_shown_by_its_code(
    trainer: FlaskClient, world: World
) -> None:
    world.pull(warnings=["scale_changed"])
    assert "scale_changed" in page(trainer, world)


def test_refreshing_queues_a_reading_whose_progress_shows_without_script(
    trainer: FlaskClient, world: World
) -> None:
    answer = trainer.post(f"/cours/{world.course.id}/actualiser")
    assert answer.status_code == 303
    shown = trainer.get(answer.location).text
    job = world.session.scalars(select(Job)).one()
    assert job.public_id in shown
    assert 'http-equiv="refresh"' in shown
    assert "Actualiser les notes" not in shown
    assert "va commencer" in page(trainer, world)


def test_a_finished_reading_shows_its_result(trainer: FlaskClient, world: World) -> None:
    job = ask_for_pull(world.session, world.course, world.trainer.id)
    job.state, job.finished_at = JobState.DONE, NOW - timedelta(minutes=4)
    job.result = {"read": 12, "changed": 2, "unreadable": 0, "warnings": []}
    world.pull(read=12, changed=2)
    shown = page(trainer, world, job=job.public_id)
    assert "Terminé" in shown
    assert "12 valeurs lues" in shown
    assert 'http-equiv="refresh"' not in shown


def test_the_progress_of_a_reading_that_another_asked_for_is_not_polled(
    trainer: FlaskClient, world: World
) -> None:
    ask_for_pull(world.session, world.course, world.learner.id)
    shown = page(trainer, world)
    assert "va commencer" in shown
    assert "hx-get" not in shown


def test_a_job_of_another_course_does_not_exist_here(trainer: FlaskClient, world: World) -> None:
    other = make_course(world.session, world.site)
    job = ask_for_pull(world.session, other, world.trainer.id)
    for wrong in (job.public_id, "inconnu"):
        answer = trainer.get(f"/cours/{world.course.id}/formation?job={wrong}")
        assert answer.status_code == 404


def test_a_course_that_is_only_optional_is_told_apart_from_one_that_counts(
    client: FlaskClient, world: World
) -> None:
    other = make_course(world.session, world.site)
    map_course(world.session, other, world.domain).kind = MappingKind.OPTIONAL
    sign_in(client, world.session, world.trainer, {other.id: CourseRole.TRAINER})
    shown = client.get(f"/cours/{other.id}/formation").text
    assert "ne compte encore pour aucun domaine" in shown
    assert "Un cours facultatif ne compte pas" in shown


def test_a_course_without_mapping_says_whom_to_ask(client: FlaskClient, world: World) -> None:
    other = make_course(world.session, world.site)
    sign_in(client, world.session, world.trainer, {other.id: CourseRole.TRAINER})
    shown = client.get(f"/cours/{other.id}/formation").text
    assert "ne compte encore pour aucun domaine" in shown
    assert f"/coordination/cartographie/cours/{other.id}" not in shown
    make_grant(world.session, world.trainer, Role.COORDINATOR)
    world.session.commit()
    assert "Rattacher ce cours" in client.get(f"/cours/{other.id}/formation").text


def test_an_optional_course_enters_no_rule(client: FlaskClient, world: World) -> None:
    other = make_course(world.session, world.site)
    map_course(world.session, other, world.domain).kind = "optional"
    sign_in(client, world.session, world.trainer, {other.id: CourseRole.TRAINER})
    assert "aucun domaine" in client.get(f"/cours/{other.id}/formation").text


@pytest.mark.parametrize("address", ["formation", "preuves", "propositions"])
def test_n3_the_pages_of_a_course_are_for_its_trainers(
    client: FlaskClient, world: World, address: str
) -> None:
    other = make_course(world.session, world.site)
    sign_in(client, world.session, world.trainer, {other.id: CourseRole.TRAINER})
    assert client.get(f"/cours/{world.course.id}/{address}").status_code == 404
    sign_in(client, world.session, world.learner, {world.course.id: CourseRole.LEARNER})
    assert client.get(f"/cours/{world.course.id}/{address}").status_code == 404


def test_names_are_text_and_never_markup(trainer: FlaskClient, world: World) -> None:
    world.new_learner("<script>alert(1)</script> Fictif")
    world.course.fullname = "<img src=x onerror=alert(1)>"
    world.session.commit()
    shown = page(trainer, world, nom="<script>")
    assert "<script>alert" not in shown
    assert "<img src=x" not in shown
    assert "&lt;script&gt;alert(1)" in shown


def test_grades_read_long_ago_are_marked_as_such(trainer: FlaskClient, world: World) -> None:
    pull = world.pull()
    assert "stale-old" not in page(trainer, world)
    pull.started_at = pull.finished_at = NOW - timedelta(days=30)
    world.session.commit()
    assert "stale-old" in page(trainer, world)

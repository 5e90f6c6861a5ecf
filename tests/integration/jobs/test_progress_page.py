"""Where a job stands: a page that reloads itself, or the fragment that polling replaces."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.jobs import Job, JobState, enqueue
from lti_tool.people.models import Person, Role
from tests.factories import make_grant, make_person, sign_in
from tests.reading import words_of

POLLING = {"HX-Request": "true"}
DONE = {"state": JobState.DONE, "result": {"read": 1391, "changed": 12, "unreadable": 0}}
FAILED = {"state": JobState.FAILED, "error_code": "MOODLE-TIMEOUT"}
RUNNING = {"state": JobState.RUNNING, "progress_done": 40, "progress_total": 120}


@pytest.fixture
def person(client: FlaskClient, session: Session) -> Person:
    """Somebody at the browser."""
    made = make_person(session)
    sign_in(client, session, made)
    return made


def job_of(session: Session, person: Person | None, **values: Any) -> str:
    """The address of a job that this person asked for."""
    asked_by = None if person is None else person.id
    job: Job = enqueue(session, "grades.pull_course", {"course_id": 1}, asked_by=asked_by)
    for name, value in values.items():
        setattr(job, name, value)
    if job.is_over:
        job.finished_at = clock.now()
    session.commit()
    return f"/travaux/{job.public_id}"


def test_a_running_job_says_how_much_is_done_of_how_much(
    client: FlaskClient, session: Session, person: Person
) -> None:
    answer = client.get(job_of(session, person, **RUNNING), headers=POLLING)
    assert answer.status_code == 200
    assert "40 sur 120" in words_of(answer)
    assert "<html" not in answer.text


def test_without_script_the_same_address_is_a_page_that_reloads_itself(
    client: FlaskClient, session: Session, person: Person
) -> None:
    path = job_of(session, person, **RUNNING)
    page = words_of(client.get(path))
    assert "<h1>Lecture des notes</h1>" in page
    assert 'http-equiv="refresh"' in page
    assert f'href="{path}"' in page


def test_the_end_stops_polling_and_tells_the_counts(
    client: FlaskClient, session: Session, person: Person
) -> None:
    path = job_of(session, person, **DONE)
    fragment = client.get(path, headers=POLLING)
    assert fragment.status_code == 286
    for shown in ("1 391", "valeurs lues", "12", "valeurs changées", "terminé"):
        assert shown in words_of(fragment)
    page = client.get(path)
    assert page.status_code == 200
    assert "hx-get" not in page.text
    assert 'http-equiv="refresh"' not in page.text


def test_a_failure_is_told_in_words_with_its_code(
    client: FlaskClient, session: Session, person: Person
) -> None:
    fragment = client.get(job_of(session, person, **FAILED), headers=POLLING)
    assert fragment.status_code == 286
    assert "Le site Moodle a mis trop de temps à répondre." in words_of(fragment)
    assert "MOODLE-TIMEOUT" in fragment.text


def test_a_job_that_will_be_tried_again_says_why_it_waits(
    client: FlaskClient, session: Session, person: Person
) -> None:
    path = job_of(session, person, error_code="MOODLE-MAINTENANCE")
    fragment = client.get(path, headers=POLLING)
    assert fragment.status_code == 200
    assert "un autre suivra de lui-même" in words_of(fragment)
    assert "en maintenance" in words_of(fragment)


def test_the_job_of_somebody_else_is_not_found_but_by_a_coordinator(
    client: FlaskClient, session: Session, person: Person
) -> None:
    for path in (
        job_of(session, make_person(session, "Binta Fictive"), **DONE),
        job_of(session, None, **DONE),
        "/travaux/unknown",
    ):
        assert client.get(path).status_code == 404
    make_grant(session, person, Role.COORDINATOR)
    assert client.get(job_of(session, None, **DONE)).status_code == 200

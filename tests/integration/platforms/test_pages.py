"""The coordination's pages about sites, through a browser."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.jobs.runner import run_due_jobs
from lti_tool.people.models import CourseRole, Role
from lti_tool.platforms.models import Deployment, RegistrationState, Site
from lti_tool.settings import Settings
from tests.factories import make_course, make_grant, make_partner, make_person, sign_in
from tests.integration.platforms.recorded import TOKEN, RecordedMoodle
from tests.reading import words_of

FORM = {
    "name": "Moodle d’essai",
    "base_url": "https://moodle.example.org",
    "client_id": "J5bHjpWZSWDKWtq",
    "deployment_id": "1",
}


@pytest.fixture
def coordinator(client: FlaskClient, session: Session) -> FlaskClient:
    """A browser with a coordinator at it."""
    person = make_person(session, "Zélie Fictive")
    make_grant(session, person, Role.COORDINATOR)
    sign_in(client, session, person)
    return client


def test_nobody_but_a_coordinator_finds_the_pages_of_sites(
    client: FlaskClient, session: Session, site: Site
) -> None:
    course = make_course(session, site)
    lead = make_person(session, "Référente Fictive")
    make_grant(session, lead, Role.PARTNER_LEAD, make_partner(session))
    people = (
        (make_person(session, "Apprenante Fictive"), {course.id: CourseRole.LEARNER}),
        (make_person(session, "Formateur Fictif"), {course.id: CourseRole.TRAINER}),
        (lead, {}),
    )
    base = f"/coordination/sites/{site.id}"
    posts = ("jeton", "verifier", "cours", "enregistrements", "deploiements/1")
    for person, courses in people:
        sign_in(client, session, person, courses)
        for path in ("/coordination/sites", "/coordination/sites/ajouter", base):
            assert client.get(path).status_code == 404, path
        assert client.post("/coordination/sites/ajouter", data=FORM).status_code == 404
        for path in posts:
            assert client.post(f"{base}/{path}", data={"token": "f" * 32}).status_code == 404
    session.refresh(site)
    assert site.token == TOKEN
    assert len(session.scalars(select(Site)).all()) == 1


def test_a_site_is_added_with_what_moodle_answers(coordinator: FlaskClient) -> None:
    assert "Aucun site Moodle" in words_of(coordinator.get("/coordination/sites"))
    page = coordinator.get("/coordination/sites/ajouter").text
    assert 'value="http://tool.localhost/lti/' in page
    answer = coordinator.post("/coordination/sites/ajouter", data=FORM)
    assert answer.status_code == 303
    shown = words_of(coordinator.get(answer.location))
    for value in ("https://moodle.example.org", "J5bHjpWZSWDKWtq", "Aucun jeton"):
        assert value in shown
    listed = words_of(coordinator.get("/coordination/sites"))
    assert "Moodle d’essai" in listed
    assert "sans jeton" in listed


def test_a_mistake_is_explained_beside_its_field_and_nothing_typed_is_lost(
    coordinator: FlaskClient,
) -> None:
    for change, words in (
        ({"base_url": "moodle"}, "Cette adresse ne convient pas"),
        ({"client_id": " "}, "Cette information est nécessaire"),
    ):
        answer = coordinator.post("/coordination/sites/ajouter", data=FORM | change)
        assert answer.status_code == 422
        assert words in words_of(answer)
        assert "Moodle d’essai" in answer.text


def test_the_token_goes_in_and_never_comes_out(
    coordinator: FlaskClient,
    session: Session,
    site: Site,
    moodle: RecordedMoodle,
    capfd: pytest.CaptureFixture[str],
) -> None:
    base = f"/coordination/sites/{site.id}"
    answers = [
        coordinator.post(f"{base}/jeton", data={"token": TOKEN}),
        coordinator.get(base),
        coordinator.post(f"{base}/verifier"),
        coordinator.get(base),
        coordinator.post(f"{base}/jeton", data={"token": f"{TOKEN} and more"}),
        coordinator.get("/coordination/sites"),
    ]
    assert [answer.status_code for answer in answers] == [303, 200, 303, 200, 422, 200]
    written = [answer.text + str(answer.headers) for answer in answers]
    written += list(capfd.readouterr())
    assert not any(TOKEN in text for text in written)


def test_checking_says_what_is_missing_in_plain_words(
    coordinator: FlaskClient, site: Site, moodle: RecordedMoodle
) -> None:
    base = f"/coordination/sites/{site.id}"
    assert "Jeton jamais vérifié" in words_of(coordinator.get(base))
    moodle.functions.remove("core_cohort_get_cohorts")
    assert coordinator.post(f"{base}/verifier").status_code == 303
    page = words_of(coordinator.get(base))
    assert "un point est à corriger" in page
    assert "La fonction « core_cohort_get_cohorts » n’est pas dans le service web." in page
    assert "les associations restent sans membres" in page
    assert "ajoutez « core_cohort_get_cohorts »" in page

    moodle.functions.add("core_cohort_get_cohorts")
    coordinator.post(f"{base}/verifier")
    assert "L’outil peut lire tout ce dont il a besoin." in words_of(coordinator.get(base))


def test_checking_without_a_token_says_what_to_do(
    coordinator: FlaskClient, session: Session, site: Site
) -> None:
    site.token = site.token_set_at = None
    session.commit()
    coordinator.post(f"/coordination/sites/{site.id}/verifier")
    page = words_of(coordinator.get(f"/coordination/sites/{site.id}"))
    assert "Aucun jeton n’est enregistré pour ce site Moodle" in page


def test_the_course_list_is_read_in_the_background_and_its_result_stays(
    coordinator: FlaskClient,
    sessions: sessionmaker[Session],
    settings: Settings,
    site: Site,
    moodle: RecordedMoodle,
) -> None:
    base = f"/coordination/sites/{site.id}"
    assert coordinator.post(f"{base}/cours").status_code == 303
    waiting = words_of(coordinator.get(base))
    assert "Lecture de la liste des cours" in waiting
    assert "hx-get" in waiting
    run_due_jobs(sessions, settings)
    done = words_of(coordinator.get(base))
    assert "cours dans la liste" in done
    assert "18 cours lus sur ce site" in done
    assert "hx-get" not in done


def test_a_reading_that_failed_says_why(
    coordinator: FlaskClient,
    sessions: sessionmaker[Session],
    settings: Settings,
    site: Site,
    moodle: RecordedMoodle,
) -> None:
    moodle.fail("core_course_get_courses", "invalidtoken")
    coordinator.post(f"/coordination/sites/{site.id}/cours")
    run_due_jobs(sessions, settings)
    page = words_of(coordinator.get(f"/coordination/sites/{site.id}"))
    assert "Moodle ne reconnaît pas le jeton enregistré" in page
    assert "MOODLE-INVALID-TOKEN" in page


def test_a_waiting_deployment_is_decided_on_the_page_of_its_site(
    coordinator: FlaskClient, session: Session, site: Site
) -> None:
    waiting = Deployment(
        registration_id=site.registrations[0].id,
        deployment_id="9",
        state=RegistrationState.PENDING,
        created_at=site.created_at,
    )
    session.add(waiting)
    session.commit()
    base = f"/coordination/sites/{site.id}"
    assert "Un déploiement attend votre décision." in words_of(
        coordinator.get("/coordination/sites")
    )
    assert "attend votre décision" in words_of(coordinator.get(base))
    path = f"{base}/deploiements/{waiting.id}"
    assert coordinator.post(path, data={"decision": "accept"}).status_code == 303
    assert coordinator.post(path, data={"decision": "accept"}).status_code == 409
    session.refresh(waiting)
    assert waiting.state == RegistrationState.ACTIVE


def test_another_registration_is_added_or_its_mistake_explained(
    coordinator: FlaskClient, site: Site
) -> None:
    path = f"/coordination/sites/{site.id}/enregistrements"
    form = {"client_id": "client-2", "deployment_id": "2"}
    forms = (form, form, form | {"deployment_id": ""})
    statuses = [coordinator.post(path, data=data).status_code for data in forms]
    assert statuses == [303, 409, 422]
    assert "client-2" in coordinator.get(f"/coordination/sites/{site.id}").text


def test_a_site_that_does_not_exist_is_not_found(coordinator: FlaskClient) -> None:
    assert coordinator.get("/coordination/sites/404").status_code == 404
    for path in ("jeton", "verifier", "cours", "enregistrements", "deploiements/1"):
        form = {"token": "f" * 32, "client_id": "a", "deployment_id": "b"}
        assert coordinator.post(f"/coordination/sites/404/{path}", data=form).status_code == 404


def test_a_registered_site_may_frame_the_tool_at_once(coordinator: FlaskClient) -> None:
    coordinator.post("/coordination/sites/ajouter", data=FORM)
    policy = coordinator.get("/coordination/sites").headers["Content-Security-Policy"]
    assert "frame-ancestors 'self' https://moodle.example.org" in policy

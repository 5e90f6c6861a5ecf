"""« Travaux »: what the coordination sees of the background work, and what it can do about it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.jobs import Job, JobState, enqueue, kinds
from lti_tool.jobs.history import PAGE_SIZE
from lti_tool.jobs.models import JobAttempt, JobWorker
from lti_tool.jobs.wording import KINDS
from lti_tool.people.models import Person, Role
from tests.factories import make_course, make_grant, make_person, make_site, sign_in
from tests.reading import words_of

LIST = "/coordination/travaux"


@pytest.fixture
def person(client: FlaskClient, session: Session) -> Person:
    """A coordinator at the browser."""
    made = make_person(session, "Bo Fictive")
    make_grant(session, made, Role.COORDINATOR)
    sign_in(client, session, made)
    return made


def job_of(session: Session, kind: str = "grades.pull_course", **values: object) -> Job:
    """A job in some state."""
    args = values.pop("args", {})
    job = enqueue(session, kind, args, asked_by=values.pop("asked_by", None))  # type: ignore[arg-type]  # of a mixed dict
    for name, value in values.items():
        setattr(job, name, value)
    if job.is_over:
        job.finished_at = clock.now()
    session.commit()
    return job


def test_an_empty_list_says_what_will_come_and_that_nobody_works(
    client: FlaskClient, person: Person
) -> None:
    page = words_of(client.get(LIST))
    assert "Aucun travail encore" in page
    assert "Aucun programme ne fait ces travaux" in page


def test_it_tells_each_job_in_words(client: FlaskClient, session: Session, person: Person) -> None:
    course = make_course(session, make_site(session), fullname="دورة التعبئة")
    job_of(
        session,
        args={"course_id": course.id},
        asked_by=person.id,
        state=JobState.RUNNING,
        progress_done=40,
        progress_total=120,
        attempts=2,
    )
    job_of(session, "lti.sync_roster", state=JobState.FAILED, error_code="MOODLE-TIMEOUT")
    waiting = job_of(session, "jobs.forget", attempts=1, error_code="JOB-DATABASE")
    waiting.run_at = clock.now() + timedelta(minutes=2)
    moment = clock.now()
    session.add(JobWorker(name="ici:1", threads=2, started_at=moment, seen_at=moment))
    session.commit()
    page = words_of(client.get(LIST))
    for shown in (
        "3 travaux",
        "دورة التعبئة",
        "Bo Fictive",
        "40 sur 120",
        "2 essais",
        "Lecture de la liste du cours",
        "Le site Moodle a mis trop de temps à répondre.",
        "Oubli des travaux anciens",
        "Prochain essai",
        "de lui-même",
        "Le programme qui fait ces travaux est en marche.",
    ):
        assert shown in page, shown
    rows = page[page.index("<tbody") :]
    assert rows.index("40 sur 120") < rows.index("Oubli des") < rows.index("Lecture de la liste du")


def test_filters_and_pages_keep_each_other(
    client: FlaskClient, session: Session, person: Person
) -> None:
    for _number in range(PAGE_SIZE + 1):
        session.add(_failed())
    job_of(session, "lti.sync_roster", state=JobState.DONE)
    session.commit()
    first = words_of(client.get(f"{LIST}?etat=failed&travail=grades.pull_course"))
    assert f"{PAGE_SIZE + 1} travaux" in first
    assert "etat=failed&amp;travail=grades.pull_course&amp;page=2" in first
    second = words_of(client.get(f"{LIST}?etat=failed&travail=grades.pull_course&page=2"))
    assert "Page 2 sur 2" in second
    assert second.count("MOODLE-TIMEOUT") == 1
    assert "Aucun travail ne correspond" in words_of(client.get(f"{LIST}?etat=cancelled"))
    assert "52 travaux" in words_of(client.get(f"{LIST}?etat=x&travail=y&page=x")), "no filter"


def test_a_full_list_costs_as_many_reads_as_a_short_one(
    client: FlaskClient, session: Session, person: Person
) -> None:
    def reads() -> int:
        seen: list[str] = []

        def note(*about: object) -> None:
            seen.append(str(about[2]))

        event.listen(session.get_bind(), "before_cursor_execute", note)
        client.get(LIST)
        event.remove(session.get_bind(), "before_cursor_execute", note)
        return len(seen)

    site = make_site(session)
    job_of(session, args={"course_id": make_course(session, site).id}, asked_by=person.id)
    reads()  # the first page of a process reads what it then remembers
    short = reads()
    for _number in range(20):
        job_of(session, args={"course_id": make_course(session, site).id}, asked_by=person.id)
    assert reads() == short


def test_the_coordination_stops_and_starts_again(
    client: FlaskClient, session: Session, person: Person
) -> None:
    job = job_of(session)
    assert f"/travaux/{job.public_id}/arret" in client.get(LIST).text
    answer = client.post(f"/travaux/{job.public_id}/arret", follow_redirects=True)
    assert "Ce travail est arrêté." in words_of(answer)
    session.refresh(job)
    assert job.state == JobState.CANCELLED
    session.commit()
    assert f"/travaux/{job.public_id}/reprise" in client.get(LIST).text
    answer = client.post(f"/travaux/{job.public_id}/reprise", follow_redirects=True)
    assert "Ce travail est relancé." in words_of(answer)
    newest = session.scalars(select(Job).order_by(Job.id.desc())).first()
    session.commit()
    assert newest is not None
    assert (newest.id, newest.asked_by) != (job.id, None)
    assert client.post(f"/travaux/{newest.public_id}/reprise").status_code == 409


def test_the_page_of_a_job_shows_its_attempts_to_the_coordination(
    client: FlaskClient, session: Session, person: Person
) -> None:
    job = job_of(session, state=JobState.FAILED, error_code="JOB-LEASE")
    moment = clock.now()
    attempt = JobAttempt(
        job_id=job.id, token="t", worker="ici:7", started_at=moment, ended_at=moment, outcome="lost"
    )
    session.add(attempt)
    session.commit()
    page = words_of(client.get(f"/travaux/{job.public_id}"))
    assert "perdu : le programme s’est interrompu" in page
    assert "ici:7" in page


def test_somebody_stops_their_own_job_and_no_other(client: FlaskClient, session: Session) -> None:
    trainer = make_person(session, "Tiana Fictive")
    sign_in(client, session, trainer)
    own, other = job_of(session, asked_by=trainer.id), job_of(session)
    page = client.get(f"/travaux/{own.public_id}")
    assert f"/travaux/{own.public_id}/arret" in page.text
    assert "Tous les travaux" not in page.text
    assert client.post(f"/travaux/{own.public_id}/arret").status_code == 302
    assert client.post(f"/travaux/{other.public_id}/arret").status_code == 404
    assert client.post(f"/travaux/{own.public_id}/reprise").status_code == 404
    assert client.get(LIST).status_code == 404
    session.refresh(other)
    assert other.state == JobState.QUEUED


def test_a_job_that_runs_says_that_it_was_asked_to_stop(
    client: FlaskClient, session: Session, person: Person
) -> None:
    job = job_of(session, state=JobState.RUNNING)
    answer = client.post(f"/travaux/{job.public_id}/arret", follow_redirects=True)
    assert "L’arrêt est demandé" in words_of(answer)
    assert f"/travaux/{job.public_id}/arret" not in answer.text
    assert "arrêt demandé" in words_of(client.get(LIST))


@pytest.mark.parametrize("role", [Role.PARTNER_LEAD, Role.AUDITOR, Role.RESEARCHER, None])
def test_nobody_else_sees_the_list(
    client: FlaskClient, session: Session, role: Role | None
) -> None:
    other = make_person(session)
    if role is not None:
        make_grant(session, other, role)
    sign_in(client, session, other)
    assert client.get(LIST).status_code == 404
    assert client.get(LIST, headers={"Cookie": ""}).status_code in (401, 404)


def test_every_kind_of_work_has_a_name_in_french() -> None:
    ours = {
        kind
        for kind, function in kinds._registry.items()
        if function.__module__.startswith("lti_tool.")
    }
    assert ours <= KINDS.keys(), "name it in lti_tool/jobs/wording.py"


def _failed() -> Job:
    moment = clock.now()
    return Job(
        kind="grades.pull_course",
        args={},
        state=JobState.FAILED,
        error_code="MOODLE-TIMEOUT",
        created_at=moment,
        run_at=moment,
        finished_at=moment,
    )

"""`ancrage jobs`: what the command line shows of the background work, and does to it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.cli import main
from lti_tool.jobs import Job, JobState, enqueue
from lti_tool.jobs.models import JobWorker
from lti_tool.settings import Settings


@pytest.fixture(autouse=True)
def _settings(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANCRAGE_ENVIRONMENT", "test")
    monkeypatch.setenv("ANCRAGE_BASE_URL", settings.base_url)
    monkeypatch.setenv("ANCRAGE_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("ANCRAGE_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("ANCRAGE_SECRET_KEYS", settings.secret_keys[0].get_secret_value())


def run(*arguments: str, code: int = 0) -> Result:
    """Run a command."""
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == code, result.output
    return result


@pytest.fixture
def job(session: Session) -> Job:
    """A job that waits for a task that does nothing here."""
    made = enqueue(session, "platforms.tend_keys", {})
    made.public_id = "-7_fictif-identifier"
    session.commit()
    return made


def test_jobs_are_listed_shown_stopped_and_asked_for_again(job: Job) -> None:
    assert f"{job.public_id}  queued" in run("jobs", "list").output
    assert "0 job(s)" in run("jobs", "list", "--state", "failed").output
    assert run("jobs", "cancel", job.public_id).output == "Cancelled.\n"
    shown = json.loads(run("jobs", "show", job.public_id, "--json").output)
    assert (shown["state"], shown["attempts"]) == ("cancelled", [])
    again = run("jobs", "retry", job.public_id).output.strip()
    assert json.loads(run("jobs", "list", "--json").output)[0]["id"] == again


def test_what_is_due_is_run_and_its_attempts_are_told(job: Job) -> None:
    assert "job(s) run." in run("jobs", "run").output
    output = run("jobs", "show", job.public_id).output
    assert "state           done" in output
    assert "attempt " in output


def test_a_job_that_nobody_knows_or_that_is_over_is_refused(session: Session, job: Job) -> None:
    assert "ANC-404" in run("jobs", "show", "unknown", code=1).output
    job.state = JobState.DONE
    session.commit()
    assert "JOB-OVER" in run("jobs", "cancel", job.public_id, code=1).output
    assert "JOB-NOT-STOPPED" in run("jobs", "retry", job.public_id, code=1).output


def test_the_doctor_looks_at_the_bell_the_workers_and_the_leader(
    session: Session, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("migrate")
    output = run("doctor", "--offline").output
    assert "sqlite answers" in output
    assert "none was seen for a while" in output
    assert "1 job(s) wait past their time" in output
    moment = clock.now()
    for name in ("une:1:a", "deux:1:b"):
        session.add(JobWorker(name=name, threads=2, started_at=moment, seen_at=moment))
    session.commit()
    output = run("doctor", "--offline").output
    assert "2 at work, last seen" in output
    assert "none leads" in output
    assert "workers on 2 machines do not hear a bell that is a file" in output
    monkeypatch.setenv("ANCRAGE_QUEUE_URL", "redis://127.0.0.1:1/0")
    assert "redis does not answer (ConnectionError)" in run("doctor", "--offline", code=1).output


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("amqp://127.0.0.1", "starts with sqlite:///, redis://"),
        ("redis:///0", "names no host"),
        ("sqlite://", "names no file"),
    ],
)
def test_an_address_that_cannot_be_a_queue_is_refused_in_one_line(
    monkeypatch: pytest.MonkeyPatch, address: str, said: str
) -> None:
    monkeypatch.setenv("ANCRAGE_QUEUE_URL", address)
    output = run("jobs", "list", code=1).output
    assert "ANCRAGE_QUEUE_URL" in output
    assert said in output

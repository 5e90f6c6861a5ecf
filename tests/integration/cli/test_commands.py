"""The command line does what it says, with exit codes that mean something; a whole round on a peer."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner, Result
from cryptography.fernet import Fernet
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.cli import main
from lti_tool.demo.moodle import DemoMoodle, running_moodle
from lti_tool.demo.moodle.webservice.functions import FUNCTIONS
from lti_tool.grades import service
from lti_tool.people.models import Grant, Role
from lti_tool.platforms.tool_addresses import manual_settings
from lti_tool.settings import Settings
from moodle_client import MissingCapability

Run = Callable[..., Result]


@pytest.fixture
def moodle() -> Iterator[DemoMoodle]:
    """The demonstration's Moodle, on a port of its own."""
    with running_moodle(tool_url="http://tool.localhost") as site:
        yield site


@pytest.fixture
def run(settings: Settings, empty_database_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `ancrage` on an empty installation."""
    monkeypatch.setenv("ANCRAGE_ENVIRONMENT", "test")
    monkeypatch.setenv("ANCRAGE_BASE_URL", settings.base_url)
    monkeypatch.setenv("ANCRAGE_PRIVATE_PLATFORMS", ",".join(settings.private_platforms))
    monkeypatch.setenv("ANCRAGE_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("ANCRAGE_DATABASE_URL", empty_database_url)
    monkeypatch.setenv("ANCRAGE_SECRET_KEYS", settings.secret_keys[0].get_secret_value())

    def invoke(*arguments: str, code: int = 0) -> Result:
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == code, result.output
        return result

    return invoke


def add_site(run: Run, moodle: DemoMoodle) -> None:
    """Migrate and register the peer."""
    run("migrate")
    run(
        *("site", "add", moodle.base_url, "--name", "Moodle fictif"),
        *("--client-id", moodle.client_id, "--deployment-id", moodle.deployment_id),
        *("--token", moodle.service_token),
    )


def test_a_whole_round_from_an_empty_database_to_an_exported_register(
    run: Run, moodle: DemoMoodle
) -> None:
    add_site(run, moodle)
    assert moodle.base_url in run("site", "list").output
    run("sync", "--courses")
    assert "RMP-ADL-2" in run("map", "3", "RMP-ADL-2").output
    synced = run("sync")
    assert "values read" in synced.output
    assert "0 new proposal(s)" in run("certify").output
    register = run("export").output
    header = next(csv.reader(io.StringIO(register.lstrip("\ufeff"))))
    assert header[:3] == ["number", "domain", "state"]
    assert "state: unknown" in run("verify", "A" * 26, code=1).output


def test_migrations_can_be_run_twice_and_taken_back(run: Run) -> None:
    newest = run("migrate").output
    assert re.search(r"revision \d{4}\.", newest)
    assert run("migrate").output == newest
    run("migrate", "--down", "--yes")


def test_the_doctor_finds_a_whole_installation_well(run: Run, moodle: DemoMoodle) -> None:
    add_site(run, moodle)
    output = run("doctor").output
    assert "PROBLEM" not in output
    assert "Le jeton a toutes les fonctions et capacités" in output


def test_the_doctor_of_an_installation_without_a_site_names_the_invitation_first(run: Run) -> None:
    run("migrate")
    assert "run `ancrage site invite`" in run("doctor").output


def test_the_doctor_says_what_is_wrong_and_what_to_do(run: Run, moodle: DemoMoodle) -> None:
    assert "run `ancrage migrate`" in run("doctor", code=1).output
    add_site(run, moodle)
    moodle.service_account.capabilities.remove("moodle/grade:viewall")
    output = run("doctor", code=1).output
    assert "PROBLEM" in output
    assert "moodle/grade:viewall" in output
    moodle.switches.maintenance = "cli"
    output = run("doctor", code=1).output
    assert "PROBLEM" in output
    assert "Moodle ne répond pas. " in output, "a title and what it means are two sentences"
    assert "PROBLEM" not in run("doctor", "--offline").output


def test_the_doctor_calls_a_missing_function_a_problem(run: Run, moodle: DemoMoodle) -> None:
    add_site(run, moodle)
    moodle.service_functions = {*FUNCTIONS} - {"core_cohort_get_cohorts"}
    lines = run("doctor", code=1).output.splitlines()
    assert any(line.startswith("PROBLEM") and "core_cohort_get_cohorts" in line for line in lines)


def test_what_moodle_refuses_is_said_in_words(run: Run, moodle: DemoMoodle) -> None:
    add_site(run, moodle)
    moodle.switches.maintenance = "cli"
    output = run("sync", "--courses", code=1).output
    assert "en panne" in output
    assert output.count("MOODLE-SERVER-FAILURE") == 1


def test_a_course_that_cannot_be_read_stops_no_other_and_one_deleted_is_told(
    run: Run, moodle: DemoMoodle, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_site(run, moodle)
    run("sync", "--courses")
    run("map", "2", "RMP-ADL-1")
    run("map", "3", "RMP-ADL-2")
    pull = service.pull_course
    refused: list[int] = []

    def refuse_the_first(sessions: object, client: object, course_id: int) -> object:
        if not refused:
            refused.append(course_id)
            raise MissingCapability
        return pull(sessions, client, course_id)  # type: ignore[arg-type]  # handed on as they come

    monkeypatch.setattr(service, "pull_course", refuse_the_first)
    lines = run("sync", code=1).output.splitlines()
    assert sum("not read. MOODLE-MISSING-CAPABILITY" in line for line in lines) == 1
    assert sum("values read" in line for line in lines) == 1
    del moodle.world.courses[3]
    assert "deleted in Moodle" in run("sync", "--course", "3", code=1).output
    assert "no course 999" in run("sync", "--course", "999", code=1).output


def test_the_first_coordinator_gets_a_code_that_the_database_does_not_hold(run: Run) -> None:
    run("migrate")
    output = run("grant", "coordinator").output
    assert "Access code" in output
    assert "J’ai un code d’accès" in output
    assert "http" not in output, "the session lives in Moodle's page, not at an address of its own"


def test_a_person_who_launched_once_can_be_granted_a_role_by_number(
    run: Run, moodle: DemoMoodle, empty_database_url: str
) -> None:
    add_site(run, moodle)
    run("grant", "coordinator", "--site", moodle.base_url, "--user", "70", code=1)
    run("sync", "--courses")
    run("map", "3", "RMP-ADL-2")
    run("sync")
    run("grant", "coordinator", "--site", moodle.base_url, "--user", "63")
    from lti_tool.store import create_database_engine

    engine = create_database_engine(empty_database_url)
    with Session(engine) as session:
        assert session.scalars(select(Grant.role)).all() == [Role.COORDINATOR]
    engine.dispose()


def test_errors_are_one_line_with_a_code_and_exit_1(run: Run, moodle: DemoMoodle) -> None:
    run("migrate")
    assert "ANC-404" in run("sync", code=1).output
    add_site(run, moodle)
    again = run(
        *("site", "add", moodle.base_url, "--name", "Encore", "--client-id", moodle.client_id),
        *("--deployment-id", "1", "--token", moodle.service_token),
        code=1,
    )
    assert again.output.count("\n") == 1
    assert "PLT-KNOWN" in again.output


def test_the_values_to_give_moodle_are_all_printed(run: Run, settings: Settings) -> None:
    said = run("site", "addresses").output
    for one in manual_settings(settings.base_url):
        assert one.english in said
        assert one.value in said


def test_a_misused_command_leaves_with_2(run: Run) -> None:
    run("map", "not-a-number", "RMP-ADL-1", code=2)
    run("nothing", code=2)


def test_unsafe_settings_refuse_to_start_with_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANCRAGE_ENVIRONMENT", "production")
    output = run("migrate", code=1).output
    assert "ANCRAGE_BASE_URL must start with https://" in output
    assert output.count("\n") == 1


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_has_help_with_an_example_or_subcommands(command: str) -> None:
    result = CliRunner().invoke(main, [command, "--help"])
    assert result.exit_code == 0
    assert f"ancrage {command}" in result.output or "Commands:" in result.output


def test_keys_are_listed_turned_and_revoked(run: Run) -> None:
    run("migrate")
    assert "No key yet" in run("keys", "list").output
    assert "Nothing was due" in run("keys", "tend").output
    assert run("keys", "list").output.count("active") == 1
    assert "signs from now on, in place of" in run("keys", "rotate").output
    assert [line.split()[1] for line in run("keys", "list").output.splitlines()] == [
        "active",
        "retired",
    ]
    assert "ancrage doctor" in run("keys", "rotate", "--now", "--yes").output
    assert run("keys", "list").output.count("gone  ") == 2
    run("keys", "rotate", "--now", code=1)


def test_a_key_of_the_settings_can_be_taken_away_once_secrets_are_encrypted_again(
    run: Run, moodle: DemoMoodle, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    add_site(run, moodle)
    old, new = settings.secret_keys[0].get_secret_value(), Fernet.generate_key().decode()
    monkeypatch.setenv("ANCRAGE_SECRET_KEYS", f"{new},{old}")
    assert "site.token: 1" in run("keys", "reencrypt").output
    monkeypatch.setenv("ANCRAGE_SECRET_KEYS", new)
    assert "PROBLEM" not in run("doctor").output
    monkeypatch.setenv("ANCRAGE_SECRET_KEYS", old)
    assert "put the former key back" in run("doctor", code=1).output


def test_a_moodle_is_invited_by_a_link_and_accepted_by_its_address(
    run: Run, moodle: DemoMoodle
) -> None:
    add_site(run, moodle)

    open_link = run("site", "invite", "--note", "Campus fictif").output
    bound = run("site", "invite", "--site", moodle.base_url).output

    assert open_link.startswith("http://tool.localhost/lti/register/")
    assert "accept" in open_link
    assert "as soon as Moodle activates" in bound
    assert "ANC-404" in run("site", "accept", moodle.base_url, code=1).output

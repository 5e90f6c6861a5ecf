"""What docs/deploy says is so: settings that exist, commands that exist, services that know each other."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from lti_tool.cli import main
from lti_tool.settings import Settings, load_settings
from tests.reference.pages import ROOT

FOLDER = ROOT / "docs" / "deploy"
SETTINGS = {f"ANCRAGE_{name.upper()}" for name in Settings.model_fields}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The file that describes the services."""
    read: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text("utf-8"))
    return read


def ours(compose: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The services that run Ancrage."""
    return {name: one for name, one in compose["services"].items() if one["image"] == "ancrage"}


def examples() -> dict[str, str]:
    """The lines of the example of settings."""
    lines = (FOLDER / "ancrage.env.example").read_text("utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value.strip('"') for name, _sign, value in pairs}


def test_tool_workers_postgresql_and_redis_are_there(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == {"migrate", "tool", "worker", "postgres", "redis"}
    assert compose["services"]["worker"]["deploy"]["replicas"] >= 2


def test_each_setting_exists_and_together_they_are_accepted(
    compose: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {name for name in examples() if name.startswith("ANCRAGE_")} <= SETTINGS
    for one in ours(compose).values():
        assert set(one["environment"]) <= SETTINGS
        values = examples() | {
            name: re.sub(r"\$\{.*?\}", "secret", value)
            for name, value in one["environment"].items()
        }
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("ANCRAGE_SECRET_KEYS", "")
        with pytest.raises(Exception, match="set ANCRAGE_SECRET_KEYS"):
            load_settings(_env_file=None)
        monkeypatch.setenv("ANCRAGE_SECRET_KEYS", "A" * 43 + "=")
        settings = load_settings(_env_file=None)
        assert settings.queue_url.startswith("redis://")


def test_each_command_exists_with_its_options(compose: dict[str, Any]) -> None:
    for one in ours(compose).values():
        name, *options = one["command"]
        known = {flag for option in main.commands[name].params for flag in option.opts}
        assert {option for option in options if option.startswith("--")} <= known


def test_services_wait_for_services_that_exist_and_volumes_are_declared(
    compose: dict[str, Any],
) -> None:
    for one in compose["services"].values():
        assert set(one.get("depends_on", {})) <= set(compose["services"])
        assert {volume.partition(":")[0] for volume in one.get("volumes", [])} <= set(
            compose["volumes"]
        )


def test_tool_and_workers_share_the_folder_of_the_documents(compose: dict[str, Any]) -> None:
    assert len({str(one["volumes"]) for one in ours(compose).values()}) == 1


def test_a_worker_is_given_the_time_to_stop(compose: dict[str, Any]) -> None:
    from lti_tool.jobs.worker import Pace

    assert int(compose["services"]["worker"]["stop_grace_period"].removesuffix("s")) > Pace().grace


def test_the_image_ends_in_the_command_of_the_tool() -> None:
    lines = (FOLDER / "Dockerfile").read_text("utf-8").splitlines()
    assert 'ENTRYPOINT ["ancrage"]' in lines
    assert "USER ancrage" in lines


def test_the_example_of_settings_holds_no_secret() -> None:
    assert not examples()["ANCRAGE_SECRET_KEYS"]
    assert not examples()["POSTGRES_PASSWORD"]

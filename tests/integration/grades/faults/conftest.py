"""An installation that reads a course of the demonstration's Moodle through a server that can fail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.demo.moodle import DemoMoodle, running_moodle
from lti_tool.grades.rules import pace
from lti_tool.settings import Settings
from tests.certificates import DAY, Authority
from tests.conftest import BASE_URL, LOCAL
from tests.integration.grades.faults.installation import Installation
from tests.integration.grades.faults.proxy import Proxy, proxy_of
from tests.integration.grades.faults.table import EVERYWHERE, FAULTS, HALF_WAY, Fault


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """The private authority that the installation trusts."""
    return Authority(tmp_path)


@pytest.fixture
def settings(database_url: str, tmp_path: Path, authority: Authority) -> Settings:
    """Settings of an installation that trusts a private authority."""
    return Settings(
        environment="test",
        private_platforms=LOCAL,
        base_url=BASE_URL,
        data_dir=tmp_path / "data",
        database_url=database_url,
        secret_keys=(Fernet.generate_key().decode(),),
        log_level="ERROR",
        moodle_timeout=10,
        ca_file=authority.file,
        _env_file=None,
    )


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reading lets a site that suffers breathe; the sites of these tests need less of it."""
    monkeypatch.setattr(pace, "PAUSE", 0.005)


@pytest.fixture
def faults(engine_name: str) -> tuple[Fault, ...]:
    """Every fault; on the second engine, those after which a transaction could be half done."""
    return FAULTS if engine_name == "sqlite" else HALF_WAY


@pytest.fixture
def faults_everywhere(engine_name: str) -> tuple[Fault, ...]:
    """The faults that strike whatever is asked; one for the second engine."""
    return EVERYWHERE if engine_name == "sqlite" else EVERYWHERE[:1]


@pytest.fixture
def moodle() -> Iterator[DemoMoodle]:
    """The demonstration's Moodle, on a port of its own."""
    with running_moodle(tool_url=BASE_URL) as site:
        yield site


@pytest.fixture
def proxy(moodle: DemoMoodle, authority: Authority, tmp_path: Path) -> Iterator[Proxy]:
    """What stands between the tool and that Moodle, under the trusted authority."""
    with proxy_of(moodle.base_url, authority.server("127.0.0.1")) as standing:
        # Moodle's own idea of its address is the one by which it is asked.
        moodle.base_url = standing.url
        (tmp_path / "unknown").mkdir()
        standing.others = {
            "unknown": Authority(tmp_path / "unknown", "Inconnue").server("127.0.0.1"),
            "expired": authority.server("127.0.0.1", since=-2 * DAY, lasts=DAY),
        }
        yield standing


@pytest.fixture
def installation(
    client: FlaskClient,
    session: Session,
    sessions: sessionmaker[Session],
    settings: Settings,
    moodle: DemoMoodle,
    proxy: Proxy,
) -> Installation:
    """The installation, whose course was read once, well."""
    made = Installation.make(client, session, sessions, settings, moodle, proxy)
    made.sync()
    return made

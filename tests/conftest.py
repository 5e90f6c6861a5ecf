"""What every test may ask for: settings, a database on each engine, the application, a client.

``database_url`` runs a test once on SQLite and once on PostgreSQL. PostgreSQL comes from
``ANCRAGE_TEST_POSTGRES_URL``, else a private server is started from the system's binaries, else
a line at the end of the run says that it was left out. ``queue_url`` runs a test on each engine of
the background work; Redis comes from ``ANCRAGE_TEST_REDIS_URL``, else in the same way.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.app import create_app, create_runtime
from lti_tool.platforms.fetching import Policy, requesting
from lti_tool.platforms.service.origins import forget_origins
from lti_tool.settings import Settings
from lti_tool.store import create_database_engine
from lti_tool.store.migrate import upgrade
from lti_tool.store.registry import whole_metadata
from lti_tool.web.runtime import Runtime
from tests.names import names  # noqa: F401  # a fixture for all
from tests.postgres import PostgresServer, find_postgres
from tests.redis_server import RedisServer, find_redis
from tests.templates import KeptTemplates

BASE_URL = "http://tool.localhost"
LOCAL = ("127.0.0.0/8", "::1/128")
"""Where the platforms of the tests stand."""
NO_POSTGRES = "PostgreSQL: no ANCRAGE_TEST_POSTGRES_URL and no server binaries"

# Each test has an application of its own; what they all render is compiled once.
Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": KeptTemplates()}


def leave_out(what: str, reason: str) -> NoReturn:
    """Skip the test with a line at the end of the run; fail where ``what`` may not be left out."""
    if what in os.environ.get("ANCRAGE_TEST_REQUIRE", "").split(","):
        pytest.fail(f"{what} may not be left out here: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer | None]:
    """The PostgreSQL server of this run, or None where there is none."""
    server = find_postgres(os.environ.get("ANCRAGE_TEST_POSTGRES_URL", ""))
    if server is None:
        yield None
        return
    with server:
        yield server


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer | None]:
    """The Redis of this run, or None where there is none."""
    server = find_redis(os.environ.get("ANCRAGE_TEST_REDIS_URL", ""))
    if server is None:
        yield None
        return
    with server:
        yield server


@pytest.fixture(params=["sqlite", "redis", "postgresql"])
def queue_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of an engine of the background work, empty: each kind in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'queue.sqlite3'}"
    elif request.param == "redis":
        server = request.getfixturevalue("redis_server")
        if server is None:
            leave_out("redis", "Redis: no ANCRAGE_TEST_REDIS_URL and no redis-server")
        server.empty()
        yield server.url
    else:
        server = request.getfixturevalue("postgres_server")
        if server is None:
            leave_out("postgresql", NO_POSTGRES)
        with server.database() as url:
            yield url


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with every table, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "template.sqlite3"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_database(postgres_server: PostgresServer | None) -> Iterator[str | None]:
    """Address of a PostgreSQL database with every table, emptied after each test."""
    if postgres_server is None:
        yield None
        return
    with postgres_server.database() as url:
        _migrate(url)
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """Each engine in turn."""
    name: str = request.param
    if name == "postgresql" and request.getfixturevalue("postgres_server") is None:
        leave_out(name, NO_POSTGRES)
    return name


@pytest.fixture
def empty_database_url(
    engine_name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[str]:
    """Address of an empty database, once for each engine."""
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    with request.getfixturevalue("postgres_server").database() as url:
        yield url


@pytest.fixture
def database_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a migrated database without rows, once for each engine."""
    if engine_name == "sqlite":
        path = tmp_path / "test.sqlite3"
        shutil.copyfile(request.getfixturevalue("migrated_file"), path)
        yield f"sqlite:///{path}"
        return
    url = request.getfixturevalue("migrated_database")
    yield url
    request.getfixturevalue("postgres_server").empty(url, whole_metadata().tables)


def _migrate(url: str) -> None:
    engine = create_database_engine(url)
    upgrade(engine)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA journal_mode=DELETE")
            connection.exec_driver_sql("BEGIN")
    engine.dispose()


@pytest.fixture
def local_platforms(monkeypatch: pytest.MonkeyPatch) -> Policy:
    """Let platforms stand on this machine, for what asks them without a runtime."""
    policy = Policy.of(LOCAL, https_only=False)
    monkeypatch.setattr(requesting, "_configured", [policy])
    return policy


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of a test installation."""
    return Settings(
        environment="test",
        private_platforms=LOCAL,
        base_url=BASE_URL,
        data_dir=tmp_path / "data",
        database_url=database_url,
        secret_keys=(Fernet.generate_key().decode(),),
        log_level="ERROR",
        _env_file=None,
    )


@pytest.fixture
def parts(settings: Settings) -> Iterator[Runtime]:
    """The runtime of the application, without a worker."""
    # Kept by the address of the database, which tests on PostgreSQL share.
    forget_origins()
    runtime = create_runtime(settings)
    yield runtime
    runtime.engine.dispose()


@pytest.fixture
def engine(parts: Runtime) -> Engine:
    """The engine of the test's database."""
    return parts.engine


@pytest.fixture
def sessions(parts: Runtime) -> sessionmaker[Session]:
    """The factory of sessions of the test's database."""
    return parts.sessions


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """One session on the test's database."""
    with sessions() as opened:
        yield opened


@pytest.fixture
def app(settings: Settings, parts: Runtime) -> Flask:
    """The web application; its jobs wait in the ledger until a test runs them."""
    application = create_app(settings, parts)
    application.testing = True
    return application


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without session."""
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("ANCRAGE_") and not name.startswith("ANCRAGE_TEST_"):
            monkeypatch.delenv(name)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line what was left out and why."""
    reasons = sorted(
        {
            report.longrepr[2].removeprefix("Skipped: ")
            for report in terminalreporter.stats.get("skipped", [])
            if isinstance(report.longrepr, tuple)
        }
    )
    for reason in reasons:
        terminalreporter.write_line(f"left out: {reason}")

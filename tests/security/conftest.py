"""A registered platform and a browser in front of the tool, for every test of the door."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.app import create_app, create_runtime
from lti_tool.people.models import BrowserSession, Person
from lti_tool.platforms.models import Course, Registration
from lti_tool.settings import Settings
from lti_tool.web.runtime import Runtime
from tests.conftest import BASE_URL, leave_out
from tests.factories import make_site
from tests.security.forge import Door, public_jwk, publish, registration_of


@pytest.fixture
def engine_name(request: pytest.FixtureRequest) -> str:
    """SQLite: most refusals are decided before the database. ``BOTH_ENGINES`` asks for each."""
    name: str = getattr(request, "param", "sqlite")
    if name == "postgresql" and request.getfixturevalue("postgres_server") is None:
        leave_out(name, "PostgreSQL: no ANCRAGE_TEST_POSTGRES_URL and no server binaries")
    return name


@pytest.fixture(scope="session")
def standing_app(
    tmp_path_factory: pytest.TempPathFactory, migrated_file: Path
) -> Iterator[tuple[Flask, Runtime]]:
    """One application for all the launches that leave nothing behind: most tests of the door."""
    folder = tmp_path_factory.mktemp("door")
    shutil.copyfile(migrated_file, folder / "door.sqlite3")
    settings = Settings(
        environment="test",
        private_platforms=("127.0.0.0/8", "::1/128"),
        base_url=BASE_URL,
        data_dir=folder,
        database_url=f"sqlite:///{folder / 'door.sqlite3'}",
        secret_keys=(Fernet.generate_key().decode(),),
        log_level="ERROR",
        _env_file=None,
    )
    parts = create_runtime(settings)
    with parts.sessions() as session:
        publish(session, registration_of(session, make_site(session)), public_jwk())
        other = make_site(session, "http://autre.localhost:8082")
        publish(session, registration_of(session, other), public_jwk("autre", kid="cle-autre"))
    app = create_app(settings, parts)
    app.testing = True
    yield app, parts
    parts.engine.dispose()


@pytest.fixture
def standing_door(standing_app: tuple[Flask, Runtime]) -> Iterator[Door]:
    """A new browser in front of that application; nobody may ever get in."""
    app, parts = standing_app
    yield Door(app.test_client())
    with parts.sessions() as session:
        for table in (BrowserSession, Person, Course):
            assert session.scalar(select(func.count()).select_from(table)) == 0


@pytest.fixture
def registration(session: Session) -> Registration:
    """The registration of a site whose key the tool holds; client ``client-1``, deployment ``1``."""
    site = make_site(session)
    found = registration_of(session, site)
    publish(session, found, public_jwk())
    return found


@pytest.fixture
def door(client: FlaskClient, registration: Registration) -> Door:
    """One browser, and the platform that opens the tool in it."""
    return Door(client)

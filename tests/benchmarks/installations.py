"""Installations that last as long as a measure: settings, a migrated database, the application."""

from __future__ import annotations

import gc
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient

from lti_tool.app import create_app, create_runtime
from lti_tool.certification.service.publishing import publish_base_rule
from lti_tool.referential.seeding import seed_referential
from lti_tool.settings import Settings
from lti_tool.store.migrate import upgrade
from lti_tool.web.runtime import Runtime
from tests.benchmarks.size import Size
from tests.conftest import BASE_URL
from tests.postgres import find_postgres


@dataclass(frozen=True, slots=True)
class Installation:
    """The whole application over one database, without a worker."""

    engine_name: str
    app: Flask
    parts: Runtime

    @property
    def settings(self) -> Settings:
        """Its settings."""
        return self.parts.settings

    def browser(self) -> FlaskClient:
        """A browser without session, whose posts need no token of ours."""
        return self.app.test_client()


@contextmanager
def installation(url: str = "") -> Iterator[Installation]:
    """An installation with the referential and the base rules.

    Args:
        url: address of an empty database; empty: SQLite in a folder that is removed.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ancrage-bench-")))
        settings = Settings(
            environment="test",
            private_platforms=("127.0.0.0/8", "::1/128"),
            base_url=BASE_URL,
            data_dir=folder / "data",
            database_url=url or f"sqlite:///{folder / 'bench.sqlite3'}",
            secret_keys=(Fernet.generate_key().decode(),),
            issuer_address="Adresse fictive",
            signatory_name="Mariette Coordination-Fictive",
            log_level="ERROR",
            _env_file=None,
        )
        parts = create_runtime(settings)
        stack.callback(parts.engine.dispose)
        upgrade(parts.engine)
        with parts.sessions() as session:
            seed_referential(session)
            session.commit()
            publish_base_rule(session)
        app = create_app(settings, parts)
        app.config["WTF_CSRF_ENABLED"] = False
        # As the server does with what lasts as long as the process.
        gc.collect()
        gc.freeze()
        stack.callback(gc.unfreeze)
        yield Installation(parts.engine.dialect.name, app, parts)


@contextmanager
def postgresql() -> Iterator[str]:
    """Address of an empty PostgreSQL database; empty where there is no server."""
    server = find_postgres(os.environ.get("ANCRAGE_TEST_POSTGRES_URL", ""))
    if server is None:
        yield ""
        return
    with server, server.database() as url:
        yield url


@contextmanager
def each_engine(size: Size) -> Iterator[list[Installation]]:
    """One installation on SQLite, and one on PostgreSQL when asked for and where there is a server."""
    with ExitStack() as stack:
        found = [stack.enter_context(installation())]
        if size.postgresql and (url := stack.enter_context(postgresql())):
            found.append(stack.enter_context(installation(url)))
        yield found

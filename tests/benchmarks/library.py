"""PyLTI1p3's own Flask flow, as its documentation shows it, to measure ours beside.

``FlaskOIDCLogin`` and ``FlaskMessageLaunch`` with storage on the server and the platform's key set
given, so that it goes out for nothing. Three shapes, each doing more of what a launch of ours does:
alone, with what it keeps in a dictionary; with rows of session, person, account and course written
to an embedded database, as a tool built on it must add; and with what it keeps (state, nonce, launch
data) in that database too, as it must be when there are several processes.
"""

from __future__ import annotations

import json
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from flask import Flask, Response, redirect
from flask.testing import FlaskClient
from pylti1p3.contrib.flask import FlaskMessageLaunch, FlaskOIDCLogin, FlaskRequest
from pylti1p3.launch_data_storage.base import LaunchDataStorage
from pylti1p3.tool_config import ToolConfDict
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.lti.claims import CLAIM
from lti_tool.people.models import Account, BrowserSession, CourseRole, Person, SessionCourse
from lti_tool.platforms.models import Course, Site
from lti_tool.store import create_database_engine, create_session_factory, reading
from lti_tool.store.migrate import upgrade
from tests.factories import make_site
from tests.security.forge import public_jwk

CREATE = text("CREATE TABLE kept (key TEXT PRIMARY KEY, value TEXT)")
READ = text("SELECT value FROM kept WHERE key = :key")
WRITE = text(
    "INSERT INTO kept (key, value) VALUES (:key, :value)"
    " ON CONFLICT (key) DO UPDATE SET value = excluded.value"
)


class Shape(StrEnum):
    """How much the peer does."""

    ALONE = "PyLTI1p3 alone"
    ROWS = "PyLTI1p3 and the same rows"
    DATABASE = "PyLTI1p3, rows and state in the database"


class Memory(LaunchDataStorage[Any]):
    """What the library keeps on the server, in a dictionary that empties itself like a cache."""

    kept: dict[str, Any] = {}  # noqa: RUF012  # shared by the requests of one process
    LONGEST = 1_000

    def can_set_keys_expiration(self) -> bool:
        """Whether values end by themselves."""
        return True

    def get_value(self, key: str) -> Any:
        """Return what was kept."""
        return self.kept.get(self._prepare_key(key))

    def set_value(self, key: str, value: Any, exp: int | None = None) -> None:
        """Keep a value."""
        if len(self.kept) > self.LONGEST:
            self.kept.clear()
        self.kept[self._prepare_key(key)] = value

    def check_value(self, key: str) -> bool:
        """Whether something is kept."""
        return self._prepare_key(key) in self.kept


class Table(LaunchDataStorage[Any]):
    """The same in a table, in plain SQL: no mapping to pay for."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self._engine = engine

    def can_set_keys_expiration(self) -> bool:
        """Whether values end by themselves."""
        return True

    def get_value(self, key: str) -> Any:
        """Return what was kept."""
        with reading(self._engine).connect() as connection:
            kept = connection.execute(READ, {"key": self._prepare_key(key)}).scalar()
        return None if kept is None else json.loads(kept)

    def set_value(self, key: str, value: Any, exp: int | None = None) -> None:
        """Keep a value."""
        with self._engine.begin() as connection:
            row = {"key": self._prepare_key(key), "value": json.dumps(value)}
            connection.execute(WRITE, row)

    def check_value(self, key: str) -> bool:
        """Whether something is kept."""
        return self.get_value(key) is not None


@dataclass(frozen=True, slots=True)
class LibraryTool:
    """A tool made of the library's flow."""

    app: Flask

    def browser(self) -> FlaskClient:
        """A browser without cookies."""
        return self.app.test_client()


@contextmanager
def library_tool(shape: Shape) -> Iterator[LibraryTool]:
    """Return the library's flow in this shape."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="ancrage-bench-"))
        engine = create_database_engine(f"sqlite:///{Path(folder) / 'library.sqlite3'}")
        stack.callback(engine.dispose)
        upgrade(engine)
        with engine.begin() as connection:
            connection.execute(CREATE)
        sessions = create_session_factory(engine)
        with sessions() as session:
            make_site(session)
            session.commit()
        yield LibraryTool(_application(shape, sessions, engine))


def _application(shape: Shape, sessions: sessionmaker[Session], engine: Engine) -> Flask:
    app = Flask("library_tool")
    app.config.update(SECRET_KEY=secrets.token_hex(16), SESSION_COOKIE_SECURE=True)
    configuration = _configuration()

    def storage() -> LaunchDataStorage[Any]:
        return Table(engine) if shape is Shape.DATABASE else Memory()

    @app.post("/lti/login")
    def login() -> Response:
        asked = FlaskRequest()
        flow = FlaskOIDCLogin(asked, configuration, launch_data_storage=storage())
        answer: Response = flow.redirect(asked.get_param("target_link_uri"))
        return answer

    @app.post("/lti/launch")
    def launch() -> Any:
        message = FlaskMessageLaunch(FlaskRequest(), configuration, launch_data_storage=storage())
        claims = message.get_launch_data()
        if shape is not Shape.ALONE:
            with sessions() as session:
                _store(session, claims)
        return redirect("/cours/1/arrivee", 303)

    return app


def _configuration() -> ToolConfDict:
    issuer = "http://moodle.localhost:8081"
    return ToolConfDict(
        {
            issuer: [
                {
                    "default": True,
                    "client_id": "client-1",
                    "auth_login_url": f"{issuer}/mod/lti/auth.php",
                    "auth_token_url": f"{issuer}/mod/lti/token.php",
                    "key_set_url": None,
                    "key_set": {"keys": [public_jwk()]},
                    "deployment_ids": ["1"],
                }
            ]
        }
    )


def _store(session: Session, claims: dict[str, Any]) -> None:
    """Write what a launch teaches, as simply as it can be done."""
    now = clock.now()
    site = session.scalars(select(Site)).one()
    account = session.scalar(
        select(Account).where(Account.site_id == site.id, Account.subject == claims["sub"])
    )
    if account is None:
        person = Person(full_name=claims["name"], given_name="", created_at=now)
        account = Account(site_id=site.id, subject=claims["sub"], person=person, seen_at=now)
        session.add(account)
    account.full_name = account.person.full_name = claims["name"]
    account.seen_at = now
    context = claims[CLAIM + "context"]
    course = session.scalar(
        select(Course).where(Course.site_id == site.id, Course.moodle_id == int(context["id"]))
    )
    if course is None:
        course = Course(site_id=site.id, moodle_id=int(context["id"]), seen_at=now)
        session.add(course)
    course.shortname, course.fullname = context["label"], context["title"]
    session.flush()
    session.add(
        BrowserSession(
            token_hash=secrets.token_hex(32),
            person_id=account.person.id,
            created_at=now,
            expires_at=now + timedelta(hours=8),
            courses=[SessionCourse(course_id=course.id, role=CourseRole.LEARNER, launched_at=now)],
        )
    )
    session.commit()

"""The engine that wakes workers, chosen by the address of the queue: SQLite, Redis, PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey, crontab
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.errors import ConfigurationError
from lti_tool.jobs.runner import run_job, sweep
from lti_tool.jobs.schedule import ask_for_daily_tasks
from lti_tool.settings import Settings

NAME = "ancrage"


def create_huey(url: str) -> Huey:
    """Return the engine for ``sqlite:///path``, ``redis://…`` or ``postgresql://…``.

    Raises:
        ConfigurationError: another kind of address.
    """
    scheme = url.partition(":")[0]
    if scheme == "sqlite":
        path = Path(url.removeprefix("sqlite:///"))
        path.parent.mkdir(parents=True, exist_ok=True)
        return SqliteHuey(NAME, filename=str(path), results=False)
    if scheme in ("redis", "rediss", "unix"):
        return RedisHuey(NAME, url=url, results=False)
    if scheme in ("postgresql", "postgresql+psycopg"):
        return PostgresHuey(NAME, dsn=url.replace("+psycopg", "", 1), results=False)
    raise ConfigurationError(
        "ANCRAGE_QUEUE_URL must start with sqlite:///, redis:// or postgresql://"
    )


class Engine:
    """Rings workers, and runs as one.

    Args:
        sessions: factory of database sessions.
        settings: the settings of this process.
    """

    def __init__(self, sessions: sessionmaker[Session], settings: Settings) -> None:
        self._huey = create_huey(settings.engine_url)
        self._sessions = sessions
        run: Callable[[int], Any] = self._huey.task(name="run_job")(
            lambda job_id: run_job(sessions, settings, job_id)
        )
        self._run = run
        self._huey.periodic_task(crontab(minute="*"), name="sweep")(self.sweep)

    def ring(self, job_id: int) -> None:
        """Ask whichever worker is free to look at this job."""
        self._run(job_id)

    def sweep(self) -> None:
        """Ask for what is done every day; ring again what a dead worker left and what is due."""
        ask_for_daily_tasks(self._sessions)
        sweep(self._sessions, self.ring)

    def consume(self, workers: int = 2) -> None:
        """Work until told to stop (blocking); begins with a sweep."""
        self.sweep()
        self._huey.create_consumer(workers=workers, periodic=True, check_worker_health=True).run()

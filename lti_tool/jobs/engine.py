"""The bell that wakes workers, chosen by the address of the queue: SQLite, Redis or PostgreSQL.

It carries nothing: who hears it looks into the ledger. A bell that is lost, or that cannot be rung
because its server is down, delays a job and loses none, as workers look by themselves too.
"""

from __future__ import annotations

from pathlib import Path
from threading import Event, Lock
from time import monotonic
from urllib.parse import urlsplit

import structlog
from huey.storage import BaseStorage, PostgresStorage, RedisStorage, SqliteStorage
from redis import ConnectionPool
from redis.backoff import NoBackoff
from redis.retry import Retry

NAME = "ancrage"
POLL = 0.5
"""Seconds between two looks at a bell that cannot be waited for (SQLite)."""
WAIT = 1
"""Seconds that the others are waited for, so that a worker told to stop does soon."""
CONNECT = 3
"""Seconds given to a server to answer a connection: a person may be waiting for their page."""
SILENCE = 5.0
"""Seconds without another try once the bell could not be rung."""

log = structlog.get_logger(__name__)


class Bell:
    """Rings workers and is heard by one of them.

    Args:
        url: checked address: ``sqlite:///path``, ``redis://…``, ``rediss://…``, ``unix://…`` or
            ``postgresql://…``. Nothing is opened before it is needed.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._storage: BaseStorage | None = None
        self._opening = Lock()
        self._silent_until = 0.0

    def ring(self) -> None:
        """Wake whichever worker is free; a server that does not answer is noted in the log only."""
        if monotonic() < self._silent_until:
            return
        try:
            self._opened().enqueue(b"1")
        except Exception as error:  # noqa: BLE001  # drivers have no root in common; the job is safe
            self._silent_until = monotonic() + SILENCE
            log.warning("bell.not_rung", engine=self.kind, error=type(error).__name__)

    def heard(self, stop: Event) -> bool | None:
        """Wait a moment for the bell; return whether it rang, None when its server does not answer."""
        try:
            storage = self._opened()
            if storage.dequeue() is not None:
                return True
        except Exception as error:  # noqa: BLE001  # as above: the ledger is looked at instead
            log.warning("bell.not_heard", engine=self.kind, error=type(error).__name__)
            return None
        if not storage.blocking:
            stop.wait(POLL)
        return False

    def check(self) -> None:
        """Ask the server something.

        Raises:
            Exception: whatever the driver raises when the server does not answer.
        """
        self._opened().queue_size()

    def close(self) -> None:
        """Close the connections of this thread, and those that all of them share."""
        with self._opening:
            if self._storage is not None:
                self._storage.close()

    @property
    def kind(self) -> str:
        """``sqlite``, ``redis`` or ``postgresql``."""
        scheme = urlsplit(self._url).scheme.partition("+")[0]
        return scheme if scheme in ("sqlite", "postgresql") else "redis"

    def _opened(self) -> BaseStorage:
        with self._opening:
            if self._storage is None:
                self._storage = self._open()
            return self._storage

    def _open(self) -> BaseStorage:
        if self.kind == "sqlite":
            path = Path(self._url.removeprefix("sqlite:///"))
            path.parent.mkdir(parents=True, exist_ok=True)
            return SqliteStorage(NAME, filename=str(path))
        if self.kind == "redis":
            pool = ConnectionPool.from_url(
                self._url,
                socket_connect_timeout=CONNECT,
                socket_timeout=CONNECT + WAIT,
                # Once more, at once: the connection may date from before a restart of the server.
                retry=Retry(NoBackoff(), 1),
            )
            return RedisStorage(NAME, connection_pool=pool, read_timeout=WAIT)
        dsn = self._url.replace("+psycopg", "", 1)
        return PostgresStorage(NAME, dsn=dsn, read_timeout=WAIT, connect_timeout=CONNECT)

"""The engines that are killed: where the ledger and the bell are, and how to kill what holds them."""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.kills.postgres import MortalPostgres
from tests.postgres import private_postgres
from tests.redis_server import RedisServer, private_redis

NAMES = ("sqlite", "redis", "postgresql")


class NotHere(Exception):
    """The program of an engine is not installed."""


class Engine(ABC):
    """Addresses of the ledger and of the bell."""

    database_url: str
    queue_url: str

    @abstractmethod
    def kill(self, chance: random.Random) -> None:
        """Kill it and start it again."""


class Sqlite(Engine):
    """No process: the file of the bell is lost, with the bells in it."""

    def __init__(self, folder: Path) -> None:
        self._queue = folder / "queue.sqlite3"
        self.database_url = f"sqlite:///{folder / 'ledger.sqlite3'}"
        self.queue_url = f"sqlite:///{self._queue}"

    def kill(self, chance: random.Random) -> None:
        for end in ("", "-wal", "-shm"):
            Path(f"{self._queue}{end}").unlink(missing_ok=True)


class Redis(Engine):
    """A Redis that keeps nothing, beside a ledger in SQLite."""

    def __init__(self, server: RedisServer, folder: Path) -> None:
        self._server = server
        self.database_url = f"sqlite:///{folder / 'ledger.sqlite3'}"
        self.queue_url = server.url

    def kill(self, chance: random.Random) -> None:
        self._server.kill()
        self._server.start()


class Postgresql(Engine):
    """One PostgreSQL that holds the ledger and the bell."""

    def __init__(self, server: MortalPostgres, url: str) -> None:
        self._server = server
        self.database_url = self.queue_url = url

    def kill(self, chance: random.Random) -> None:
        self._server.kill()
        self._server.serve()


@contextmanager
def engine(name: str, folder: Path) -> Iterator[Engine]:
    """A running engine.

    Raises:
        NotHere: its program is not installed.
    """
    if name == "sqlite":
        yield Sqlite(folder)
    elif name == "redis":
        redis = private_redis()
        if redis is None:
            raise NotHere("Redis: no redis-server")
        with redis:
            yield Redis(redis, folder)
    else:
        postgres = private_postgres(MortalPostgres)
        if postgres is None:
            raise NotHere("PostgreSQL: no server binaries")
        with postgres, postgres.database() as url:
            yield Postgresql(postgres, url)

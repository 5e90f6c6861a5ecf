"""A PostgreSQL server for the suite: the one given, or a private one from the system's binaries."""

from __future__ import annotations

import getpass
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self, TypeVar

from sqlalchemy import NullPool, create_engine, make_url, text

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


class PostgresServer:
    """A server in which databases can be made; started and stopped when it is private."""

    def __init__(self, url: str, folder: Path | None = None, binaries: Path | None = None) -> None:
        self._url = make_url(url)
        self._folder = folder
        self._binaries = binaries
        self._user = "postgres" if os.geteuid() == 0 else getpass.getuser()

    def __enter__(self) -> Self:
        if self._folder is not None:
            self._start(self._folder)
        return self

    def __exit__(self, *_: object) -> None:
        if self._folder is not None:
            self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "stop")
            shutil.rmtree(self._folder, ignore_errors=True)

    @contextmanager
    def database(self) -> Iterator[str]:
        """Make an empty database, give its address, and drop it."""
        name = f"ancrage_test_{secrets.token_hex(6)}"
        # No connection is kept: the server may be killed meanwhile.
        admin = create_engine(self._url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        try:
            yield self._url.set(database=name).render_as_string(hide_password=False)
        finally:
            with admin.connect() as connection:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))

    def empty(self, url: str, tables: Iterable[str]) -> None:
        """Erase every row, whoever still holds a connection: hundreds of times quicker than a new database.

        The session's role turns off triggers and foreign keys, the journal's included.
        """
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            erase = "; ".join(f'DELETE FROM "{table}"' for table in tables)  # noqa: S608  # our tables
            connection.exec_driver_sql(f"SET session_replication_role = replica; {erase}")
        engine.dispose()

    def _start(self, folder: Path) -> None:
        data = folder / "data"
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root; its own account must reach the folder.
            account = pwd.getpwnam("postgres")
            os.chown(folder, account.pw_uid, account.pw_gid)
            for parent in [folder, *folder.parents]:
                if parent.stat().st_uid == 0 and parent.stat().st_mode & 0o001 == 0:
                    parent.chmod(parent.stat().st_mode | 0o011)
        self._run(
            "initdb", "-D", str(data), "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8"
        )
        options = f"-p {self._url.port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off -c synchronous_commit=off"
        self._run(
            "pg_ctl", "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "start"
        )

    def _run(self, command: str, *arguments: str) -> None:
        assert self._binaries is not None
        line = [str(self._binaries / command), *arguments]
        if os.geteuid() == 0:
            line = ["runuser", "-u", "postgres", "--", *line]
        subprocess.run(
            line, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/"
        )


def find_postgres(url: str) -> PostgresServer | None:
    """Return the server at ``url``, a private one, or None where there is neither."""
    return PostgresServer(url) if url else private_postgres(PostgresServer)


Server = TypeVar("Server", bound=PostgresServer)


def private_postgres(kind: type[Server]) -> Server | None:
    """Return a server of our own, None where its programs are not installed."""
    found = shutil.which("pg_ctl")
    binaries = BINARIES or ([Path(found).resolve().parent] if found else [])
    if not binaries:
        return None
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return kind(
        f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres",
        # Not below pytest's own folder: another run as the same user would close it to the server.
        Path(tempfile.mkdtemp(prefix="ancrage-postgres-")),
        binaries[0],
    )

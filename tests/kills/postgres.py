"""A PostgreSQL to kill: a child of this process, which keeps what was committed when it dies."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

import psycopg

from tests.postgres import PostgresServer


class MortalPostgres(PostgresServer):
    """A private server that can be killed and started again in a moment."""

    _process: subprocess.Popen[bytes]

    def __enter__(self) -> Self:
        super().__enter__()
        # What has just been made is stopped: the server that counts is our own child.
        self._run("pg_ctl", "-D", str(self._data), "-m", "fast", "-w", "stop")
        self.serve()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._folder is not None
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def serve(self) -> None:
        """Start it and wait until it answers."""
        assert self._binaries is not None
        account = "postgres" if os.geteuid() == 0 else None
        options = ["-D", str(self._data), "-p", str(self._url.port), "-k", str(self._folder)]
        options += ["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
        address = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        limit = time.monotonic() + 20
        while True:
            self._process = subprocess.Popen(
                [str(self._binaries / "postgres"), *options],
                user=account,
                group=account,
                cwd="/",
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            # It leaves at once while what its predecessor ran still holds the memory they share.
            while self._process.poll() is None:
                with suppress(psycopg.OperationalError), psycopg.connect(address):
                    return
                time.sleep(0.01)
            assert time.monotonic() < limit, "PostgreSQL does not start again"

    def kill(self) -> None:
        """Kill it, and all that it runs, as a machine that stops does."""
        postmaster = self._process.pid
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        for pid in (postmaster, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait()

    @property
    def _data(self) -> Path:
        assert self._folder is not None
        return self._folder / "data"

"""How many calls all workers together make to one site at once: leases on rows of the database."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event

from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.jobs import leases

LEASE = timedelta(minutes=3)
"""Longer than the longest wait for one answer: a dead worker's slot is free again after it."""
RENEWED_EVERY = 30.0
"""Seconds."""
ASKED_AGAIN = 0.5
"""Seconds between two looks for a free slot."""

Keep = Callable[[], None]


class SiteSlots:
    """Slots of one site, shared by every process.

    Args:
        sessions: factory of database sessions.
        site_id: Site.id.
        limit: calls at once.
        owner: begins the name of each holder; the token of a job frees them when its worker dies.
    """

    def __init__(
        self, sessions: sessionmaker[Session], site_id: int, limit: int, owner: str = ""
    ) -> None:
        self._sessions, self.limit, self._owner = sessions, limit, owner
        self._name = f"moodle.site.{site_id}"

    @contextmanager
    def hold(self, stop: Event) -> Iterator[Keep]:
        """Hold one slot, once there is one; gives what keeps it, to be called now and then.

        Args:
            stop: ends the wait; what it gives then holds nothing.
        """
        holder, renewed = self._owner + secrets.token_hex(8), 0.0

        def keep() -> None:
            nonlocal renewed
            if time.monotonic() - renewed > RENEWED_EVERY:
                self._acquire(holder)
                renewed = time.monotonic()

        while not stop.is_set() and not self._acquire(holder):
            stop.wait(ASKED_AGAIN)
        renewed = time.monotonic()
        try:
            yield keep
        finally:
            with self._sessions.begin() as session:
                leases.release(session, self._name, holder)

    def _acquire(self, holder: str) -> bool:
        with self._sessions.begin() as session:
            until = clock.now() + LEASE
            return leases.acquire(session, self._name, holder, until, self.limit)

"""Request limits counted in the memory of one process, without a thread for each request.

The storage of the ``limits`` package that does the same starts a timer thread at nearly each hit;
here what is over is dropped while counting.
"""

from __future__ import annotations

import time
from threading import Lock

from limits.storage import Storage

LONGEST = 10_000
"""Counters kept before those that are over are dropped."""


class ProcessStorage(Storage):
    """Fixed windows: a key, its count, and when the window ends."""

    STORAGE_SCHEME = ["process"]  # noqa: RUF012  # read as a list by the package

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **_options: str):
        super().__init__(uri, wrap_exceptions)
        self._counters: dict[str, tuple[int, float]] = {}
        self._lock = Lock()

    @property
    def base_exceptions(self) -> type[Exception]:
        """Nothing can fail here."""
        return ValueError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count ``amount`` in the window of ``key``, which begins now when it was over."""
        now = time.time()
        with self._lock:
            count, end = self._counters.get(key, (0, 0.0))
            if end <= now:
                count, end = 0, now + expiry
                self._drop(now)
            self._counters[key] = (count + amount, end)
            return count + amount

    def get(self, key: str) -> int:
        """Return what is counted in the present window."""
        count, end = self._counters.get(key, (0, 0.0))
        return count if end > time.time() else 0

    def get_expiry(self, key: str) -> float:
        """Return when the window ends; now, when there is none."""
        return max(self._counters.get(key, (0, 0.0))[1], time.time())

    def check(self) -> bool:
        """Memory always answers."""
        return True

    def reset(self) -> int:
        """Forget every counter; return how many there were."""
        with self._lock:
            found = len(self._counters)
            self._counters.clear()
            return found

    def clear(self, key: str) -> None:
        """Forget one counter."""
        with self._lock:
            self._counters.pop(key, None)

    def _drop(self, now: float) -> None:
        if len(self._counters) >= LONGEST:
            self._counters = {key: kept for key, kept in self._counters.items() if kept[1] > now}

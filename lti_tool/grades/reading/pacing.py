"""Makes calls at the pace that the site bears, from several threads at once.

The pace is decided in ``rules.pace``; here it meets the clock and the threads. What all workers
together may do is bounded by ``slots``.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from queue import Full, Queue
from threading import Condition, Event, Thread
from typing import TypeVar

from lti_tool.grades.reading.slots import Keep, SiteSlots
from lti_tool.grades.rules.pace import Pace
from moodle_client import MoodleError, MoodleTimeout, ServerFailure, TruncatedAnswer, Unreachable

T = TypeVar("T")
Put = Callable[[T], None]
Unit = Callable[[Put[T]], None]
"""Some work of a lane: hands over what it finds, as it finds it."""

TRIES = 3
"""Times that a small call is made before its failure is that of the reading."""
SUFFERING = (ServerFailure, MoodleTimeout, TruncatedAnswer, Unreachable)
"""What a site that is asked too much answers."""
QUEUED = 4
"""Batches that wait to be stored: readers wait for the one who stores, memory stays flat."""
LOOKED_AT_EVERY = 0.2
"""Seconds after which a thread that waits looks whether it is still wanted."""


class Throttle:
    """The pace of one reading of one site.

    Args:
        ceiling: calls at once, at most.
        slots: what bounds all workers together; None: this reading alone.
    """

    def __init__(self, ceiling: int, slots: SiteSlots | None = None) -> None:
        self._pace = Pace(ceiling)
        self._slots = slots
        self._running = 0
        self._resume_at = 0.0
        self._changed = Condition()
        self.stop = Event()

    @property
    def at_once(self) -> int:
        """Calls that may be made at once now."""
        return self._pace.at_once

    def once(self, call: Callable[[], T], learners: int = 1) -> T:
        """Make one call, and learn from how it went.

        Raises:
            MoodleError: its failure.
        """
        self._enter()
        start = time.monotonic()
        outcome: MoodleError | None = None
        good = False
        try:
            result = call()
            good = True
        except MoodleError as error:
            outcome = error
            raise
        finally:
            self._leave(time.monotonic() - start, learners, good, outcome)
        return result

    def patiently(self, call: Callable[[], T]) -> T:
        """Make one call, again when the site suffered, each time after a longer pause.

        Raises:
            MoodleError: the failure of the last try, or one that trying again does not mend.
        """
        for _again in range(TRIES - 1):
            try:
                return self.once(call)
            except SUFFERING:
                continue
        return self.once(call)

    def alone(self, call: Callable[[], T], learners: int) -> T:
        """Make one long call from this thread, in a slot of the site."""
        if self._slots is None:
            return self.once(call, learners)
        with self._slots.hold(self.stop):
            return self.once(call, learners)

    def lanes(self, units: Sequence[Unit[T]]) -> Iterator[T]:
        """Do some work in as many threads as the site bears; yield what they hand over.

        Raises:
            MoodleError: the first failure of a unit; what was yielded is sound.
        """
        waiting = deque(units)
        found: Queue[T | BaseException | None] = Queue(QUEUED)
        stop = self.stop = Event()
        lanes = min(self._pace.ceiling, len(waiting))
        threads = [
            Thread(target=self._lane, args=(waiting, found, stop), daemon=True)
            for _lane in range(lanes)
        ]
        for thread in threads:
            thread.start()
        try:
            while lanes:
                handed = found.get()
                if handed is None:
                    lanes -= 1
                elif isinstance(handed, BaseException):
                    raise handed
                else:
                    yield handed
            # Every lane ended: the calls that come after them wait for their turn as any other.
            self.stop = Event()
        finally:
            # Whoever still waits for an answer ends with it; nobody waits for them.
            stop.set()
            with self._changed:
                self._changed.notify_all()

    def _lane(
        self,
        waiting: deque[Unit[T]],
        found: Queue[T | BaseException | None],
        stop: Event,
    ) -> None:
        def put(handed: T | BaseException | None) -> None:
            while not stop.is_set():
                with suppress(Full):
                    found.put(handed, timeout=LOOKED_AT_EVERY)
                    return

        try:
            if self._slots is None:
                self._work(waiting, put, stop, lambda: None)
            else:
                with self._slots.hold(stop) as keep:
                    self._work(waiting, put, stop, keep)
        except BaseException as error:  # noqa: BLE001  # told to the thread that stores, which raises it
            put(error)
        finally:
            put(None)

    @staticmethod
    def _work(waiting: deque[Unit[T]], put: Put[T], stop: Event, keep: Keep) -> None:
        while not stop.is_set():
            try:
                unit = waiting.popleft()
            except IndexError:
                return
            keep()
            unit(put)

    def _enter(self) -> None:
        with self._changed:
            while not self.stop.is_set():
                pause = self._resume_at - time.monotonic()
                if pause <= 0 and self._running < self._pace.at_once:
                    break
                self._changed.wait(pause if pause > 0 else LOOKED_AT_EVERY)
            self._running += 1

    def _leave(self, seconds: float, learners: int, good: bool, error: MoodleError | None) -> None:
        with self._changed:
            self._running -= 1
            if good:
                self._pace = self._pace.answered(seconds / max(learners, 1))
            elif isinstance(error, SUFFERING):
                self._pace = self._pace.refused()
                self._resume_at = time.monotonic() + self._pace.pause(error.retry_after)
            self._changed.notify_all()

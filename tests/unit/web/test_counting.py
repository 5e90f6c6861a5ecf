"""Request limits counted in memory: windows, many addresses, and no thread."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import time_machine
from limits import parse
from limits.strategies import FixedWindowRateLimiter

from lti_tool.web.counting import LONGEST, ProcessStorage

START = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


def test_a_limit_holds_for_its_window_and_then_begins_again() -> None:
    limiter, limit = FixedWindowRateLimiter(ProcessStorage()), parse("2 per minute")
    with time_machine.travel(START, tick=False) as now:
        assert [limiter.hit(limit, "a") for _ in range(3)] == [True, True, False]
        assert limiter.hit(limit, "b")
        now.shift(timedelta(seconds=59))
        assert not limiter.hit(limit, "a")
        now.shift(timedelta(seconds=1))
        assert limiter.hit(limit, "a")


def test_counting_starts_no_thread() -> None:
    storage, before = ProcessStorage(), threading.active_count()
    for number in range(50):
        storage.incr(f"address {number}", 60)
    assert threading.active_count() == before


def test_counters_that_are_over_are_dropped() -> None:
    storage = ProcessStorage()
    with time_machine.travel(START, tick=False) as now:
        for number in range(LONGEST):
            storage.incr(f"address {number}", 60)
        now.shift(timedelta(minutes=2))
        storage.incr("another", 60)
        assert len(storage._counters) == 1
        assert (storage.get("another"), storage.get("address 1")) == (1, 0)


def test_a_counter_can_be_forgotten() -> None:
    storage = ProcessStorage()
    storage.incr("a", 60)
    storage.incr("b", 60)
    storage.clear("a")
    assert (storage.get("a"), storage.get("b"), storage.reset(), storage.get("b")) == (0, 1, 1, 0)
    assert storage.check()

"""At most so many hold a name at once, whoever comes together, and a dead holder's slot passes on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.jobs import leases
from lti_tool.jobs.models import Lease

NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def take(
    sessions: sessionmaker[Session], holder: str, *, at: datetime = NOW, limit: int = 1
) -> bool:
    """Take a slot of one name for a minute."""
    with clock.set_to(at), sessions.begin() as session:
        return leases.acquire(session, "site:1", holder, at + MINUTE, limit=limit)


def test_one_holds_a_name_until_it_lets_it_go(sessions: sessionmaker[Session]) -> None:
    assert take(sessions, "a")
    assert not take(sessions, "b")
    with sessions.begin() as session:
        leases.release(session, "site:1", "b")
    assert not take(sessions, "b"), "letting go of what one has not frees nothing"
    with sessions.begin() as session:
        leases.release(session, "site:1", "a")
    assert take(sessions, "b")


def test_who_holds_a_slot_keeps_it_and_takes_no_second_one(sessions: sessionmaker[Session]) -> None:
    assert take(sessions, "a", limit=2)
    assert take(sessions, "a", at=NOW + MINUTE / 2, limit=2)
    with sessions() as session:
        assert [one.until for one in session.scalars(select(Lease))] == [NOW + 1.5 * MINUTE]


def test_a_slot_whose_time_is_over_passes_on_and_is_not_renewed(
    sessions: sessionmaker[Session],
) -> None:
    assert take(sessions, "dead")
    late = NOW + MINUTE
    assert take(sessions, "b", at=late)
    with clock.set_to(late), sessions.begin() as session:
        assert not leases.renew(session, "site:1", "dead", late + MINUTE)
        assert leases.renew(session, "site:1", "b", late + MINUTE)
        assert [one.holder for one in leases.holders(session, "site:1")] == ["b"]


def test_names_do_not_meet(sessions: sessionmaker[Session]) -> None:
    assert take(sessions, "a")
    with sessions.begin() as session:
        assert leases.acquire(session, "site:2", "b", clock.now() + MINUTE)


def test_a_limit_that_shrinks_gives_no_slot_beyond_it(sessions: sessionmaker[Session]) -> None:
    assert [take(sessions, holder, limit=3) for holder in "abc"] == [True] * 3
    late = NOW + 2 * MINUTE
    assert [take(sessions, holder, at=late, limit=1) for holder in "de"] == [True, False]


def test_of_many_that_come_at_once_as_many_as_allowed_enter(
    sessions: sessionmaker[Session],
) -> None:
    for turn in range(4):
        # First with no row, then with rows whose time is over.
        at, start, entered = NOW + 2 * turn * MINUTE, Barrier(6), list[bool]()

        def come(holder: str, at: datetime = at, start: Barrier = start) -> None:
            start.wait()
            entered.append(take(sessions, holder, at=at, limit=2))  # noqa: B023  # joined below

        threads = [Thread(target=come, args=(f"{turn}-{number}",)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(entered) == [False] * 4 + [True] * 2

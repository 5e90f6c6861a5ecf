"""The turns of the tool's keys: published before signing, after signing, then wiped; by two at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock, journal
from lti_tool.platforms.errors import KeyAlreadyTurned
from lti_tool.platforms.key_turns import (
    PUBLISHED_AFTER,
    PUBLISHED_BEFORE,
    SIGNS_FOR,
    list_keys,
    revoke_keys,
    rotate_keys,
    tend_keys,
)
from lti_tool.platforms.keys import key_set, make_key, public_key, signing_key
from lti_tool.platforms.models import KeyState, ToolKey
from tests.factories import MOMENT

HOUR = timedelta(hours=1)


@contextmanager
def after(*spans: timedelta) -> Iterator[None]:
    """So long after the first key was made."""
    with clock.set_to(MOMENT + sum(spans, timedelta())):
        yield


@pytest.fixture
def first(session: Session) -> str:
    """The first key of an installation, which signs."""
    with after():
        kid = signing_key(session).kid
        session.commit()
    return kid


def states(session: Session) -> list[str]:
    """The states of all keys, newest first."""
    session.expire_all()
    return [str(key.state) for key in list_keys(session)]


def published(session: Session) -> list[str]:
    """The names of the keys that platforms can fetch, newest first."""
    return [jwk["kid"] for jwk in key_set(session)["keys"]]


def test_nothing_happens_to_a_young_key(session: Session, first: str) -> None:
    with after(SIGNS_FOR, -PUBLISHED_BEFORE, -HOUR):
        done = tend_keys(session)
    assert (done.made, done.activated, done.gone) == (None, None, ())
    assert published(session) == [first]


def test_the_next_key_is_published_a_week_before_it_signs(session: Session, first: str) -> None:
    with after(SIGNS_FOR, -PUBLISHED_BEFORE):
        made = tend_keys(session).made
    assert published(session) == [made, first]
    assert signing_key(session).kid == first


def test_a_whole_life_next_active_retired_gone(session: Session, first: str) -> None:
    with after(SIGNS_FOR, -PUBLISHED_BEFORE):
        second = tend_keys(session).made
    with after(SIGNS_FOR):
        assert tend_keys(session).activated == second
    assert signing_key(session).kid == second
    assert published(session) == [second, first]
    with after(SIGNS_FOR, PUBLISHED_AFTER, -HOUR):
        assert tend_keys(session).gone == ()
    with after(SIGNS_FOR, PUBLISHED_AFTER):
        assert tend_keys(session).gone == (first,)
    assert published(session) == [second]
    gone = session.scalars(select(ToolKey).where(ToolKey.kid == first)).one()
    assert gone.private_pem is None
    assert (gone.retired_at, gone.gone_at) == (
        MOMENT + SIGNS_FOR,
        MOMENT + SIGNS_FOR + PUBLISHED_AFTER,
    )
    actions = [entry.action for entry in journal.entries_about(session, "tool_key", gone.id)]
    assert actions == ["tool_key.retired", "tool_key.gone"]


def test_after_a_long_silence_a_key_is_published_first_and_signs_a_week_later(
    session: Session, first: str
) -> None:
    with after(SIGNS_FOR * 3):
        done = tend_keys(session)
        assert (done.made is not None, done.activated) == (True, None)
        assert tend_keys(session).made is None
    with after(SIGNS_FOR * 3, PUBLISHED_BEFORE):
        assert tend_keys(session).activated == done.made


def test_a_rotation_by_hand_takes_the_key_that_waits(session: Session, first: str) -> None:
    waiting = make_key(session, KeyState.NEXT).kid
    session.commit()
    assert rotate_keys(session, actor_id=None, replacing=first).kid == waiting
    assert states(session) == ["active", "retired"]


def test_a_rotation_by_hand_without_a_waiting_key_makes_one(session: Session, first: str) -> None:
    second = rotate_keys(session, actor_id=None, replacing=first).kid
    assert signing_key(session).kid == second
    assert published(session) == [second, first]


def test_the_second_of_two_presses_changes_nothing(session: Session, first: str) -> None:
    second = rotate_keys(session, actor_id=None, replacing=first).kid
    for turn in (rotate_keys, revoke_keys):
        with pytest.raises(KeyAlreadyTurned):
            turn(session, actor_id=None, replacing=first)
    assert published(session) == [second, first]


def test_two_rotations_at_once_make_one(
    session: Session, sessions: sessionmaker[Session], first: str
) -> None:
    start, refused = Barrier(2), []

    def turn() -> None:
        with sessions() as own:
            start.wait()
            try:
                rotate_keys(own, actor_id=None, replacing=first)
            except KeyAlreadyTurned:
                refused.append(1)

    threads = [Thread(target=turn) for _turn in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == [1]
    assert states(session) == ["active", "retired"]


def test_two_first_needs_at_once_make_one_key(
    session: Session, sessions: sessionmaker[Session]
) -> None:
    start, kids = Barrier(2), []

    def need() -> None:
        with sessions() as own:
            start.wait()
            kids.append(signing_key(own).kid)
            own.commit()

    threads = [Thread(target=need) for _turn in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(kids)) == 1
    assert session.scalar(select(func.count()).select_from(ToolKey)) == 1


def test_after_a_theft_every_former_key_is_wiped_and_unknown(
    session: Session, client: FlaskClient, first: str
) -> None:
    second = rotate_keys(session, actor_id=None, replacing=first).kid
    waiting = make_key(session, KeyState.NEXT).kid
    session.commit()
    third = revoke_keys(session, actor_id=None, replacing=second).kid
    assert states(session) == ["active", "gone", "gone", "gone"]
    assert published(session) == [third]
    left = session.execute(text("SELECT count(private_pem) FROM tool_key")).scalar_one()
    assert left == 1
    session.commit()
    for kid in (first, second, waiting):
        assert public_key(session, kid) is None
        assert client.get(f"/lti/keys/{kid}.jwk").status_code == 404
    assert client.get(f"/lti/keys/{third}.jwk").status_code == 200

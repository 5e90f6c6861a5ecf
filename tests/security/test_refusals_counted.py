"""Refused launches are counted by reason and day for the site they concern; nothing personal is kept."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import clock
from lti_tool.lti.models import LaunchRefusal
from lti_tool.lti.refusals import KEPT, count_refusal, refusals_since
from lti_tool.platforms.models import Registration
from tests.factories import MOMENT, make_site
from tests.security.forge import BOTH_ENGINES, Door, login_form, refused_with, registration_of

DAY = timedelta(days=1)


def counts(session: Session, site_id: int | None) -> dict[str, int]:
    """Reason → how many, of the last days."""
    session.rollback()
    found = refusals_since(session, clock.now() - DAY, site_id)
    session.rollback()
    return {one.reason: one.count for one in found}


@BOTH_ENGINES
def test_each_refused_launch_adds_one_to_its_reason(
    door: Door, session: Session, registration: Registration
) -> None:
    issued = int(clock.now().timestamp())
    for _time in range(2):
        late = door.launch({"iat": issued + 900, "exp": issued + 960})
        assert refused_with(late, "LTI-NOT-YET")
    door.launch({"aud": "another"})
    assert counts(session, registration.site_id) == {"LTI-NOT-YET": 2, "LTI-AUDIENCE": 1}
    assert counts(session, None) == {}


def test_an_accepted_launch_counts_nothing(door: Door, session: Session) -> None:
    assert door.launch().status_code == 303
    assert session.scalar(select(func.count()).select_from(LaunchRefusal)) == 0


def test_a_login_of_an_unknown_platform_belongs_to_no_site(
    door: Door, session: Session, registration: Registration
) -> None:
    door.client.post("/lti/login", data=login_form(iss="https://inconnu.example"))
    assert counts(session, None) == {"LTI-ISSUER-UNKNOWN": 1}
    assert counts(session, registration.site_id) == {}


def test_a_login_refused_by_us_belongs_to_the_registration_it_names(
    door: Door, session: Session, registration: Registration
) -> None:
    door.client.post("/lti/login", data=login_form(target_link_uri="https://ailleurs.example/"))
    assert counts(session, registration.site_id) == {"LTI-TARGET-LOGIN": 1}


def test_the_refusals_of_one_site_are_not_those_of_another(
    door: Door, session: Session, registration: Registration
) -> None:
    other = make_site(session, "http://autre.localhost:8082")
    session.commit()
    door.launch({"aud": "another"})
    assert counts(session, other.id) == {}


def test_nothing_of_the_person_is_kept(door: Door, session: Session) -> None:
    door.launch({"aud": "another", "name": "Awa Fictive"})
    row = session.scalars(select(LaunchRefusal)).one()
    kept = {column.name for column in LaunchRefusal.__table__.columns}
    assert kept == {"id", "registration_id", "reason", "day", "count", "last_at"}
    assert row.count == 1


@pytest.mark.parametrize("state", ["\0", "x" * 5000, ""])
def test_what_cannot_be_read_is_still_refused_and_counted_apart(
    door: Door, session: Session, state: str
) -> None:
    assert door.post(state, "eyJ").status_code == 400
    assert sum(counts(session, None).values()) == 1


def test_a_month_is_kept(session: Session) -> None:
    with clock.set_to(MOMENT):
        count_refusal(session, "LTI-NONCE", None)
    with clock.set_to(MOMENT + KEPT):
        count_refusal(session, "LTI-NONCE", None)
    assert session.scalar(select(func.count()).select_from(LaunchRefusal)) == 2
    with clock.set_to(MOMENT + KEPT + DAY):
        count_refusal(session, "LTI-NONCE", None)
    days = session.scalars(select(LaunchRefusal.day)).all()
    assert MOMENT.date() not in days


@BOTH_ENGINES
@pytest.mark.parametrize("known", [True, False])
def test_refusals_at_once_are_all_counted(
    session: Session, sessions: sessionmaker[Session], known: bool
) -> None:
    number = registration_of(session, make_site(session)).id if known else None
    session.commit()
    start = Barrier(4)

    def refuse() -> None:
        with sessions() as own:
            start.wait()
            count_refusal(own, "LTI-NONCE", number)

    threads = [Thread(target=refuse) for _refusal in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert session.scalars(select(LaunchRefusal.count)).all() == [4]


def test_an_answer_is_the_same_when_counting_is_impossible(door: Door, session: Session) -> None:
    session.connection().exec_driver_sql("DROP TABLE launch_refusal")
    session.commit()
    assert refused_with(door.launch({"aud": "another"}), "LTI-AUDIENCE")

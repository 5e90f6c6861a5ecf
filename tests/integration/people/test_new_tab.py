"""The session of a new tab: it goes no further, and lasts no longer, than the one it came from."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.people.models import CourseRole
from lti_tool.people.new_tab import TicketRefused, new_ticket, redeem_ticket
from lti_tool.people.sessions import create_session, load_viewer
from tests.factories import MOMENT, make_course, make_person, make_site

KEYS = ["clé-de-test"]
LIFETIME = timedelta(hours=8)


def test_opening_tab_after_tab_never_makes_a_role_last_longer(session: Session) -> None:
    course, person = make_course(session, make_site(session)), make_person(session)
    with clock.set_to(MOMENT):
        browser, _token = create_session(
            session, person.id, {course.id: CourseRole.TRAINER}, lifetime=LIFETIME
        )
    with clock.set_to(MOMENT + timedelta(hours=7)):
        tab = redeem_ticket(session, new_ticket(browser.id, KEYS), KEYS)
        opened = load_viewer(session, tab)
        assert opened is not None
        assert opened.courses == {course.id: "trainer"}
    with clock.set_to(MOMENT + timedelta(hours=7, minutes=59)):
        last = redeem_ticket(session, new_ticket(opened.session_id, KEYS), KEYS)
        assert load_viewer(session, last) is not None
    with clock.set_to(MOMENT + LIFETIME):
        assert load_viewer(session, tab) is None
        assert load_viewer(session, last) is None


def test_a_ticket_opens_one_tab(session: Session) -> None:
    browser, _token = create_session(session, make_person(session).id, {})
    ticket = new_ticket(browser.id, KEYS)
    redeem_ticket(session, ticket, KEYS)

    with pytest.raises(TicketRefused):
        redeem_ticket(session, ticket, KEYS)

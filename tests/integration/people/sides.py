"""One person at two accounts, each in its own browser, and the way from one to the other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.people.models import CourseRole, LinkCode
from lti_tool.platforms.models import Course, Site
from tests.factories import make_course, make_person, sign_in

PAGE = "/mes-donnees/relier"


@dataclass
class Side:
    """One account in its own browser."""

    client: FlaskClient
    person_id: int
    course: Course

    def post(self, path: str, **fields: str) -> Any:
        return self.client.post(f"{PAGE}/{path}", data=fields)


def side(app: Flask, session: Session, site: Site, name: str) -> Side:
    app.config["WTF_CSRF_ENABLED"] = False
    person, course = make_person(session, name, site), make_course(session, site)
    client = app.test_client()
    sign_in(client, session, person, {course.id: CourseRole.LEARNER})
    return Side(client, person.id, course)


def code_of(one: Side) -> str:
    found = re.search(r'id="link-code" value="([^"]+)"', one.post("code").text)
    assert found
    return found[1]


def link_id(session: Session) -> int:
    number = session.scalars(select(LinkCode.id)).one()
    session.rollback()
    return number


def link(first: Side, second: Side, session: Session) -> Any:
    """Walk the whole way; return the answer to the acceptance."""
    assert second.post("demande", code=code_of(first)).status_code == 303
    return first.post(f"{link_id(session)}/accepter")

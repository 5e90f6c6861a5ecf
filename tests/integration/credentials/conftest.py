"""One course, one holder, one certificate."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from lti_tool.credentials.models import Certificate
from lti_tool.people.models import Person
from lti_tool.platforms.models import Course
from lti_tool.referential.seeding import seed_referential
from tests.factories import make_course, make_partner, make_person, make_site
from tests.integration.issued import certify

NAME = "Aïssatou Fictive"


@pytest.fixture
def course(session: Session) -> Course:
    """A course of a site."""
    seed_referential(session)
    return make_course(session, make_site(session))


@pytest.fixture
def holder(session: Session) -> Person:
    """Whose certificate it is."""
    return make_person(session, NAME)


@pytest.fixture
def certificate(session: Session, course: Course, holder: Person) -> Certificate:
    """A certificate of the holder, under an association."""
    return certify(
        session,
        holder,
        course=course,
        partner=make_partner(session, "Association Discrète"),
        issued_on=date(2026, 3, 17),
    )

"""An association, its lead, a member whose skill is followed since the 15th of January 2026."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.anchoring.models import AnchoringCase, Wave
from lti_tool.anchoring.service.answers import ReportForm
from lti_tool.partners.models import Partner
from lti_tool.people.models import CourseRole, Person, Purpose, Role
from lti_tool.people.service import record_choices
from lti_tool.platforms.models import Course
from tests.factories import (
    affiliate,
    make_course,
    make_grant,
    make_partner,
    make_person,
    make_site,
    sign_in,
)
from tests.integration.issued import ISSUED_ON, follow, noon

IN_WAVE_3 = date(2026, 4, 20)
"""A day on which the wave of 3 months is open, for an award of the 15th of January 2026."""
AFTER_WAVE_3 = date(2026, 5, 16)
INTEGRATED = ReportForm(2, 2, 1, 0)


@dataclass(frozen=True)
class Association:
    """An association with its lead."""

    partner: Partner
    lead: Person

    @property
    def address(self) -> str:
        """The lead's page."""
        return f"/association/{self.partner.public_id}/ancrage"


@pytest.fixture
def course(session: Session) -> Course:
    """A course of a site."""
    made = make_course(session, make_site(session))
    session.commit()
    return made


@pytest.fixture
def association(session: Session) -> Association:
    """An association with its lead."""
    return make_association(session, "Association Fictive")


@pytest.fixture
def case(session: Session, association: Association) -> AnchoringCase:
    """The follow-up of a member who agreed to it and shares their level."""
    return make_member_case(session, association, "Awa Fictive")


def make_association(session: Session, name: str) -> Association:
    """An association with its lead."""
    partner = make_partner(session, name)
    lead = make_person(session, f"Référente {name}")
    make_grant(session, lead, Role.PARTNER_LEAD, partner)
    session.commit()
    return Association(partner, lead)


def make_member_case(
    session: Session,
    association: Association,
    name: str,
    *,
    shares: bool = True,
    follows: bool = True,
    issued_on: date = ISSUED_ON,
) -> AnchoringCase:
    """The follow-up of a member of the association."""
    person = make_person(session, name)
    affiliate(session, person, association.partner)
    with clock.set_to(noon(issued_on)):
        record_choices(
            session,
            person_id=person.id,
            given={Purpose.ANCHORING: follows, Purpose.SHARE_WITH_PARTNER: shares},
        )
    return follow(session, person, partner=association.partner, issued_on=issued_on)


def wave_of(case: AnchoringCase, months: int) -> Wave:
    """One wave of the case."""
    return next(wave for wave in case.waves if wave.months == months)


def launch(client: object, session: Session, person: Person, course: Course) -> None:
    """Open the course as a learner."""
    sign_in(client, session, person, {course.id: CourseRole.LEARNER})

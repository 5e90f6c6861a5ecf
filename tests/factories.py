"""Makes the rows that tests need, with the fewest words; every person is fictional."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.partners.models import Affiliation, AffiliationSource, Partner
from lti_tool.people.models import Account, BrowserSession, CourseRole, Grant, Person, Role
from lti_tool.people.sessions import create_session
from lti_tool.platforms.models import Course, Deployment, Registration, Site
from lti_tool.referential.models import CourseMapping, Domain

MOMENT = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
_numbers = count(1000)


def make_site(
    session: Session, base_url: str = "http://moodle.localhost:8081", **values: Any
) -> Site:
    """A Moodle site with one active registration and deployment (client ``client-1``, ``1``)."""
    site = Site(name="Moodle fictif", base_url=base_url, created_at=MOMENT, **values)
    session.add(site)
    session.flush()
    registration = Registration(
        site_id=site.id,
        issuer=base_url,
        client_id="client-1",
        auth_login_url=f"{base_url}/mod/lti/auth.php",
        token_url=f"{base_url}/mod/lti/token.php",
        jwks_url=f"{base_url}/mod/lti/certs.php",
        created_at=MOMENT,
    )
    session.add(registration)
    session.flush()
    session.add(Deployment(registration_id=registration.id, deployment_id="1", created_at=MOMENT))
    session.flush()
    return site


def make_course(
    session: Session, site: Site, moodle_id: int | None = None, **values: Any
) -> Course:
    """A course of the site."""
    moodle_id = moodle_id or next(_numbers)
    defaults = {
        "idnumber": f"COURS-{moodle_id}",
        "shortname": f"C{moodle_id}",
        "fullname": f"Cours fictif {moodle_id}",
    }
    course = Course(site_id=site.id, moodle_id=moodle_id, seen_at=MOMENT, **(defaults | values))
    session.add(course)
    session.flush()
    return course


def make_person(
    session: Session,
    name: str = "Awa Fictive",
    site: Site | None = None,
    subject: str | None = None,
) -> Person:
    """A person, with an account on ``site`` when one is given."""
    person = Person(full_name=name, given_name=name.split(maxsplit=1)[0], created_at=MOMENT)
    session.add(person)
    session.flush()
    if site is not None:
        session.add(
            Account(
                person_id=person.id,
                site_id=site.id,
                subject=subject or str(next(_numbers)),
                full_name=name,
                seen_at=MOMENT,
            )
        )
        session.flush()
    return person


def make_partner(session: Session, name: str = "Association Fictive") -> Partner:
    """A partner association."""
    partner = Partner(name=name, city="Dakar", country="SN", created_at=MOMENT)
    session.add(partner)
    session.flush()
    return partner


def affiliate(
    session: Session, person: Person, partner: Partner, since: date = date(2026, 1, 1)
) -> Affiliation:
    """Make a person belong to an association."""
    affiliation = Affiliation(
        person_id=person.id,
        partner_id=partner.id,
        since=since,
        source=AffiliationSource.COORDINATOR,
    )
    session.add(affiliation)
    session.flush()
    return affiliation


def make_grant(
    session: Session, person: Person, role: Role, partner: Partner | None = None
) -> Grant:
    """Give a role to a person."""
    grant = Grant(
        person_id=person.id,
        role=role,
        partner_id=partner.id if partner else None,
        granted_at=MOMENT,
    )
    session.add(grant)
    session.flush()
    return grant


def make_domain(session: Session, number: int = 4) -> Domain:
    """One domain of the referential, by its number."""
    found = session.scalar(select(Domain).where(Domain.number == number))
    if found is None:
        found = Domain(
            number=number,
            code=f"RMP-ADL-{number}",
            label_fr=f"Domaine fictif {number}",
            label_en=f"Fictional domain {number}",
        )
        session.add(found)
        session.flush()
    return found


def map_course(
    session: Session, course: Course, domain: Domain, valid_from: datetime = MOMENT
) -> CourseMapping:
    """Make a course count for a domain."""
    mapping = CourseMapping(course_id=course.id, domain_id=domain.id, valid_from=valid_from)
    session.add(mapping)
    session.flush()
    return mapping


def sign_in(
    client: Any, session: Session, person: Person, courses: dict[int, CourseRole] | None = None
) -> BrowserSession:
    """Give the test's browser a session of ``person``, launched into ``courses`` (Course.id → role)."""
    browser, token = create_session(session, person.id, courses or {})
    session.commit()
    with client.session_transaction() as cookie:
        cookie["sid"] = token
    return browser

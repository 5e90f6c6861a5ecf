"""The coordination's first page: what needs someone first, then figures that name nobody."""

from __future__ import annotations

import csv
import io

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lti_tool.people.models import Role
from lti_tool.reports.exports import REGISTER_COLUMNS
from lti_tool.reports.overview import overview
from tests.factories import make_grant, make_partner, make_person, sign_in
from tests.integration.certification.world import World
from tests.integration.issued import certify
from tests.reading import words_of


@pytest.fixture
def world(client: FlaskClient, session: Session) -> World:
    """A course, and a coordinator at the browser."""
    made = World.make(session)
    coordinator = make_person(session, "Mariette Coordination-Fictive")
    make_grant(session, coordinator, Role.COORDINATOR)
    session.commit()
    sign_in(client, session, coordinator)
    return made


def test_a_total_that_a_column_of_ours_spoils_is_an_alert_until_it_is_read_clean(
    client: FlaskClient, session: Session, world: World
) -> None:
    world.pull(warnings=["own_column_counts"])
    shown = words_of(client.get("/coordination"))
    assert "Total du cours inutilisable : Socle fictif" in shown.replace("\u00a0", " ")
    world.pull(error_code="MOODLE-TIMEOUT")
    assert "Total du cours inutilisable" in words_of(client.get("/coordination"))
    world.pull(warnings=["no_course_total"])
    assert "Total du cours inutilisable" not in words_of(client.get("/coordination"))


def test_a_failed_reading_is_an_alert_with_its_sentence_and_code(
    client: FlaskClient, session: Session, world: World
) -> None:
    world.pull(error_code="MOODLE-INVALID-TOKEN")
    shown = words_of(client.get("/coordination"))
    assert "Notes non lues" in shown
    assert "MOODLE-INVALID-TOKEN" in shown
    world.pull()
    assert "Notes non lues" not in words_of(client.get("/coordination"))


def test_a_site_without_a_token_or_with_findings_is_to_be_mended(
    session: Session, world: World
) -> None:
    assert [site.id for site in overview(session).sites_to_mend] == [world.site.id]


def test_domains_without_a_course_are_named(
    client: FlaskClient, session: Session, world: World
) -> None:
    found = overview(session)
    session.commit()
    assert world.domain not in found.unmapped_domains


def test_figures_count_people_and_certifications_apart(session: Session, world: World) -> None:
    partner = make_partner(session)
    certify(session, world.learner, domain=world.domain, partner=partner)
    found = overview(session)
    assert (found.awards, found.certified_people, found.partners) == (1, 1, 1)


def test_the_register_holds_numbers_and_states_and_no_name(
    client: FlaskClient, session: Session, world: World
) -> None:
    certificate = certify(session, world.learner, domain=world.domain)
    answer = client.get("/coordination/certifications.csv")
    rows = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert tuple(rows[0]) == REGISTER_COLUMNS
    assert rows[1][0] == certificate.number
    assert rows[1][1:3] == [world.domain.code, "issued"]
    assert "Awa" not in answer.text

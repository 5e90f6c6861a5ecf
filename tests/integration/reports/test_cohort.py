"""The partner lead's cohort: their own people and nobody else's, statuses and never marks."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.certification.service.evaluation import propose_in_course
from lti_tool.partners.models import Partner
from lti_tool.people.models import CourseRole, Person, Purpose, Role
from lti_tool.people.service.consents import record_choices
from lti_tool.reports.cohort import Standing, cohort_lines, counts
from tests.factories import affiliate, make_grant, make_partner, make_person, sign_in
from tests.integration.certification.world import World
from tests.integration.issued import certify
from tests.reading import words_of


@dataclass
class Space:
    """An association with its lead and one member who studies, and another association."""

    world: World
    mine: Partner
    other: Partner
    lead: Person
    stranger: Person


@pytest.fixture
def space(session: Session) -> Space:
    """Two associations in one course."""
    world = World.make(session)
    mine, other = (
        make_partner(session, "Association Une"),
        make_partner(session, "Association Deux"),
    )
    lead = make_person(session, "Odile Référente-Fictive")
    make_grant(session, lead, Role.PARTNER_LEAD, mine)
    affiliate(session, world.learner, mine)
    stranger = world.new_learner("Zineb Étrangère-Fictive")
    affiliate(session, stranger, other)
    world.grade(world.learner, "61.37")
    session.commit()
    return Space(world, mine, other, lead, stranger)


def page(client: FlaskClient, session: Session, space: Space, **asked: str) -> str:
    """The cohort page, as the lead reads it."""
    sign_in(client, session, space.lead)
    answer = client.get(f"/association/{space.mine.public_id}", query_string=asked)
    assert answer.status_code == 200
    return words_of(answer)


def test_a_lead_sees_their_own_people_and_nobody_elses(
    client: FlaskClient, session: Session, space: Space
) -> None:
    shown = page(client, session, space)
    assert "Awa Fictive" in shown
    assert "Zineb" not in shown


@pytest.mark.parametrize(
    "path", ["", "/cohorte.csv", "/ancrage", "?domaine=RMP-ADL-4", "/cohorte.csv?nom=Zineb"]
)
def test_n1_another_association_does_not_exist_by_page_export_or_chart(
    client: FlaskClient, session: Session, space: Space, path: str
) -> None:
    sign_in(client, session, space.lead)
    for target in (space.other.public_id, "nothing", str(space.other.id)):
        assert client.get(f"/association/{target}{path}").status_code == 404


@pytest.mark.parametrize("who", ["learner", "trainer", "coordinator", "former lead"])
def test_the_space_of_an_association_is_its_leads_alone(
    client: FlaskClient, session: Session, space: Space, who: str
) -> None:
    person = make_person(session, "Autre Fictif", space.world.site)
    role = CourseRole.TRAINER if who == "trainer" else CourseRole.LEARNER
    if who == "coordinator":
        make_grant(session, person, Role.COORDINATOR)
    if who == "former lead":
        make_grant(session, person, Role.PARTNER_LEAD, space.mine).revoked_at = clock.now()
    sign_in(client, session, person, {space.world.course.id: role})
    assert client.get(f"/association/{space.mine.public_id}").status_code == 404
    assert client.get(f"/association/{space.mine.public_id}/cohorte.csv").status_code == 404


def test_marks_are_nowhere_on_the_page_nor_in_the_export(
    client: FlaskClient, session: Session, space: Space
) -> None:
    shown = page(client, session, space)
    table = client.get(f"/association/{space.mine.public_id}/cohorte.csv").text
    for text in (shown, table):
        assert "61" not in text
        assert "37" not in text.replace("RMP-ADL", "")


def test_a_hidden_grade_gives_the_lead_nothing(session: Session, space: Space) -> None:
    member = space.world.new_learner("Nadia Cachée-Fictive")
    affiliate(session, member, space.mine)
    session.commit()
    seen = set()
    for final in ("90", "10"):
        space.world.grade(member, final, hidden=True)
        lines = [
            line for line in cohort_lines(session, space.mine.id) if line.person.id == member.id
        ]
        seen.add((lines[0].standing, lines[0].missing))
        session.commit()
    assert len(seen) == 1


def test_a_proposal_and_a_certification_show_as_standings(session: Session, space: Space) -> None:
    lines = cohort_lines(session, space.mine.id)
    assert counts(lines)[Standing.CERTIFIED] == 0
    certify(session, space.world.learner, domain=space.world.domain, partner=space.mine)
    lines = cohort_lines(session, space.mine.id)
    assert [line.standing for line in lines] == [Standing.CERTIFIED]
    assert lines[0].missing == ()
    session.commit()
    assert propose_in_course(session, space.world.course.id) == 0


def test_v14_a_second_association_sees_a_certification_only_if_its_holder_shares_it(
    session: Session, space: Space
) -> None:
    affiliate(session, space.world.learner, space.other)
    certify(session, space.world.learner, domain=space.world.domain, partner=space.mine)

    def certified(partner: Partner) -> int:
        found = counts(cohort_lines(session, partner.id))[Standing.CERTIFIED]
        session.commit()
        return found

    assert (certified(space.mine), certified(space.other)) == (1, 0)
    person = space.world.learner.id
    record_choices(session, person_id=person, given={Purpose.SHARE_WITH_PARTNER: True})
    assert (certified(space.mine), certified(space.other)) == (1, 1)
    record_choices(session, person_id=person, given={Purpose.SHARE_WITH_PARTNER: False})
    assert (certified(space.mine), certified(space.other)) == (1, 0)


def test_who_left_the_association_is_no_longer_shown(session: Session, space: Space) -> None:
    affiliation = affiliate(session, space.stranger, space.mine)
    assert {line.person.id for line in cohort_lines(session, space.mine.id)} == {
        space.world.learner.id,
        space.stranger.id,
    }
    affiliation.until = clock.now().date() - timedelta(days=1)
    session.commit()
    assert {line.person.id for line in cohort_lines(session, space.mine.id)} == {
        space.world.learner.id
    }


def test_filters_keep_what_is_asked_and_an_empty_list_says_so(
    client: FlaskClient, session: Session, space: Space
) -> None:
    assert "Awa Fictive" in page(client, session, space, nom="awa")
    assert "Aucune personne ne correspond" in page(client, session, space, nom="personne")
    assert "Aucune personne ne correspond" in page(client, session, space, statut="certified")
    assert "Awa Fictive" in page(client, session, space, statut="n'importe quoi", page="-3")


def test_a_name_that_a_spreadsheet_would_run_is_made_harmless(
    client: FlaskClient, session: Session, space: Space
) -> None:
    member = space.world.new_learner("=HYPERLINK(1)")
    affiliate(session, member, space.mine)
    session.commit()
    page(client, session, space)
    answer = client.get(f"/association/{space.mine.public_id}/cohorte.csv")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.data.startswith("\ufeff".encode())
    cells = [cell for row in csv.reader(io.StringIO(answer.text)) for cell in row]
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_the_number_of_queries_does_not_grow_with_the_members(
    session: Session, space: Space
) -> None:
    def queries() -> int:
        session.expire_all()
        asked: list[str] = []

        def note(_c: object, _cu: object, statement: str, *_: object) -> None:
            asked.append(statement)

        engine = session.get_bind()
        event.listen(engine, "before_cursor_execute", note)
        cohort_lines(session, space.mine.id)
        event.remove(engine, "before_cursor_execute", note)
        session.commit()
        return len(asked)

    few = queries()
    for number in range(12):
        member = space.world.new_learner(f"Membre Fictif {number}")
        affiliate(session, member, space.mine)
        space.world.grade(member, "70")
    session.commit()
    assert queries() <= few + 1

"""The coordination's pages about the mapping, through the browser's eyes; nobody else sees them."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.people.models import CourseRole, Person, Role
from lti_tool.platforms.models import Course
from lti_tool.referential.models import CourseMapping, MappingKind
from lti_tool.referential.proposing import open_proposals
from lti_tool.referential.seeding import seed_referential
from tests.factories import make_course, make_grant, make_partner, make_person, make_site, sign_in

BASE = "/coordination/cartographie"


@pytest.fixture
def course(session: Session) -> Course:
    """A course with a code, in a database that has the referential."""
    seed_referential(session)
    made = make_course(
        session,
        make_site(session),
        idnumber="RMP-ADL-04",
        shortname="ADL-04 <Données>",
        fullname="Recherche & données",
    )
    session.commit()
    return made


@pytest.fixture
def coordinator(client: FlaskClient, session: Session) -> Person:
    """A coordinator, signed in."""
    person = make_person(session, "Coordination Fictive")
    make_grant(session, person, Role.COORDINATOR)
    sign_in(client, session, person)
    return person


def lines(session: Session) -> list[CourseMapping]:
    """Every line of the mapping as the database has it now."""
    session.expire_all()
    found = list(session.scalars(select(CourseMapping).order_by(CourseMapping.id)))
    session.commit()  # an open transaction would keep the application waiting
    return found


def test_the_grid_names_the_holes_and_leads_to_the_suggestions(
    client: FlaskClient, course: Course, coordinator: Person
) -> None:
    page = client.get(BASE).text
    assert "Aucun domaine n’a encore de cours." in page
    assert "Domaines sans cours" in page
    assert "Cours sans domaine" in page
    assert "Théâtre et plaidoyer" in page
    assert f"{BASE}/suggestions" in page
    assert "Recherche &amp; données" in page


def test_the_grid_without_course_says_where_courses_come_from(
    client: FlaskClient, session: Session, coordinator: Person
) -> None:
    seed_referential(session)
    page = client.get(BASE).text
    assert "Aucun cours n’est encore connu" in page
    assert "/coordination/sites" in page


def test_a_suggestion_says_why_and_is_confirmed_with_that_reason(
    client: FlaskClient, session: Session, course: Course, coordinator: Person
) -> None:
    page = client.get(f"{BASE}/suggestions").text
    why = "parce que le numéro d’identification du cours est « RMP-ADL-04 »"
    assert why in page.replace("\u00a0", " ")
    (proposal,) = open_proposals(session)
    session.commit()
    answer = client.post(
        f"{BASE}/suggestions", data={"only": proposal.key, "kind": "choice"}, follow_redirects=True
    )
    assert "Une correspondance ajoutée." in answer.text
    assert "Il n’y a plus de suggestion à confirmer" in answer.text
    (line,) = lines(session)
    assert (line.kind, line.decided_by) == (MappingKind.CHOICE, coordinator.id)
    assert "RMP-ADL-04" in line.reason


def test_several_suggestions_are_confirmed_together(
    client: FlaskClient, session: Session, course: Course, coordinator: Person
) -> None:
    make_course(session, course.site, idnumber="RMP-ADL-03A", fullname="Santé")
    session.commit()
    keys = [one.key for one in open_proposals(session)]
    session.commit()
    answer = client.post(
        f"{BASE}/suggestions", data={"pick": keys, "kind": "required"}, follow_redirects=True
    )
    assert "2 correspondances ajoutées." in answer.text
    assert len(lines(session)) == 2


def test_confirming_nothing_says_so_and_maps_nothing(
    client: FlaskClient, session: Session, course: Course, coordinator: Person
) -> None:
    answer = client.post(f"{BASE}/suggestions", data={"kind": "required"}, follow_redirects=True)
    assert "Cochez au moins une suggestion" in answer.text
    assert lines(session) == []


def test_a_suggestion_that_is_gone_is_a_conflict_told_in_words(
    client: FlaskClient, session: Session, course: Course, coordinator: Person
) -> None:
    answer = client.post(f"{BASE}/suggestions", data={"only": "1:RMP-ADL-9:", "kind": "required"})
    assert answer.status_code == 409
    assert "REF-SUGGESTION" in answer.text
    assert lines(session) == []


def test_a_course_is_mapped_to_a_subtheme_by_hand_then_ended_with_a_reason(
    client: FlaskClient, session: Session, course: Course, coordinator: Person
) -> None:
    page = f"{BASE}/cours/{course.id}"
    answer = client.post(
        page,
        data={"target": "RMP-ADL-3:genre", "kind": "optional", "reason": "module 4"},
        follow_redirects=True,
    )
    assert "Ce cours compte pour un domaine." in answer.text
    assert "· Genre" in answer.text
    assert "module 4" in answer.text
    (line,) = lines(session)
    refused = client.post(f"{page}/lignes/{line.id}/terminer", data={"reason": ""})
    assert refused.status_code == 422
    assert "Un motif est nécessaire" in refused.text
    ended = client.post(
        f"{page}/lignes/{line.id}/terminer", data={"reason": "refait"}, follow_redirects=True
    )
    assert "Ce cours ne compte encore pour aucun domaine." in ended.text
    assert "refait" in ended.text
    assert "Coordination Fictive" in ended.text


def test_a_form_without_domain_keeps_what_was_written(
    client: FlaskClient, session: Session, course: Course, coordinator: Person
) -> None:
    answer = client.post(
        f"{BASE}/cours/{course.id}", data={"target": "", "kind": "choice", "reason": "écrit <ici>"}
    )
    assert answer.status_code == 422
    assert "Choisissez un domaine" in answer.text
    assert "écrit &lt;ici&gt;" in answer.text
    assert lines(session) == []


def test_a_kind_that_does_not_exist_is_refused(
    client: FlaskClient, session: Session, course: Course, coordinator: Person
) -> None:
    answer = client.post(
        f"{BASE}/cours/{course.id}", data={"target": "RMP-ADL-4", "kind": "obligatoire"}
    )
    assert answer.status_code == 422
    assert lines(session) == []


def test_a_line_is_not_ended_through_the_page_of_another_course(
    client: FlaskClient, session: Session, course: Course, coordinator: Person
) -> None:
    other = make_course(session, course.site)
    session.commit()
    wrong_page = f"{BASE}/cours/{other.id}"
    client.post(f"{BASE}/cours/{course.id}", data={"target": "RMP-ADL-4", "kind": "required"})
    (line,) = lines(session)
    answer = client.post(f"{wrong_page}/lignes/{line.id}/terminer", data={"reason": "x"})
    assert answer.status_code == 404
    assert lines(session)[0].valid_to is None


@pytest.mark.parametrize("who", ["nobody", "learner", "trainer", "lead", "researcher"])
def test_nobody_but_a_coordinator_sees_or_changes_the_mapping(
    client: FlaskClient, session: Session, course: Course, who: str
) -> None:
    person = make_person(session)
    courses = {}
    if who in ("learner", "trainer"):
        courses = {course.id: CourseRole(who)}
    if who == "lead":
        make_grant(session, person, Role.PARTNER_LEAD, make_partner(session))
    if who == "researcher":
        make_grant(session, person, Role.RESEARCHER)
    if who != "nobody":
        sign_in(client, session, person, courses)
    session.commit()
    expected = 401 if who == "nobody" else 404
    for address in (BASE, f"{BASE}/suggestions", f"{BASE}/cours/{course.id}"):
        assert client.get(address).status_code == expected
    form = {"target": "RMP-ADL-4", "kind": "required", "only": f"{course.id}:RMP-ADL-4:"}
    for address in (
        f"{BASE}/suggestions",
        f"{BASE}/cours/{course.id}",
        f"{BASE}/cours/{course.id}/lignes/1/terminer",
    ):
        assert client.post(address, data=form).status_code == expected
    assert lines(session) == []


def test_a_post_without_its_protection_changes_nothing(
    client: FlaskClient, session: Session, course: Course, coordinator: Person
) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = True
    form = {"target": "RMP-ADL-4", "kind": "required"}
    answer = client.post(f"{BASE}/cours/{course.id}", data=form)
    assert answer.status_code == 400
    assert lines(session) == []

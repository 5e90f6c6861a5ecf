"""Access codes and the grants screen, through a browser; whoever is not a coordinator finds nothing."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.people.models import CourseRole, Grant, Person, Role
from lti_tool.people.service import create_claim_link
from tests.factories import make_course, make_grant, make_partner, make_person, make_site, sign_in
from tests.reading import words_of

PAGES = ("/coordination/acces", "/coordination/acces?q=fictive")
POSTS = (
    "/coordination/acces",
    "/coordination/acces/1/retirer",
    "/coordination/acces/codes",
    "/coordination/acces/codes/1/annuler",
)


def signed_in_coordinator(client: FlaskClient, session: Session) -> Person:
    """A coordinator at the browser."""
    coordinator = make_person(session, "Zélie Fictive")
    make_grant(session, coordinator, Role.COORDINATOR)
    sign_in(client, session, coordinator)
    return coordinator


def test_nobody_but_a_coordinator_finds_the_grants_screen(
    client: FlaskClient, session: Session
) -> None:
    course = make_course(session, make_site(session))
    lead = make_person(session, "Référente Fictive")
    make_grant(session, lead, Role.PARTNER_LEAD, make_partner(session))
    researcher = make_person(session, "Chercheuse Fictive")
    make_grant(session, researcher, Role.RESEARCHER)
    for person, courses in (
        (make_person(session, "Apprenante Fictive"), {course.id: CourseRole.LEARNER}),
        (make_person(session, "Formateur Fictif"), {course.id: CourseRole.TRAINER}),
        (lead, {}),
        (researcher, {}),
    ):
        sign_in(client, session, person, courses)
        assert [client.get(path).status_code for path in PAGES] == [404, 404]
        assert [client.post(path).status_code for path in POSTS] == [404] * 4
    assert len(session.scalars(select(Grant)).all()) == 2


def test_a_coordinator_gives_a_role_to_a_person_found_by_name(
    client: FlaskClient, session: Session
) -> None:
    signed_in_coordinator(client, session)
    partner, lead = make_partner(session), make_person(session, "Ndèye Imaginaire")
    session.commit()
    found = words_of(client.get("/coordination/acces?q=ndeye"))
    assert "Ndèye Imaginaire" in found
    assert lead.public_id in found
    form = {"person": lead.public_id, "role": "partner_lead", "partner": partner.public_id}
    assert client.post("/coordination/acces", data=form).status_code == 303
    page = words_of(client.get("/coordination/acces"))
    assert "Accès donné à Ndèye Imaginaire" in page
    assert "Référent·e partenaire · Association Fictive" in page
    assert "par <bdi>Zélie Fictive</bdi>" in page


def test_a_role_without_its_association_is_explained_beside_the_field(
    client: FlaskClient, session: Session
) -> None:
    signed_in_coordinator(client, session)
    lead = make_person(session, "Ndèye Imaginaire")
    session.commit()
    for partner in ("", "unknown"):
        form = {"person": lead.public_id, "role": "partner_lead", "partner": partner, "q": "ndeye"}
        answer = client.post("/coordination/acces", data=form)
        assert answer.status_code == 422
        assert "va avec une association" in words_of(answer)
        assert "Ndèye Imaginaire" in words_of(answer)


def test_a_form_that_no_page_of_ours_sends_gives_nothing(
    client: FlaskClient, session: Session
) -> None:
    coordinator = signed_in_coordinator(client, session)
    for form, status in (
        ({"person": coordinator.public_id, "role": "administrator"}, 422),
        ({"person": "unknown", "role": "auditor"}, 404),
    ):
        assert client.post("/coordination/acces", data=form).status_code == status
    for form in ({"role": "auditor"}, {"role": "auditor", "days": "9999"}, {"days": "7"}):
        assert client.post("/coordination/acces/codes", data=form).status_code == 422


def test_a_role_is_withdrawn_with_a_reason(client: FlaskClient, session: Session) -> None:
    signed_in_coordinator(client, session)
    grant = make_grant(session, make_person(session, "Auditrice Fictive"), Role.AUDITOR)
    session.commit()
    path = f"/coordination/acces/{grant.id}/retirer"
    refused = client.post(path, data={"reason": " "})
    assert refused.status_code == 422
    assert "Un motif est nécessaire" in words_of(refused)
    assert client.post(path, data={"reason": "Mission terminée"}).status_code == 303
    assert "Auditrice Fictive" not in words_of(client.get("/coordination/acces"))
    assert client.post(path, data={"reason": "Encore"}).status_code == 409


def test_the_last_coordinator_cannot_leave_by_the_screen(
    client: FlaskClient, session: Session
) -> None:
    coordinator = signed_in_coordinator(client, session)
    grant = session.scalars(select(Grant).where(Grant.person_id == coordinator.id)).one()
    session.commit()
    answer = client.post(f"/coordination/acces/{grant.id}/retirer", data={"reason": "Départ"})
    assert answer.status_code == 409
    assert "PEO-LAST-COORDINATOR" in words_of(answer)


def test_a_code_is_shown_once_taken_by_a_person_and_used_up(
    client: FlaskClient, session: Session
) -> None:
    signed_in_coordinator(client, session)
    made = client.post("/coordination/acces/codes", data={"role": "coordinator", "days": "7"})
    assert made.headers["Cache-Control"] == "no-store"
    code = re.search(r'id="code" value="([0-9A-Z-]{29})"', made.text)
    assert code is not None
    listed = words_of(client.get("/coordination/acces"))
    assert code[1] not in listed
    assert "Annuler ce code" in listed

    taker = make_person(session, "Binta Fictive")
    sign_in(client, session, taker)
    assert client.get("/coordination/acces").status_code == 404
    assert client.post("/acces", data={"code": f" {code[1].lower()} "}).status_code == 303
    assert client.get("/coordination/acces").status_code == 200

    sign_in(client, session, make_person(session, "Curieuse Fictive"))
    again = client.post("/acces", data={"code": code[1]})
    assert again.status_code == 422
    assert "Ce code n’ouvre aucun accès" in words_of(again)


def test_a_code_is_withdrawn_from_the_screen(client: FlaskClient, session: Session) -> None:
    signed_in_coordinator(client, session)
    code = create_claim_link(session, actor_id=None, role=Role.AUDITOR)
    page = words_of(client.get("/coordination/acces"))
    path = re.search(r"/coordination/acces/codes/\d+/annuler", page)
    assert path is not None
    assert client.post(path[0]).status_code == 303
    assert client.post("/acces", data={"code": code}).status_code == 422


def test_codes_cannot_be_guessed_by_trying_many(client: FlaskClient, session: Session) -> None:
    sign_in(client, session, make_person(session))
    answers = [client.post("/acces", data={"code": f"ABCD-{n}"}).status_code for n in range(12)]
    assert answers[:2] == [422, 422]
    assert answers[-1] == 429


def test_names_are_shown_and_never_run(client: FlaskClient, session: Session) -> None:
    signed_in_coordinator(client, session)
    make_grant(session, make_person(session, "<script>alert(1)</script>"), Role.AUDITOR)
    session.commit()
    page = words_of(client.get("/coordination/acces?q=script"))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page

"""Its holder and their trainers download a certificate; the holder alone chooses the name shown."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lti_tool.certification.models import AwardState
from lti_tool.credentials.models import Certificate, NameShown
from lti_tool.people.models import CourseRole, Person, Purpose
from lti_tool.people.service import consent_given, record_choices
from lti_tool.platforms.models import Course
from lti_tool.settings import Settings
from tests.factories import make_course, make_domain, make_person, make_site, sign_in
from tests.integration.credentials.conftest import NAME
from tests.integration.issued import HIDDEN_MARK, certify


def address(certificate: Certificate, course: Course, end: str = ".pdf") -> str:
    """The address of the certificate in a course."""
    return f"/cours/{course.id}/certificats/{certificate.award.public_id}{end}"


@pytest.mark.parametrize(
    ("choice", "shown", "kept"),
    [("first_name", "Aïssatou", "Fictive"), ("full_name", NAME, "Discrète")],
)
def test_n5_the_holder_alone_chooses_the_name_that_is_shown(
    client: FlaskClient,
    session: Session,
    certificate: Certificate,
    course: Course,
    holder: Person,
    choice: str,
    shown: str,
    kept: str,
) -> None:
    sign_in(client, session, holder, {course.id: CourseRole.LEARNER})
    answer = client.post(address(certificate, course, "/nom"), data={"name_shown": choice})
    assert answer.status_code == 303
    assert consent_given(session, holder.id, Purpose.PUBLIC_PAGE) is True
    with client.session_transaction() as cookie:
        cookie.clear()
    page = client.get(f"/verifier/{certificate.code}").text
    assert shown in page
    assert kept not in page


def test_withdrawing_the_agreement_hides_every_name_and_a_new_choice_brings_back_only_its_own(
    client: FlaskClient, session: Session, certificate: Certificate, course: Course, holder: Person
) -> None:
    second = certify(session, holder, course=course, domain=make_domain(session, 5))
    sign_in(client, session, holder, {course.id: CourseRole.LEARNER})
    for one in (certificate, second):
        client.post(address(one, course, "/nom"), data={"name_shown": "full_name"})
    record_choices(session, person_id=holder.id, given={Purpose.PUBLIC_PAGE: False})
    with client.session_transaction() as cookie:
        kept = dict(cookie)
        cookie.clear()
    for one in (certificate, second):
        assert NAME not in client.get(f"/verifier/{one.code}").text
    with client.session_transaction() as cookie:
        cookie.update(kept)
    client.post(address(second, course, "/nom"), data={"name_shown": "first_name"})
    with client.session_transaction() as cookie:
        cookie.clear()
    assert "Aïssatou" in client.get(f"/verifier/{second.code}").text
    assert "Aïssatou" not in client.get(f"/verifier/{certificate.code}").text


@pytest.mark.parametrize("choice", ["", "everything"])
def test_a_choice_that_is_none_is_refused(
    client: FlaskClient,
    session: Session,
    certificate: Certificate,
    course: Course,
    holder: Person,
    choice: str,
) -> None:
    sign_in(client, session, holder, {course.id: CourseRole.LEARNER})
    answer = client.post(address(certificate, course, "/nom"), data={"name_shown": choice})
    assert answer.status_code == 422


@pytest.mark.parametrize("role", [CourseRole.LEARNER, CourseRole.TRAINER])
def test_n2_another_person_neither_downloads_nor_chooses(
    client: FlaskClient,
    session: Session,
    certificate: Certificate,
    course: Course,
    role: CourseRole,
) -> None:
    elsewhere = make_course(session, make_site(session, "http://autre.localhost"))
    sign_in(client, session, make_person(session, "Autre Fictif"), {elsewhere.id: role})
    assert client.get(address(certificate, elsewhere)).status_code == 404
    assert client.get(address(certificate, course)).status_code == 404
    chosen = client.post(address(certificate, elsewhere, "/nom"), data={"name_shown": "full_name"})
    assert chosen.status_code == 404
    session.refresh(certificate)
    assert certificate.name_shown == NameShown.HIDDEN


def test_n2_a_fellow_learner_of_the_course_does_not_download(
    client: FlaskClient, session: Session, certificate: Certificate, course: Course
) -> None:
    sign_in(client, session, make_person(session, "Voisin Fictif"), {course.id: CourseRole.LEARNER})
    assert client.get(address(certificate, course)).status_code == 404


def test_the_holder_downloads_from_any_of_their_courses(
    client: FlaskClient,
    session: Session,
    certificate: Certificate,
    course: Course,
    holder: Person,
    settings: Settings,
) -> None:
    other = make_course(session, session.get_one(type(course.site), course.site_id))
    sign_in(client, session, holder, {other.id: CourseRole.LEARNER})
    answers = [client.get(address(certificate, other)) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].data.startswith(b"%PDF-")
    assert answers[0].data == answers[1].data
    disposition = answers[0].headers["Content-Disposition"]
    assert disposition == f"attachment; filename={certificate.number}.pdf"
    assert answers[0].headers["Cache-Control"] == "private, no-store"
    assert len(list((settings.data_dir / "certificates").iterdir())) == 1


def test_a_trainer_of_the_award_s_course_downloads_and_does_not_choose_the_name(
    client: FlaskClient, session: Session, certificate: Certificate, course: Course
) -> None:
    sign_in(client, session, make_person(session, "Formatrice"), {course.id: CourseRole.TRAINER})
    assert client.get(address(certificate, course)).status_code == 200
    chosen = client.post(address(certificate, course, "/nom"), data={"name_shown": "full_name"})
    assert chosen.status_code == 404


def test_an_award_of_no_course_is_not_open_to_every_trainer(
    client: FlaskClient, session: Session, course: Course
) -> None:
    certificate = certify(session, make_person(session, "Sans Cours"), course=None)
    sign_in(client, session, make_person(session, "Formatrice"), {course.id: CourseRole.TRAINER})
    assert client.get(address(certificate, course)).status_code == 404


@pytest.mark.parametrize("state", [AwardState.SUSPENDED, AwardState.REVOKED])
def test_a_suspended_or_revoked_certificate_is_not_handed_out(
    client: FlaskClient,
    session: Session,
    certificate: Certificate,
    course: Course,
    holder: Person,
    state: AwardState,
) -> None:
    certificate.award.state = state
    sign_in(client, session, holder, {course.id: CourseRole.LEARNER})
    answer = client.get(address(certificate, course))
    assert answer.status_code == 409
    assert "CRED-STATE" in answer.text


def test_a_name_that_cannot_be_printed_gives_a_page_that_says_what_to_do(
    client: FlaskClient, session: Session, course: Course
) -> None:
    person = make_person(session, "ᚠᚢᚦ Fictive")
    certificate = certify(session, person, course=course)
    sign_in(client, session, person, {course.id: CourseRole.LEARNER})
    answer = client.get(address(certificate, course))
    assert answer.status_code == 422
    assert "DOC-GLYPH" in answer.text
    assert "ne savent pas dessiner" in answer.text


def test_my_data_hold_the_certificates_and_no_hidden_mark(
    client: FlaskClient, session: Session, certificate: Certificate, course: Course, holder: Person
) -> None:
    certify(session, make_person(session, "Autre Fictif"), course=course)
    sign_in(client, session, holder, {course.id: CourseRole.LEARNER})
    answer = client.get("/mes-donnees.json")
    data = answer.get_json()
    assert [one["number"] for one in data["certificates"]] == [certificate.number]
    assert [one["state"] for one in data["awards"]] == ["issued"]
    assert data["awards"][0]["association"] == "Association Discrète"
    assert data["evidence"] == []
    assert str(HIDDEN_MARK) not in answer.text


def test_n14_the_room_offers_no_way_to_delete_a_certificate(
    client: FlaskClient, certificate: Certificate, course: Course
) -> None:
    adapter = client.application.url_map.bind("tool.localhost")
    methods = {
        method
        for path in (f"/verifier/{certificate.code}", address(certificate, course))
        for method in adapter.allowed_methods(path)
    }
    assert methods == {"GET", "HEAD", "OPTIONS"}


def test_the_holder_keeps_their_certificate_when_their_last_course_is_closed_to_them(
    client: FlaskClient, session: Session, certificate: Certificate, course: Course, holder: Person
) -> None:
    sign_in(client, session, holder)
    own = f"/mes-donnees/certificats/{certificate.award.public_id}.pdf"

    page = client.get("/mes-donnees").text
    answer = client.get(own)

    assert f'href="{own}"' in page
    assert certificate.number in page
    assert answer.status_code == 200
    assert answer.data.startswith(b"%PDF")
    assert client.get(address(certificate, course)).status_code == 404


def test_one_s_own_pages_give_nobody_else_s_certificate(
    client: FlaskClient, session: Session, certificate: Certificate, course: Course
) -> None:
    sign_in(client, session, make_person(session, "Autre Fictive"), {course.id: CourseRole.TRAINER})

    own = f"/mes-donnees/certificats/{certificate.award.public_id}.pdf"

    assert client.get(own).status_code == 404
    assert certificate.number not in client.get("/mes-donnees").text


def test_a_revoked_certificate_is_told_and_not_handed_out(
    client: FlaskClient, session: Session, certificate: Certificate, holder: Person
) -> None:
    certificate.award.state = AwardState.REVOKED
    sign_in(client, session, holder)

    own = f"/mes-donnees/certificats/{certificate.award.public_id}.pdf"

    assert client.get(own).status_code == 409
    page = client.get("/mes-donnees").text
    assert certificate.number in page
    assert own not in page

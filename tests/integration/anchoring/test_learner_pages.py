"""The learner's follow-up through a browser: their own cases, the form, what was answered."""

from __future__ import annotations

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.anchoring.models import AnchoringCase, SelfReport, Wave
from lti_tool.anchoring.service.answers import confirm_wave
from lti_tool.people.models import CourseRole, Purpose
from lti_tool.people.service import record_choices
from lti_tool.platforms.models import Course
from tests.factories import make_person, sign_in
from tests.integration.anchoring.conftest import (
    AFTER_WAVE_3,
    IN_WAVE_3,
    Association,
    launch,
    make_member_case,
    wave_of,
)
from tests.integration.issued import follow, noon

ANSWERS = {
    "uses": "2",
    "distinct_actions": "2",
    "autonomy": "1",
    "transmission": "0",
    "obstacles": "Le temps a manqué.\r\nUne collègue m’a aidée.",
}


def address(course: Course, wave: Wave | None = None) -> str:
    """The learner's page, or that of one wave."""
    return f"/cours/{course.id}/ancrage" + (f"/{wave.public_id}" if wave else "")


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 3, 1), "du 1er avril 2026 au 15 mai 2026"),
        (IN_WAVE_3, "ouverte jusqu’au 15 mai 2026"),
        (AFTER_WAVE_3, "sans réponse"),
    ],
)
def test_each_wave_says_where_it_stands(
    client: FlaskClient,
    session: Session,
    course: Course,
    case: AnchoringCase,
    day: date,
    said: str,
) -> None:
    with clock.set_to(noon(day)):
        launch(client, session, case.person, course)
        assert said in " ".join(client.get(address(course)).text.split())


def test_a_person_without_certification_reads_what_will_appear(
    client: FlaskClient, session: Session, course: Course
) -> None:
    launch(client, session, make_person(session), course)
    assert "Aucun suivi n’est encore ouvert" in client.get(address(course)).text


def test_answering_a_wave_leads_back_to_one_s_level(
    client: FlaskClient, session: Session, association: Association, course: Course
) -> None:
    case = make_member_case(session, association, "Awa Fictive")
    wave = wave_of(case, 3)
    with clock.set_to(noon(IN_WAVE_3)):
        launch(client, session, case.person, course)
        form = client.get(address(course, wave)).text
        assert "depuis le 15 janvier 2026" in form
        answer = client.post(address(course, wave), data=ANSWERS)
        assert (answer.status_code, answer.location) == (303, address(course))
        page = client.get(address(course)).text
        own = client.get(address(course, wave)).text
    (kept,) = session.scalars(select(SelfReport))
    assert (kept.uses, kept.distinct_actions, kept.autonomy, kept.transmission) == (2, 2, 1, 0)
    assert kept.obstacles == "Le temps a manqué.\nUne collègue m’a aidée."
    for said in ("réponse reçue", "Essayé en situation réelle", "dit par une seule personne"):
        assert said in page
    assert "Votre niveau au fil des vagues" in page
    assert "Une collègue m’a aidée." in own
    assert "<form class" not in own.split("<main")[1]


def test_a_form_with_errors_keeps_the_other_answers(
    client: FlaskClient, session: Session, course: Course, case: AnchoringCase
) -> None:
    wave = wave_of(case, 3)
    with clock.set_to(noon(IN_WAVE_3)):
        launch(client, session, case.person, course)
        answer = client.post(
            address(course, wave), data={**ANSWERS, "uses": "", "distinct_actions": "deux"}
        )
    assert answer.status_code == 422
    assert 'href="#uses"' in answer.text
    assert 'href="#distinct_actions"' in answer.text
    assert "Le temps a manqué." in answer.text
    assert 'name="autonomy" value="1" checked' in answer.text
    assert session.scalars(select(SelfReport)).all() == []


def test_a_late_answer_says_that_it_is_not_counted(
    client: FlaskClient, session: Session, course: Course, case: AnchoringCase
) -> None:
    wave = wave_of(case, 3)
    with clock.set_to(noon(AFTER_WAVE_3)):
        launch(client, session, case.person, course)
        assert "ne sera pas comptée" in client.get(address(course, wave)).text
        client.post(address(course, wave), data=ANSWERS)
        page = client.get(address(course)).text
    assert "hors délai, non comptée" in page
    assert "n’est pas comptée" in page
    assert "Essayé en situation réelle" not in page.split("<main")[1].split("<svg")[0]


@pytest.mark.parametrize(
    ("day", "said"),
    [(date(2026, 3, 1), "à partir du 1er avril 2026"), (date(2026, 7, 1), "Cette vague est close")],
)
def test_a_wave_that_is_not_open_says_why_and_keeps_nothing(
    client: FlaskClient, session: Session, course: Course, case: AnchoringCase, day: date, said: str
) -> None:
    wave = wave_of(case, 3)
    with clock.set_to(noon(day)):
        launch(client, session, case.person, course)
        assert said in client.get(address(course, wave)).text
        answer = client.post(address(course, wave), data=ANSWERS)
    assert answer.status_code == 409
    assert session.scalars(select(SelfReport)).all() == []


def test_n17_a_refused_follow_up_is_explained_with_the_way_to_change_it(
    client: FlaskClient, session: Session, course: Course, association: Association
) -> None:
    case = make_member_case(session, association, "Binta Fictive", follows=False)
    wave = wave_of(case, 3)
    with clock.set_to(noon(IN_WAVE_3)):
        launch(client, session, case.person, course)
        pages = [
            client.get(address(course)),
            client.get(address(course, wave)),
            client.post(address(course, wave), data=ANSWERS),
        ]
    assert [page.status_code for page in pages] == [200, 200, 409]
    for page in pages:
        assert "Vous avez refusé le suivi de l’ancrage" in page.text
        assert "/mes-donnees#consentements" in page.text
    assert session.scalars(select(SelfReport)).all() == []


def test_n2_another_learner_s_wave_does_not_exist(
    client: FlaskClient, session: Session, course: Course, case: AnchoringCase
) -> None:
    wave = wave_of(case, 3)
    with clock.set_to(noon(IN_WAVE_3)):
        launch(client, session, make_person(session, "Voisine Fictive"), course)
        assert client.get(address(course, wave)).status_code == 404
        assert client.post(address(course, wave), data=ANSWERS).status_code == 404
        assert "RMP-ADL\N{NO-BREAK SPACE}4" not in client.get(address(course)).text
    assert session.scalars(select(SelfReport)).all() == []


def test_a_trainer_of_the_course_sees_no_follow_up(
    client: FlaskClient, session: Session, course: Course, case: AnchoringCase
) -> None:
    wave = wave_of(case, 3)
    sign_in(client, session, make_person(session), {course.id: CourseRole.TRAINER})
    assert client.get(address(course)).status_code == 404
    assert client.get(address(course, wave)).status_code == 404


def test_my_data_hold_my_answers_and_the_level_confirmed_once_i_have_answered(
    client: FlaskClient,
    session: Session,
    course: Course,
    association: Association,
    case: AnchoringCase,
) -> None:
    make_member_case(session, association, "Voisine Fictive")
    with clock.set_to(noon(IN_WAVE_3)):
        confirm_wave(
            session,
            wave_of(case, 3),
            lead_id=association.lead.id,
            level=2,
            comment="Vue en réunion",
        )
        launch(client, session, case.person, course)
        before = client.get("/mes-donnees.json").get_json()["anchoring"]
        client.post(address(course, wave_of(case, 3)), data=ANSWERS)
        answer = client.get("/mes-donnees.json")
    assert len(before) == 1
    assert before[0]["waves"][1]["confirmation"] is None
    wave = answer.get_json()["anchoring"][0]["waves"][1]
    assert wave["report"]["obstacles"].startswith("Le temps")
    assert (wave["confirmation"]["level"], wave["level"], wave["confidence"]) == (2, 2, "B")
    assert "Référente" not in answer.text


def test_a_person_never_asked_reads_that_answering_is_a_choice(
    client: FlaskClient, session: Session, course: Course, case: AnchoringCase
) -> None:
    with clock.set_to(noon(IN_WAVE_3)):
        launch(client, session, case.person, course)
        assert "Répondre est un choix" not in client.get(address(course)).text
        other = make_person(session, "Jamais Demandée")
        follow(session, other)
        launch(client, session, other, course)
        assert "Répondre est un choix" in client.get(address(course)).text
        record_choices(session, person_id=other.id, given={Purpose.ANCHORING: True})
        assert "Répondre est un choix" not in client.get(address(course)).text
